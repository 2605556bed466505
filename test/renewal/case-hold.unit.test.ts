import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { nextMoment } from '../../src/renewal/agenda.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { describeCase } from '../../src/renewal/case-details.ts';
import { endHold } from '../../src/renewal/case-hold.ts';
import { takeNotice, type Notice } from '../../src/renewal/case-notice.ts';
import { afterSecondRoundOpened, beforeStageTurn } from '../../src/renewal/case-progress.ts';
import type { CaseState } from '../../src/renewal/case-state.ts';
import { aCase } from '../support/given-case.ts';
import { daysBeforeT } from '../support/given-plan.ts';

const heldUntil = daysBeforeT(10);

describe('a held case', () => {
  test('waits for the end of its hold only, whatever the calendar and people brought before', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 60, noNaN: true }), (before) => {
        const state = aCase({
          stage: 'intensive-chase',
          heldUntil,
          secondRound: { reason: 'price', dueAt: daysBeforeT(20) },
          callBackAt: daysBeforeT(20),
          waiting: [{ touch: 't-30', channel: 'sms', at: daysBeforeT(29) }],
        });
        const now = daysBeforeT(0) - before * dayMs;
        expect(nextMoment(state, now)).toEqual({ kind: 'hold-ends', at: heldUntil });
      }),
    );
  });

  test('is held no longer than until it closes, also when its expiry moved back', () => {
    expect(nextMoment(aCase({ heldUntil: daysBeforeT(-9) }), daysBeforeT(20)).at).toBe(daysBeforeT(-3));
  });

  test('closes at once when people or the core system end it', () => {
    const ending = { outcome: { kind: 'renewed', early: false }, cause: 'notice:renewed-in-core' } as const;
    expect(nextMoment(aCase({ heldUntil, ending }), daysBeforeT(20)).kind).toBe('case-closes');
  });

  test('gives the supervisor the second round that a person asked for', () => {
    const state = aCase({ heldUntil, secondRound: { reason: 'price' } });
    expect(nextMoment(state, daysBeforeT(20)).kind).toBe('second-round-opens');
  });

  test.each(['reopened', 'corrected', 'expiry-corrected', 'replanned'] as const)(
    'hears at once that it was %s',
    (detour) => {
      expect(nextMoment(aCase({ heldUntil, detour }), daysBeforeT(20))).toMatchObject({
        kind: 'stage-by-calendar',
        detour,
      });
    },
  );

  test('shows in the Temporal Web UI until when', () => {
    const state = aCase({ heldUntil });
    const details = describeCase(state, nextMoment(state, daysBeforeT(20)));
    expect(details).toContain(`| held | until ${new Date(heldUntil).toISOString()} |`);
    expect(details).toContain('| next | the hold ends |');
  });
});

describe('a hold that ends', () => {
  test('leads to the stage of the calendar, without the touches that were missed', () => {
    const state = endHold(aCase({ heldUntil, stage: 'intensive-chase', touched: [] }), heldUntil);
    expect(nextMoment(state, heldUntil)).toMatchObject({ kind: 'stage-by-calendar', detour: 'hold-ended' });
    const { detour: _, ...turned } = state;
    expect(nextMoment(turned, heldUntil)).toMatchObject({ kind: 'stage-opens', stage: 'wrap-up' });
  });

  test('leads there in a run of the case that never opened a stage, too: nothing was missed in the one that stands', () => {
    const { plan: _, stage: __, ...anew } = aCase({ heldUntil });
    const state = endHold(anew, heldUntil);
    expect(nextMoment(state, heldUntil)).toMatchObject({ kind: 'stage-by-calendar', at: 0, detour: 'hold-ended' });
  });

  test('is remembered by whatever asks for the stage of the calendar instead, until it has turned', () => {
    const state = takeNotice(endHold(aCase({ heldUntil }), heldUntil), { key: 'c', kind: 'result-corrected' }, 0);
    expect(state).toMatchObject({ detour: 'corrected', afterHold: true });
    expect(beforeStageTurn(state).afterHold).toBeUndefined();
  });

  test('waits for the second round that still runs', () => {
    const secondRound = { reason: 'price', dueAt: daysBeforeT(8) } as const;
    const state = endHold(aCase({ heldUntil, secondRound }), heldUntil);
    expect(nextMoment(state, heldUntil)).toMatchObject({ kind: 'second-round-ends', at: daysBeforeT(8) });
  });

  test('changes nothing in a case that nobody holds', () => {
    const state = aCase();
    expect(endHold(state, heldUntil)).toBe(state);
  });
});

describe('what a case hears of its hold', () => {
  const now = daysBeforeT(40);
  const held = (revision: number, until: number): Notice => ({
    key: `hold.${revision}`,
    kind: 'held',
    until: daysBeforeT(until),
    revision,
  });
  const resumed = (revision: number): Notice => ({ key: `hold.${revision}`, kind: 'resumed', revision });
  const hear = (notices: readonly Notice[], state: CaseState = aCase()) =>
    notices.reduce((heard, notice) => takeNotice(heard, notice, now), state);

  test('is what was said last, in whatever order it comes', () => {
    const said = [held(1, 20), resumed(2), held(3, 30)];
    fc.assert(
      fc.property(fc.shuffledSubarray(said, { minLength: 3 }), (order) => {
        expect(hear(order)).toMatchObject({ heldUntil: daysBeforeT(30), holdRevision: 3 });
      }),
    );
  });

  test('is its early end, though the hold itself comes late', () => {
    expect(hear([resumed(2), held(1, 20)]).heldUntil).toBeUndefined();
  });

  test('moves the deadline of its second round', () => {
    const state = aCase({ secondRound: { reason: 'price', dueAt: daysBeforeT(37) } });
    const notice = { ...held(1, 20), secondRoundDueAt: daysBeforeT(17) };
    expect(hear([notice], state).secondRound).toEqual({ reason: 'price', dueAt: daysBeforeT(17) });
  });

  test('moves it also while the second round opens: the answer of that step is older', () => {
    const state = aCase({ secondRound: { reason: 'price' } });
    const notice = { ...held(1, 20), secondRoundDueAt: daysBeforeT(17) };
    const answer = { stamp: '1.0.1', planVersion: 1, kind: 'assigned', dueAt: daysBeforeT(37) } as const;
    expect(afterSecondRoundOpened(hear([notice], state), answer).secondRound?.dueAt).toBe(daysBeforeT(17));
  });
});
