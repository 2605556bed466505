import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { nextMoment, sameMoment } from '../../src/renewal/agenda.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { newCase } from '../../src/renewal/case-state.ts';
import { aCase } from '../support/given-case.ts';
import { aPlan, daysBeforeT } from '../support/given-plan.ts';

const secondRound = { reason: 'price', resultId: 'r1' } as const;

describe('what a case waits for', () => {
  test('before anything else: that it opens', () => {
    const state = newCase({ opensAt: daysBeforeT(60), planVersion: 1 });
    expect(nextMoment(state, daysBeforeT(61))).toEqual({ kind: 'case-opens', at: daysBeforeT(60) });
  });

  test('in preparation, at the instant of its opening: the first touch', () => {
    const state = aCase({ stage: 'preparation', touched: [] });
    expect(nextMoment(state, daysBeforeT(60))).toMatchObject({ kind: 'touch-due', touch: 't-60', at: daysBeforeT(60) });
  });

  test('in follow-up: the intensive chase, since follow-up has no touches', () => {
    expect(nextMoment(aCase(), daysBeforeT(40))).toMatchObject({ kind: 'stage-opens', stage: 'intensive-chase' });
  });

  test('in wrap-up after its last touch: the close as lost with no result', () => {
    const state = aCase({ stage: 'wrap-up', touched: ['t-7', 't-3', 't-0'] });
    expect(nextMoment(state, daysBeforeT(-1))).toMatchObject({
      kind: 'grace-ends',
      at: daysBeforeT(-3),
      ending: { outcome: { kind: 'lost', reason: 'no-result', renewable: true } },
    });
  });

  test('with a promised call-back that comes first: the call-back', () => {
    const callBackAt = daysBeforeT(38);
    expect(nextMoment(aCase({ callBackAt }), daysBeforeT(40))).toEqual({ kind: 'call-back-due', at: callBackAt });
  });

  test('with a call-back that comes after the stage: the stage', () => {
    expect(nextMoment(aCase({ callBackAt: daysBeforeT(20) }), daysBeforeT(40))).toMatchObject({ kind: 'stage-opens' });
  });

  test('with a message held until the morning: the morning', () => {
    const message = { touch: 't-60', channel: 'sms', at: daysBeforeT(44) } as const;
    expect(nextMoment(aCase({ waiting: [message] }), daysBeforeT(44.5))).toMatchObject({
      kind: 'messages-released',
      messages: [message],
    });
  });
});

test('messages held until the same morning go together', () => {
  const at = daysBeforeT(44);
  const waiting = (['sms', 'email'] as const).map((channel) => ({ touch: 't-60', channel, at }));
  expect(nextMoment(aCase({ waiting }), at - 1)).toEqual({ kind: 'messages-released', at, messages: waiting });
});

describe('the order of one instant', () => {
  test('the next stage opens before a touch of the old one that is due at the same instant', () => {
    const plan = { ...aPlan(), touches: aPlan().touches.map((touch) => ({ ...touch, stage: 'follow-up' as const })) };
    const state = aCase({ plan, touchesFrom: daysBeforeT(30) });
    expect(nextMoment(state, daysBeforeT(30))).toMatchObject({ kind: 'stage-opens', at: daysBeforeT(30) });
  });

  test('what people reported goes before everything that the calendar brings', () => {
    const ending = { outcome: { kind: 'renewed', early: false }, cause: 'result:renewed' } as const;
    const state = aCase({ ending, secondRound, detour: 'replanned', callBackAt: 1 });
    expect(nextMoment(state, daysBeforeT(1))).toEqual({ kind: 'case-closes', at: 0, ending });
  });

  test('a reopened case returns to the calendar before a new second round begins', () => {
    const state = aCase({ detour: 'reopened', secondRound });
    expect(nextMoment(state, daysBeforeT(40))).toEqual({ kind: 'stage-by-calendar', at: 0, detour: 'reopened' });
  });
});

describe('a case in its second round', () => {
  test('first gives the supervisor the task', () => {
    expect(nextMoment(aCase({ secondRound }), daysBeforeT(40))).toEqual({ kind: 'second-round-opens', at: 0 });
  });

  test('that was declined before the case opened gives it at once, without waiting for the opening', () => {
    const state = { ...newCase({ opensAt: daysBeforeT(60), planVersion: 1 }), secondRound };
    expect(nextMoment(state, daysBeforeT(61))).toEqual({ kind: 'second-round-opens', at: 0 });
  });

  test('waits for the deadline only, whatever the calendar brings meanwhile', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 60, noNaN: true }), (before) => {
        const dueAt = daysBeforeT(0);
        const state = aCase({
          stage: 'intensive-chase',
          secondRound: { ...secondRound, dueAt },
          callBackAt: daysBeforeT(20),
          waiting: [{ touch: 't-30', channel: 'sms', at: daysBeforeT(29) }],
        });
        expect(nextMoment(state, daysBeforeT(0) - before * dayMs)).toEqual({
          kind: 'second-round-ends',
          at: dueAt,
          ending: { outcome: { kind: 'lost', reason: 'price', renewable: true }, cause: 'second-round:no-answer' },
        });
      }),
    );
  });
});

describe('touches that do not go out', () => {
  const inChase = { stage: 'intensive-chase', touched: [] } as const;

  test.each([
    ['an orphan: touches pause while nobody owns the case', { owned: false }],
    ['a customer who refused contact', { refusedContact: true }],
  ])('%s', (_, facts) => {
    const moment = nextMoment(aCase({ ...inChase, ...facts }), daysBeforeT(30));
    expect(moment).toMatchObject({ kind: 'stage-opens', stage: 'wrap-up' });
  });

  test('held messages of an orphan wait for its new owner', () => {
    const state = aCase({ owned: false, waiting: [{ touch: 't-60', channel: 'sms', at: daysBeforeT(44) }] });
    expect(nextMoment(state, daysBeforeT(44))).toMatchObject({ kind: 'stage-opens' });
  });

  test('what was missed in a second round is skipped, also on the day itself', () => {
    const reopened = aCase({ ...inChase, touchesFrom: daysBeforeT(15) + 60_000 });
    expect(nextMoment(reopened, daysBeforeT(15) + 60_000)).toMatchObject({ kind: 'stage-opens', stage: 'wrap-up' });
  });

  test('a case first seen late sends no touch of a day before yesterday', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2, max: 60 }), fc.integer({ min: 0, max: 23 }), (before, hours) => {
        const now = daysBeforeT(before) + hours * 3_600_000;
        const stage = aPlan().stages.findLast((planned) => planned.opensAt <= now)?.stage ?? 'preparation';
        const moment = nextMoment(aCase({ stage, touched: [] }), now);
        expect(moment.kind === 'touch-due' ? moment.at : now).toBeGreaterThan(now - dayMs);
      }),
    );
  });
});

describe('a closed case', () => {
  const closed = { kind: 'renewed', early: false } as const;

  test('sends its confirmation and nothing else, whatever was planned', () => {
    const waiting = [{ touch: 'renewal-confirmation', channel: 'sms', at: 0 }] as const;
    const state = aCase({ closed, waiting, callBackAt: 1, detour: 'replanned', secondRound, owned: false });
    expect(nextMoment(state, daysBeforeT(30))).toEqual({ kind: 'messages-released', at: 0, messages: waiting });
  });

  test('has nothing left once the confirmation is out', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 60 }), (before) => {
        expect(nextMoment(aCase({ closed, stage: 'intensive-chase' }), daysBeforeT(before)).kind).toBe('nothing-left');
      }),
    );
  });
});

test('a wait that is still the same wakes nobody, one that moved does', () => {
  const now = daysBeforeT(40);
  const before = nextMoment(aCase(), now);
  expect(sameMoment(before, nextMoment(aCase({ attempts: 2, confirmed: true }), now))).toBe(true);
  expect(sameMoment(before, nextMoment(aCase({ callBackAt: now + 1 }), now))).toBe(false);
});

test('an expiry that was corrected before the case opened is looked at once', () => {
  const state = { ...newCase({ opensAt: daysBeforeT(60), planVersion: 1 }), detour: 'expiry-corrected' as const };
  expect(nextMoment(state, daysBeforeT(61))).toEqual({ kind: 'case-opens', at: 0 });
});
