import { describe, expect, test } from 'vitest';
import { notInPlan } from '../../src/renewal/plan-change.ts';
import type { StageWork } from '../../src/renewal/stage-work.ts';
import {
  changeTasks,
  escalationsGivenBack,
  isGivenAgain,
  turnTasks,
  workGivenBack,
  type KnownTask,
} from '../../src/renewal/task-change.ts';
import { daysBeforeT } from '../support/given-plan.ts';

describe('What another plan does to the work of a stage', () => {
  const task = (facts: Partial<KnownTask> = {}): KnownTask => ({
    kind: 'firm-quote',
    occasion: 'intensive-chase',
    stage: 'intensive-chase',
    state: 'open',
    droppedReason: null,
    dueAt: daysBeforeT(18),
    isTaken: true,
    ...facts,
  });
  const work: StageWork = { kind: 'firm-quote', occasion: 'intensive-chase', dueAt: daysBeforeT(18) };
  const change = (known: readonly KnownTask[], wanted: readonly StageWork[]) =>
    changeTasks(known, { stage: 'intensive-chase', work: wanted }).map(({ kind, change: what }) => `${what} ${kind}`);

  test.each<[string, KnownTask[], StageWork[], string[]]>([
    ['that is the same stays', [task()], [work], []],
    ['is given', [], [work], ['added firm-quote']],
    ['has another deadline', [task({ dueAt: daysBeforeT(17) })], [work], ['moved firm-quote']],
    ['that the plan does not have goes', [task()], [], ['dropped firm-quote']],
    ['that is done stays done', [task({ state: 'completed' })], [work], []],
    ['that is done is not taken away', [task({ state: 'completed' })], [], []],
    [
      'that the plan left out is given again',
      [task({ state: 'dropped', droppedReason: notInPlan })],
      [work],
      ['added firm-quote'],
    ],
    ['that another case of the fleet has is left there', [task({ state: 'elsewhere' })], [work], []],
    [
      'of a stage before stays with its people',
      [task({ kind: 'file-check', stage: 'preparation' })],
      [work],
      ['added firm-quote'],
    ],
    ['that no plan brings stays', [task({ kind: 'coaching' })], [work], ['added firm-quote']],
  ])('a task %s', (_title, ...[known, wanted, expected]) => {
    expect(change(known, wanted)).toEqual(expected);
  });

  test('another stage takes away what only made sense before, and leaves what both ask for', () => {
    const known = [task(), task({ kind: 'file-check', stage: 'preparation', occasion: 'preparation' })];
    const offer: StageWork = { kind: 'last-offer', occasion: 'wrap-up', dueAt: daysBeforeT(3) };

    const changes = turnTasks(known, { from: 'intensive-chase', to: 'wrap-up', work: [offer] });

    expect(changes.map(({ kind, change: what }) => `${what} ${kind}`)).toEqual([
      'added last-offer',
      'dropped firm-quote',
    ]);
  });

  test.each([
    ['dropped', 'stage-ended:follow-up', true],
    ['dropped', notInPlan, true],
    ['dropped', 'result-corrected', true],
    ['dropped', 'renewed', false],
    ['dropped', null, false],
    ['completed', null, false],
  ])('a %s task (%s) is given again: %s', (state, droppedReason, expected) => {
    expect(isGivenAgain({ state, droppedReason })).toBe(expected);
  });
});

describe('What a stage to which a case returns gives back', () => {
  const gone = (facts: Partial<KnownTask>): KnownTask => ({
    kind: 'phone-attempt',
    occasion: '2',
    stage: 'intensive-chase',
    state: 'dropped',
    droppedReason: 'stage-ended:intensive-chase',
    dueAt: daysBeforeT(12),
    isTaken: true,
    ...facts,
  });
  const work: StageWork[] = [{ kind: 'phone-attempt', occasion: '1', dueAt: daysBeforeT(15) }];

  test.each<[string, Partial<KnownTask>, StageWork[], number]>([
    ['a later attempt', {}, work, 1],
    ['no later attempt where the plan has none', {}, [], 0],
    ['a second visit, whatever the plan has', { kind: 'second-visit', occasion: 'visit' }, [], 1],
    ['what its plan left out', { droppedReason: notInPlan }, work, 1],
    ['nothing of another stage', { droppedReason: 'stage-ended:wrap-up' }, work, 0],
    ['nothing that a plan left out of another stage', { droppedReason: notInPlan, stage: 'wrap-up' }, work, 0],
    ['nothing that a mistaken result had brought', { droppedReason: 'result-corrected' }, work, 0],
    ['nothing that somebody has', { state: 'open', droppedReason: null }, work, 0],
    ['nothing that is done', { state: 'completed', droppedReason: null }, work, 0],
    ['nothing twice', { occasion: '1' }, work, 0],
  ])('%s', (_title, ...[facts, wanted, count]) => {
    expect(workGivenBack([gone(facts)], { stage: 'intensive-chase', work: wanted })).toHaveLength(count);
  });

  const lost = gone({
    kind: 'coaching',
    occasion: 'follow-up',
    stage: 'follow-up',
    droppedReason: 'stage-ended:wrap-up',
  });
  const forward = { from: 'preparation', to: 'intensive-chase', resultCounted: false } as const;

  test.each<[string, KnownTask[], Parameters<typeof escalationsGivenBack>[1], number]>([
    ['an escalation out of a stage that it has behind it again', [lost], forward, 1],
    ['none out of a stage that has yet to end', [lost], { ...forward, to: 'follow-up' }, 0],
    ['none out of a stage whose result is there', [lost], { ...forward, from: 'follow-up', resultCounted: true }, 0],
    ['one out of a later stage than the one whose result is there', [lost], { ...forward, resultCounted: true }, 1],
    ['none on its way back', [lost], { ...forward, from: 'wrap-up', to: 'follow-up' }, 0],
    ['none to a case that opens', [lost], { ...forward, from: undefined }, 0],
    ['none beside one that somebody has', [lost, { ...lost, occasion: 'preparation', state: 'open' }], forward, 0],
    ['one of a kind', [lost, { ...lost, occasion: 'preparation', stage: 'preparation' }], forward, 1],
    ['none that a person had ended', [{ ...lost, droppedReason: 'renewed' }], forward, 0],
  ])('%s', (_title, ...[known, turn, count]) => {
    expect(escalationsGivenBack(known, turn)).toHaveLength(count);
  });
});
