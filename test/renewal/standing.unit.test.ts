import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { contactResults, isAttempt, type ContactResult } from '../../src/renewal/contact-result.ts';
import { standingOf, type TakenResult } from '../../src/renewal/standing.ts';
import { daysBeforeT } from '../support/given-plan.ts';

const present = { stage: 'follow-up', stageOpenedAt: daysBeforeT(45), now: daysBeforeT(40) } as const;

const taken = (result: ContactResult, more: Partial<TakenResult> = {}): TakenResult => ({
  id: `r-${result}`,
  result,
  stage: 'follow-up',
  recordedAt: daysBeforeT(41),
  callBackAt: undefined,
  ...more,
});

describe('what the results of a case amount to', () => {
  test.each(contactResults.map((result) => [result, isAttempt(result) ? 1 : 0] as const))(
    'a single %s is %d attempts',
    (result, attempts) => {
      expect(standingOf([taken(result)], present).attempts).toBe(attempts);
    },
  );

  test('nothing at all without any', () => {
    expect(standingOf([], present)).toEqual({
      confirmedAt: undefined,
      attempts: 0,
      resultCounted: false,
      callBackAt: undefined,
      refusedContactAt: undefined,
      secondRound: undefined,
    });
  });

  test.each([
    ['an effective contact of this stage', taken('quoted'), true],
    ['an effective contact of the stage before', taken('quoted', { stage: 'preparation' }), false],
    ['one of this stage before it opened again', taken('quoted', { recordedAt: daysBeforeT(46) }), false],
    ['an attempt', taken('not-reached'), false],
    ['an acceptance, which only preparation asks for', taken('confirmed'), false],
  ])('counts in follow-up: %s', (_, one, counted) => {
    expect(standingOf([one], present).resultCounted).toBe(counted);
  });

  test('an acceptance before preparation opened counts in it', () => {
    const early = taken('confirmed', { stage: undefined, recordedAt: daysBeforeT(61) });
    const inPreparation = { stage: 'preparation', stageOpenedAt: daysBeforeT(60), now: daysBeforeT(50) } as const;
    expect(standingOf([early], inPreparation).resultCounted).toBe(true);
  });

  test('the newest promise is the call-back, unless its time is over or the customer refused contact since', () => {
    const promise = taken('promised', { callBackAt: daysBeforeT(38) });
    const newer = taken('considering', { recordedAt: daysBeforeT(41, { minute: 720 }), callBackAt: daysBeforeT(37) });
    expect(standingOf([newer, promise], present).callBackAt).toBe(daysBeforeT(37));
    expect(standingOf([promise], { ...present, now: daysBeforeT(37) }).callBackAt).toBeUndefined();
    const refused = taken('refused-contact', { recordedAt: daysBeforeT(41, { minute: 660 }) });
    expect(standingOf([promise, refused], present).callBackAt).toBeUndefined();
    expect(standingOf([newer, refused], present).callBackAt).toBe(daysBeforeT(37));
  });

  test('the last result that asked for a second round is the one it is about', () => {
    const last = taken('unreachable', { id: 'last', recordedAt: daysBeforeT(41, { minute: 720 }) });
    expect(standingOf([last, taken('declined')], present).secondRound).toMatchObject({ of: 'last' });
  });

  test('does not depend on the order in which they are read', () => {
    const one = fc.record({ result: fc.constantFrom(...contactResults), before: fc.integer({ min: 40, max: 60 }) });
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ({ before }) => before, maxLength: 8 }), (list) => {
        const results = list.map(({ result, before }) =>
          taken(result, { id: `${before}`, recordedAt: daysBeforeT(before) }),
        );
        expect(standingOf(results.toReversed(), present)).toEqual(standingOf(results, present));
      }),
    );
  });
});
