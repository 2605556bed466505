import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assignmentReasons } from '../../src/renewal/assignment.ts';
import { escalateOutOf } from '../../src/renewal/escalation.ts';
import { stages } from '../../src/renewal/stage-plan.ts';
import { decisionRules, ruleOf, sourceOf } from '../../src/renewal/decision-rules.ts';

const readSource = (path: string): string => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');

/** The codes that a file writes as reasons, as far as its text shows them; with the tables below they are all it has. */
function reasonsIn(path: string): string[] {
  const text = readSource(path);
  const named = [...text.matchAll(/(?:reason|because|rule|Cap)(?::|\s*=)\s*'([a-z-]+)'/g)].map(
    (found) => found[1] ?? '',
  );
  const dropped = [...text.matchAll(/drop\('[a-z]+', '([a-z-]+)'\)/g)].map((found) => found[1] ?? '');
  return [...named, ...dropped];
}

const deciding = [
  'messaging/restraint.ts',
  'renewal/assignment.ts',
  'db/cases/hold-records.ts',
  'db/messages/planned-messages.ts',
  'db/messages/reopened-messages.ts',
];

describe('The catalogue of rules', () => {
  test('says of every rule in which document it stands, in which section, and what it says', () => {
    const unclear = decisionRules.filter((rule) => !/^[\w .]+(\.md, [^:]+| \d{4}|plan): .{15,}/.test(sourceOf(rule)));
    expect(unclear).toEqual([]);
  });

  test('is in the documents, word for word and in its order', () => {
    const page = readFileSync(new URL('../../docs/why.md', import.meta.url), 'utf8');
    const [, table = ''] = page.split('## The rules');
    const rows = [...table.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, rule, source]) => `${rule}: ${source}`);
    expect(rows).toEqual(decisionRules.map((rule) => `${rule}: ${sourceOf(rule)}`));
  });

  test.each(deciding)('has every reason that %s writes', (path) => {
    const reasons = reasonsIn(path);
    expect(reasons.length).toBeGreaterThan(0);
    expect(reasons.filter((reason) => ruleOf(reason) === undefined)).toEqual([]);
  });

  test('has every reason for which a stage escalates, whoever takes over', () => {
    const unanswered = { handedOut: 'supervisor', notHandedOut: 'call-centre' } as const;
    const silent = { unanswered, resultCounted: false, mayBeCalled: true };
    const escalations = stages
      .slice(0, -1)
      .flatMap((stage) => [true, false].map((handedOut) => escalateOutOf(stage, { ...silent, handedOut })));
    const reasons = escalations.map((one) => (one.kind === 'none' ? 'none' : one.reason));
    expect(reasons).toHaveLength(6);
    expect(reasons.filter((reason) => ruleOf(reason) === undefined)).toEqual([]);
  });

  test('has every reason by which somebody gets a task', () => {
    expect(assignmentReasons.filter((reason) => ruleOf(reason) === undefined)).toEqual([]);
  });

  test('knows no rule of a code that it does not have', () => {
    expect(ruleOf('because-i-say-so')).toBeUndefined();
  });
});
