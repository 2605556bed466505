import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { absences } from '../../src/db/schema/organisation.ts';
import { taskKinds } from '../../src/renewal/task.ts';
import { explanationOf } from '../../src/reporting/explanation-of.ts';
import { addAuthorities } from '../cases/a-ladder-of-people.ts';
import { openHandoverBook, type HandoverBook } from '../support/given-handover.ts';
import { addLeave, addPerson } from '../support/given-work.ts';
import { stoppedVerdicts } from './case-table.ts';
import { dueAgain, withOneDayMore } from './due-table.ts';
import { otherVerdicts, otherWork } from './other-work-table.ts';
import { ask, check, leave, negotiate, puzzle, renewByMistake } from './other-work.ts';
import { assignmentVerdicts, workOfStages } from './people-table.ts';
import { agrees, countBy, decisionOf, type Entry } from './verdict.ts';

const tellsOfDecision = /^(task-given|task-moved|task-passed-on|message-expired)/;

let book: HandoverBook;
const decided: Entry[] = [];

beforeAll(async () => {
  book = await openHandoverBook();
  await addAuthorities(book);
  await addPerson(book.db, { id: 'B1', role: 'agent', teamId: 'T2' });
  await addPerson(book.db, { id: 'M2', role: 'channel-manager' });
  await keep(await check(book, 12));
  for (const turn of [1, 2, 3]) {
    // The leader, the second time: another supervisor of the branch decides.
    if (turn === 2) await addLeave(book.db, { staffId: 'S1', fromOn: '2027-03-01', toOn: '2027-03-03' });
    await keep(await leave(book, { agentId: `L${turn}`, to: 'A2' }));
    await book.db.delete(absences);
    await keep(await negotiate(book, `F${turn}`));
    await keep([await ask(book, turn === 1 ? 7 : 12), await renewByMistake(book), await puzzle(book)]);
  }
}, 300_000);
afterAll(() => book.close());

async function keep(chains: readonly string[]): Promise<void> {
  for (const chain of chains) {
    const rows = await book.db.select().from(journal).where(eq(journal.chain, chain)).orderBy(asc(journal.sequence));
    const entries = rows.map((row) => ({ ...row, explanation: explanationOf(row.inputs) }));
    const told = JSON.parse(JSON.stringify(entries)) as Entry[];
    decided.push(...told.filter(({ event }) => tellsOfDecision.test(event)));
  }
}

function verdictsOf({ explanation }: Entry) {
  if (!explanation) return [];
  const { step, touch } = explanation.inputs;
  if (step === 'giving') return assignmentVerdicts(explanation);
  return touch === undefined || step === 'correction' ? otherVerdicts(explanation) : stoppedVerdicts(explanation);
}

const own = (): Entry[] => decided.filter(({ explanation }) => explanation && explanation.rule in otherWork);

describe('Explanations of work that no stage gives', () => {
  test('lead a separate reading of the rules to the same decision, each of them', () => {
    const explained = decided.filter(({ event, explanation }) => explanation || !event.startsWith('message-'));
    expect(explained.filter((entry) => !agrees(decisionOf(entry), verdictsOf(entry))).slice(0, 2)).toEqual([]);
  });

  test('are of every rule by which such work is given, moved, passed on or withdrawn', () => {
    // oxlint-disable-next-line no-console -- how often each decision occurred belongs to what the test shows
    console.log(countBy(own(), (entry) => `${entry.event} ${entry.explanation?.rule}`));
    const ofRule = countBy(own(), (entry) => entry.explanation!.rule);
    expect(Object.keys(otherWork).filter((rule) => (ofRule[rule] ?? 0) < 3)).toEqual([]);
  });

  test('lead to another decision once what they rest on is otherwise', () => {
    const changed = own().map((entry) => {
      const seen = entry.explanation!;
      return { ...entry, explanation: { ...seen, inputs: { ...seen.inputs, ...otherWork[seen.rule] } } };
    });
    expect(changed.filter((entry) => agrees(decisionOf(entry), verdictsOf(entry)))).toEqual([]);
  });

  test('count every due time again to the minute, with those of the stages for every kind of task', () => {
    const given = decided.filter(({ event }) => event.startsWith('task-given:')).map((entry) => entry.explanation!);
    const due = given.map(({ inputs }) => Date.parse(String(inputs['dueAt'])));
    expect(given.map(dueAgain)).toEqual(due);
    expect(given.map(withOneDayMore).filter((seen, place) => dueAgain(seen) === due[place])).toEqual([]);
    const kinds = new Set([...workOfStages, ...given.map(({ inputs }) => String(inputs['kind']))]);
    expect([...kinds].toSorted()).toEqual([...taskKinds].toSorted());
  });

  test('are small, and hold no address and no name', () => {
    const sizes = own().map(({ inputs }) => JSON.stringify(inputs).length);
    expect(Math.max(...sizes)).toBeLessThan(1_300);
    expect(JSON.stringify(decided)).not.toMatch(/\+86|@|王|鲁|a rival/);
  });
});
