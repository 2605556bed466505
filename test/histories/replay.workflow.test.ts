import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { aBuild, type Build, type Edit } from '../support/a-build.ts';
import { replay } from '../support/replay.ts';
import { workflowsPath } from '../support/running-cases.ts';
import { readHistories } from '../support/saved-histories.ts';
import { renewal as careless } from './a-changed-renewal.ts';
import { decisionsOf, otherRules } from './other-rules.ts';

const builds: Build[] = [];
afterAll(() => builds.forEach(({ remove }) => remove()));

function build(edits: readonly Edit[]): Build {
  const made = aBuild(edits);
  builds.push(made);
  return made;
}

/** Enough to see whether a change of the order is noticed. */
const someHistories = readHistories().filter((_, turn) => turn % 6 === 0);

const root = fileURLToPath(new URL('../..', import.meta.url));
const turnsTheStage = 'const turn = await turnStage(';

/** Another order of commands: a case pauses before each stage. */
const otherOrder: Edit = {
  file: 'workflows/renewal.ts',
  from: turnsTheStage,
  to: `await condition(() => false, 1);\n      ${turnsTheStage}`,
};
const guardedOrder: Edit = { ...otherOrder, to: `if (patched('a-pause')) ${otherOrder.to}` };

// A busy machine takes a tenth of a second for each history.
describe('saved histories', { timeout: 180_000 }, () => {
  test('all replay with the workflows as they are now', async () => {
    const { replayed, errors } = await replay(workflowsPath, readHistories());
    expect(errors).toEqual(new Map());
    expect(replayed).toBe(readHistories().length);
  });

  test('all replay after rules were edited, because a case follows what was answered to it', async () => {
    const edited = build(otherRules);
    const { replayed, errors } = await replay(edited.workflowsPath, readHistories());
    expect(errors).toEqual(new Map());
    expect(replayed).toBe(readHistories().length);
  });

  test('are not spared: each of these rules decides otherwise once it is edited', async () => {
    const [before, after] = [await decisionsOf(root), await decisionsOf(build(otherRules).folder)];
    const unchanged = Object.keys(before).filter(
      (rule) => JSON.stringify(before[rule]) === JSON.stringify(after[rule]),
    );
    expect(unchanged).toEqual([]);
  });

  test('do not replay once the order of commands is another, in any case that came so far', async () => {
    const { errors } = await replay(build([otherOrder]).workflowsPath, someHistories);
    const turned = someHistories.filter(({ history }) => JSON.stringify(history).includes('"turnStage"'));
    expect(turned.length).toBeGreaterThan(0);
    expect([...errors.keys()].toSorted()).toEqual(turned.map(({ workflowId }) => workflowId).toSorted());
    expect(new Set([...errors.values()].map(({ name }) => name))).toEqual(new Set(['DeterminismViolationError']));
  });

  test('all replay when patched() guards the other order', async () => {
    expect((await replay(build([guardedOrder]).workflowsPath, someHistories)).errors).toEqual(new Map());
  });

  test(`do not replay with a ${careless.name} that was changed carelessly`, async () => {
    const changed = fileURLToPath(new URL('./a-changed-renewal.ts', import.meta.url));
    const { errors } = await replay(changed, someHistories.slice(0, 1));
    expect([...errors.values()].map(({ name }) => name)).toEqual(['DeterminismViolationError']);
  });
});
