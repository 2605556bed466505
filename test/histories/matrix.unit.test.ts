import { describe, expect, test } from 'vitest';
import { lossReasons, type LossReason, type Outcome } from '../../src/renewal/loss.ts';
import * as workflows from '../../workflows/index.ts';
import { factsOf } from '../support/history-facts.ts';
import { fileNameOf, historyName, newestNames, readHistories } from '../support/saved-histories.ts';
import { declinedReasons } from '../workflows/stage-journeys.ts';
import { recordedNames } from './recordings.ts';

const newest = readHistories().filter(({ workflowId }) => newestNames().includes(workflowId));
const histories = newest.map(factsOf);
const cases = histories.filter(({ type }) => type === 'renewal');

const whenever = ['before', 'preparation', 'follow-up', 'intensive-chase', 'wrap-up', 'grace'] as const;
type When = (typeof whenever)[number];

/** When the bind clock has not opened yet. */
const early: readonly When[] = ['before', 'preparation', 'follow-up'];
/** What time alone brings comes when the grace is over. */
const byTime: readonly When[] = ['grace'];

function whenLostBy(reason: LossReason): readonly When[] {
  return declinedReasons.includes(reason) || reason === 'unreachable' ? whenever : byTime;
}

/** Every way in which a case can end, and when that is possible. */
const endings: readonly { outcome: Outcome; when: readonly When[] }[] = [
  { outcome: { kind: 'renewed', early: false }, when: whenever },
  { outcome: { kind: 'renewed', early: true }, when: early },
  ...lossReasons.map((reason) => ({
    outcome: { kind: 'lost', reason, renewable: true } as const,
    when: whenLostBy(reason),
  })),
  { outcome: { kind: 'lost', reason: 'sold-or-scrapped', renewable: false }, when: whenever },
  { outcome: { kind: 'orphan-handed-off', channel: 'cross-sales' }, when: whenever },
];

const stages = ['preparation', 'follow-up', 'intensive-chase', 'wrap-up'] as const;

/** Why a case asks for a stage, and in which one it can stand then. */
const turns: readonly { why: string; from: readonly string[] }[] = [
  { why: 'entered', from: ['before'] },
  { why: 'calendar', from: ['before', 'preparation', 'follow-up', 'intensive-chase'] },
  { why: 'reopened', from: ['before', ...stages] },
  { why: 'corrected', from: ['before', ...stages] },
  { why: 'hold-ended', from: ['before', ...stages] },
  { why: 'expiry-corrected', from: stages },
  { why: 'replanned', from: stages },
];

describe('the saved histories of the newest version', () => {
  test('are those of the recorded journeys, each of them and no other', () => {
    expect(newestNames().toSorted()).toEqual(recordedNames.map(historyName).toSorted());
  });

  test('have a name each', () => {
    expect(new Set(recordedNames.map(fileNameOf)).size).toBe(recordedNames.length);
  });

  test.each(endings)('show a case that ends as $outcome whenever that is possible', ({ outcome, when }) => {
    const found = cases.filter((one) => JSON.stringify(one.outcome) === JSON.stringify(outcome));
    expect(new Set(found.map(({ stage }) => stage))).toEqual(new Set(when));
  });

  test('show no ending that the table does not know', () => {
    const known = new Set(endings.map(({ outcome }) => JSON.stringify(outcome)));
    const strange = cases.filter(({ outcome }) => outcome && !known.has(JSON.stringify(outcome)));
    expect(strange.map(({ name }) => name)).toEqual([]);
  });

  test.each(turns)('show a case that asks for a stage because of $why from wherever it can stand', ({ why, from }) => {
    const found = cases.flatMap((one) => one.turns.filter((turn) => turn.why === why));
    expect(new Set(found.map((turn) => turn.from))).toEqual(new Set(from));
  });

  test('show no reason for a stage that the table does not know', () => {
    const asked = new Set(cases.flatMap((one) => one.turns.map(({ why }) => why)));
    expect(asked).toEqual(new Set(turns.map(({ why }) => why)));
  });

  test('show cases that go on in a new run, and how they end there', () => {
    expect(cases.filter(({ goesOnInNewRun }) => goesOnInNewRun).length).toBeGreaterThan(0);
    expect(cases.filter(({ name }) => name.includes('in-runs-the-last')).map(({ outcome }) => outcome)).not.toContain(
      undefined,
    );
  });

  test('show every type of workflow', () => {
    expect(new Set(histories.map(({ type }) => type))).toEqual(new Set(Object.keys(workflows)));
  });
});
