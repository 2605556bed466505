import { describe, expect, test } from 'vitest';
import type { StageTurn } from '../../src/renewal/case-answers.ts';
import * as after from '../../src/renewal/case-progress.ts';
import { isWritten, takeResult, type CaseFacts, type CaseState } from '../../src/renewal/case-state.ts';
import { aCase, aResult } from '../support/given-case.ts';
import { daysBeforeT } from '../support/given-plan.ts';

const inTheBooks: CaseFacts = {
  stage: 'follow-up',
  resultCounted: false,
  confirmed: false,
  attempts: 1,
  minimumAttempts: 3,
  refusedContact: false,
  owned: true,
  escalated: false,
};

type Opened = StageTurn & { kind: 'opened' };

const turned = (more: Partial<Opened> = {}): Opened => ({
  stamp: '1.0.1',
  planVersion: 1,
  kind: 'opened',
  stage: 'follow-up',
  escalated: false,
  kept: true,
  resumed: inTheBooks,
  ...more,
});

const turning = (facts: Partial<CaseState>): CaseState =>
  after.beforeStageTurn(aCase({ detour: 'corrected', ...facts }));

describe('a corrected case', () => {
  test('believes what the books say in the place of what it believed', () => {
    const believed = {
      resultCounted: true,
      confirmed: true,
      attempts: 4,
      refusedContact: true,
      callBackAt: daysBeforeT(39),
      secondRound: { reason: 'price', dueAt: daysBeforeT(37) },
    } as const;
    const state = after.afterStageTurn(turning(believed), true, turned());
    expect(state).toMatchObject({ resultCounted: false, confirmed: false, attempts: 1, refusedContact: false });
    expect(state.callBackAt).toBeUndefined();
    expect(state.secondRound).toBeUndefined();
  });

  test('keeps a second round that the books still know', () => {
    const secondRound = { reason: 'price', dueAt: daysBeforeT(37) } as const;
    const state = after.afterStageTurn(
      turning({ secondRound }),
      false,
      turned({ resumed: { ...inTheBooks, secondRound } }),
    );
    expect(state.secondRound).toEqual(secondRound);
  });

  test('keeps what it heard while the books were asked, each thing once', () => {
    const underWay = takeResult(turning({ attempts: 9 }), aResult('not-reached', { stage: 'follow-up' }));
    expect(after.afterStageTurn(underWay, false, turned()).attempts).toBe(2);
  });

  test('keeps what it heard before and the books name as unsettled', () => {
    const heard = takeResult(aCase(), aResult('declined', { resultId: 'R', stage: 'follow-up', lossReason: 'price' }));
    const underWay = turning({ ...heard, detour: 'corrected' });
    const state = after.afterStageTurn(underWay, false, turned({ unsettled: ['R', 'never-heard'] }));
    expect(state.secondRound).toMatchObject({ reason: 'price', resultId: 'R' });
    expect(state.resultCounted).toBe(true);
  });

  test('takes nothing twice that the books have settled', () => {
    const heard = takeResult(aCase(), aResult('not-reached', { resultId: 'R', stage: 'follow-up' }));
    expect(after.afterStageTurn(turning({ ...heard, detour: 'corrected' }), false, turned()).attempts).toBe(1);
  });

  test('has nobody wait for it before its stage stands in the books', () => {
    expect(isWritten(aCase({ detour: 'corrected' }))).toBe(false);
    expect(isWritten(turning({}))).toBe(false);
    expect(isWritten(after.afterStageTurn(turning({}), false, turned()))).toBe(true);
  });
});

describe('a reopened case', () => {
  test('is written once the stage of the calendar is', () => {
    const underWay = after.beforeStageTurn(aCase({ detour: 'reopened' }));
    expect(isWritten(underWay)).toBe(false);
    expect(isWritten(after.afterStageTurn(underWay, false, turned({ stage: 'intensive-chase' })))).toBe(true);
  });
});

describe('a result that comes while a stage turns', () => {
  const turn = turned({ stage: 'intensive-chase', kept: false });
  const { resumed: _, ...plain } = turn;
  const quoted = (stage: 'follow-up' | 'intensive-chase') =>
    takeResult(after.beforeStageTurn(aCase()), aResult('quoted', { stage }));

  test.each([
    ['the stage before does not count for the one that opens', { stage: 'follow-up', answer: plain, counted: false }],
    ['the stage that opens counts for it', { stage: 'intensive-chase', answer: plain, counted: true }],
    [
      'a stage that turns out to last counts for it',
      { stage: 'follow-up', answer: { ...plain, stage: 'follow-up', kept: true }, counted: true },
    ],
    [
      'a stage that cannot end yet counts for it',
      { stage: 'follow-up', answer: { stamp: '1.0.1', planVersion: 1, kind: 'not-yet', until: 7 }, counted: true },
    ],
    [
      'a stage of a held case counts for it',
      { stage: 'follow-up', answer: { stamp: '1.0.1', planVersion: 1, kind: 'held', until: 7 }, counted: true },
    ],
  ] as const)('and was received in %s', (_name, { stage, answer, counted }) => {
    expect(after.afterStageTurn(quoted(stage), false, answer as StageTurn).resultCounted).toBe(counted);
  });

  test('after the step does not count for a stage that it was not received in', () => {
    expect(takeResult(aCase(), aResult('quoted', { stage: 'preparation' })).resultCounted).toBe(false);
  });

  test('while the case opens counts for preparation when it confirms', () => {
    const { stage: _stage, ...unopened } = aCase();
    const heard = takeResult(after.beforeStageTurn(unopened), aResult('confirmed', { stage: 'preparation' }));
    expect(after.afterStageTurn(heard, false, { ...plain, stage: 'preparation' }).resultCounted).toBe(true);
  });
});

describe('a held case', () => {
  const held = (facts: Partial<CaseState> = {}) => aCase({ heldUntil: daysBeforeT(20), ...facts });

  test('that was asked too early stays held until the instant in the books', () => {
    const answer = { stamp: '1.0.1', planVersion: 1, kind: 'held', until: daysBeforeT(19) } as const;
    expect(after.afterStageTurn(after.beforeStageTurn(held({ detour: 'hold-ended' })), true, answer)).toMatchObject({
      heldUntil: daysBeforeT(19),
      resultCounted: true,
    });
  });
});
