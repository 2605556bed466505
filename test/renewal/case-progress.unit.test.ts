import { describe, expect, test } from 'vitest';
import { nextMoment } from '../../src/renewal/agenda.ts';
import type { StageTurn } from '../../src/renewal/case-answers.ts';
import { takeNotice } from '../../src/renewal/case-notice.ts';
import * as after from '../../src/renewal/case-progress.ts';
import { newCase, takeResult, type CaseFacts } from '../../src/renewal/case-state.ts';
import { aCase, aResult } from '../support/given-case.ts';
import { aPlan, daysBeforeT } from '../support/given-plan.ts';

const same = { stamp: '1.0.1', planVersion: 1 };
type Opened = StageTurn & { kind: 'opened' };

const opened = (stage: 'preparation' | 'follow-up' | 'intensive-chase', more: Partial<Opened> = {}): Opened => ({
  ...same,
  kind: 'opened',
  stage,
  escalated: false,
  kept: false,
  ...more,
});

describe('a stage that turns', () => {
  test('forgets the result of the stage before', () => {
    const before = after.beforeStageTurn(aCase({ resultCounted: true }));
    expect(after.afterStageTurn(before, true, opened('intensive-chase'))).toMatchObject({
      stage: 'intensive-chase',
      resultCounted: false,
    });
  });

  test('keeps its result when it stays the same and only its instants moved', () => {
    const before = after.beforeStageTurn(aCase({ resultCounted: true }));
    expect(after.afterStageTurn(before, true, opened('follow-up', { kept: true })).resultCounted).toBe(true);
  });

  test('counts a result that arrives while the step is under way for the stage that opens', () => {
    const underWay = takeResult(after.beforeStageTurn(aCase()), aResult('quoted'));
    expect(after.afterStageTurn(underWay, false, opened('intensive-chase')).resultCounted).toBe(true);
  });

  test('keeps every other thing that people said while the step was under way', () => {
    const callBackAt = daysBeforeT(29);
    const underWay = takeResult(after.beforeStageTurn(aCase({ attempts: 1 })), aResult('promised', { callBackAt }));
    expect(after.afterStageTurn(underWay, false, opened('intensive-chase'))).toMatchObject({
      callBackAt,
      attempts: 1,
      lastResult: 'promised',
    });
  });

  test('does not lose a correction of the expiry that arrives while the step is under way', () => {
    const underWay = takeNotice(
      after.beforeStageTurn(aCase()),
      { key: 'expiry.1', kind: 'expiry-corrected' },
      daysBeforeT(40),
    );
    expect(after.afterStageTurn(underWay, false, opened('intensive-chase')).detour).toBe('expiry-corrected');
  });

  test('has answered the correction for which it was taken', () => {
    const before = after.beforeStageTurn(aCase({ detour: 'expiry-corrected' }));
    expect(after.afterStageTurn(before, false, opened('follow-up', { kept: true })).detour).toBeUndefined();
  });

  test('finds preparation answered when the entry was confirmed before', () => {
    expect(after.afterStageTurn(aCase({ confirmed: true }), false, opened('preparation')).resultCounted).toBe(true);
  });

  test('takes the plan now in force when the case had another', () => {
    const plan = aPlan({ expiresOn: '2027-04-30' });
    const turned = after.afterStageTurn(aCase(), false, {
      ...opened('follow-up'),
      stamp: '1.1.1',
      planVersion: 2,
      plan,
    });
    expect(turned).toMatchObject({ stamp: '1.1.1', planVersion: 2, plan });
  });

  test('leads back before preparation when the corrected expiry lies far ahead, and preparation opens again', () => {
    const plan = aPlan({ expiresOn: '2027-06-30' });
    const nowhere: StageTurn = { ...same, stamp: '1.1.1', plan, kind: 'opened', escalated: false, kept: true };
    const state = after.afterStageTurn(aCase({ stage: 'preparation' }), false, nowhere);
    expect(state.stage).toBeUndefined();
    expect(nextMoment(state, daysBeforeT(58))).toMatchObject({
      kind: 'stage-opens',
      stage: 'preparation',
      on: '2027-05-01',
    });
  });

  test('whose case was closed in the books ends the case', () => {
    const outcome = { kind: 'renewed', early: false } as const;
    expect(after.afterStageTurn(aCase(), false, { ...same, kind: 'ended', outcome }).closed).toEqual(outcome);
  });
});

describe('a business clock that stands behind', () => {
  const until = daysBeforeT(29);

  test('keeps the stage, its result, and asks again at the instant that the books named', () => {
    const before = after.beforeStageTurn(aCase({ resultCounted: true }));
    const state = after.afterStageTurn(before, true, { ...same, kind: 'not-yet', until });
    expect(state).toMatchObject({ stage: 'follow-up', resultCounted: true });
    expect(nextMoment(state, daysBeforeT(30))).toMatchObject({ kind: 'stage-opens', at: until });
  });

  test('moves the close as well', () => {
    const state = after.afterClose(aCase({ stage: 'wrap-up', touched: ['t-7', 't-3', 't-0'] }), {
      ...same,
      kind: 'not-yet',
      until,
    });
    expect(state.closing).toBe(false);
    expect(nextMoment({ ...state, notBefore: daysBeforeT(-4) }, daysBeforeT(-3))).toMatchObject({
      kind: 'grace-ends',
      at: daysBeforeT(-4),
    });
  });

  test("moves a second round's deadline", () => {
    const state = aCase({ closing: true, secondRound: { reason: 'price', dueAt: 1 } });
    expect(after.afterClose(state, { ...same, kind: 'not-yet', until }).secondRound?.dueAt).toBe(until);
  });

  test('moves a call-back', () => {
    expect(after.afterCallBack(aCase({ callBackAt: 1 }), 1, { ...same, kind: 'not-yet', until }).callBackAt).toBe(
      until,
    );
  });
});

describe('a case that is rebuilt', () => {
  const facts: CaseFacts = {
    stage: 'intensive-chase',
    resultCounted: true,
    confirmed: true,
    attempts: 2,
    minimumAttempts: 4,
    refusedContact: false,
    owned: false,
    escalated: true,
    callBackAt: daysBeforeT(20),
    secondRound: { reason: 'price', dueAt: daysBeforeT(19) },
  };
  const fresh = newCase({ opensAt: daysBeforeT(22), planVersion: 1 });

  test('goes on with everything that its rows know', () => {
    const state = after.afterStageTurn(fresh, false, {
      ...opened('intensive-chase', { kept: true, escalated: true }),
      plan: aPlan(),
      resumed: facts,
    });
    expect(state).toMatchObject(facts);
  });

  test('adds what people said before its first step', () => {
    const told = takeResult(takeResult(fresh, aResult('refused-contact')), aResult('promised', { callBackAt: 7 }));
    const state = after.afterStageTurn(told, false, {
      ...opened('intensive-chase', { kept: true }),
      plan: aPlan(),
      resumed: facts,
    });
    expect(state).toMatchObject({ refusedContact: true, callBackAt: 7, attempts: 2 });
  });
});

describe('after a touch', () => {
  test('it is done, and what was held waits for its instant', () => {
    const state = after.afterTouch(aCase({ touched: [] }), 't-15', [
      { ...same, kind: 'accepted', touch: 't-15', channel: 'sms' },
      { ...same, kind: 'waiting', until: 5, reason: 'quiet-hours', touch: 't-15', channel: 'email' },
    ]);
    expect(state).toMatchObject({ touched: ['t-15'], waiting: [{ touch: 't-15', channel: 'email', at: 5 }] });
  });

  test.each([
    [{ ...same, kind: 'accepted' } as const, []],
    [
      { ...same, kind: 'waiting', until: 9, reason: 'one-touch-a-day' } as const,
      [{ touch: 't-15', channel: 'email', at: 9 }],
    ],
  ])('a released message that was %j', (answer, waiting) => {
    const message = { touch: 't-15', channel: 'email', at: 5 } as const;
    const sent = [{ ...answer, touch: 't-15', channel: 'email' as const }];
    expect(after.afterMessages(aCase({ waiting: [message] }), sent).waiting).toEqual(waiting);
  });
});

describe('a message that waits for its day', () => {
  const plan = aPlan();
  const movedTo = (days: number) => ({
    ...plan,
    touches: plan.touches.map((touch) => (touch.key === 't-15' ? { ...touch, dueAt: daysBeforeT(days) } : touch)),
  });
  const waiting = [{ touch: 't-15', channel: 'sms', at: daysBeforeT(12) }] as const;
  const held = aCase({ plan: movedTo(12), planVersion: 1, waiting, touched: ['t-15'] });
  const turned = (planVersion: number, days: number) =>
    after.afterStageTurn(held, false, { ...opened('intensive-chase'), kept: true, planVersion, plan: movedTo(days) });

  test('goes earlier when another plan moves the day to an earlier one', () => {
    expect(turned(2, 13).waiting).toEqual([{ touch: 't-15', channel: 'sms', at: daysBeforeT(13) }]);
  });

  test('asks again at its old instant when the day moves to a later one', () => {
    expect(turned(2, 10).waiting).toEqual(waiting);
  });

  test('stays where a rule holds it while its day stays the same', () => {
    const plan12 = after.afterStageTurn({ ...held, waiting: [{ ...waiting[0], at: daysBeforeT(11) }] }, false, {
      ...opened('intensive-chase'),
      kept: true,
      planVersion: 2,
      plan: movedTo(12),
    });
    expect(plan12.waiting).toEqual([{ ...waiting[0], at: daysBeforeT(11) }]);
  });
});

describe('a plan that asks for other attempts', () => {
  test('is heard of with the stage that stands', () => {
    const turn = opened('follow-up', { kept: true, minimumAttempts: 2 });
    expect(after.afterStageTurn(aCase(), false, turn).minimumAttempts).toBe(2);
  });

  test('takes a case back to a stage that has its result already', () => {
    const before = after.beforeStageTurn(aCase({ stage: 'intensive-chase' }));
    expect(after.afterStageTurn(before, false, opened('follow-up', { counted: true })).resultCounted).toBe(true);
  });
});

describe('after a call-back', () => {
  test('it is done', () => {
    expect(after.afterCallBack(aCase({ callBackAt: 5 }), 5, { ...same, kind: 'assigned' }).callBackAt).toBeUndefined();
  });

  test('a newer promise that came meanwhile stays', () => {
    expect(after.afterCallBack(aCase({ callBackAt: 9 }), 5, { ...same, kind: 'assigned' }).callBackAt).toBe(9);
  });
});

describe('after the close', () => {
  test('nothing waits but the confirmation', () => {
    const state = aCase({ closing: true, waiting: [{ touch: 't-15', channel: 'email', at: 5 }] });
    const closed = after.afterClose(state, {
      ...same,
      kind: 'closed',
      outcome: { kind: 'renewed', early: false },
      confirmBy: ['sms'],
    });
    expect(closed.waiting).toEqual([{ touch: 'renewal-confirmation', channel: 'sms', at: 0 }]);
    expect(closed.closing).toBe(false);
  });
});

test('a second round decided while its task was being assigned stays decided', () => {
  expect(after.afterSecondRoundOpened(aCase(), { ...same, kind: 'assigned', dueAt: 5 }).secondRound).toBeUndefined();
});
