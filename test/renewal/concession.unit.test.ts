import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  authorityFor,
  authorityOver,
  concessionLevels,
  concessionSteps,
  defaultLadder,
  fallsBelowFloor,
  isNextStep,
  judgeConcession,
  levelAbove,
  rungFor,
  stepOf,
  type ConcessionAsked,
  type ConcessionFacts,
} from '../../src/renewal/concession.ts';

const facts = (more: Partial<ConcessionFacts> = {}): ConcessionFacts => ({
  decidedSteps: [],
  benefitsOn: [],
  granted: undefined,
  ownRight: false,
  premium: 548_000n,
  lastPremium: 548_000n,
  ...more,
});

const judge = (asked: ConcessionAsked, more: Partial<ConcessionFacts> = {}) =>
  judgeConcession(asked, facts(more), defaultLadder);

describe('Authority by percentage of premium', () => {
  test.each([
    [0, 'nobody', false],
    [0.01, 'specialist', false],
    [8, 'specialist', false],
    [8.01, 'channel-manager', false],
    [10, 'channel-manager', false],
    [10.01, 'general-manager', false],
    [13, 'general-manager', false],
    [13.01, 'general-manager', true],
    [14, 'general-manager', true],
  ])('%s %% is decided by %s; another service attached and signed: %s', (percent, level, needsAttachedService) => {
    expect(rungFor(percent, defaultLadder)).toMatchObject({ level, needsAttachedService });
  });

  test.each([14.01, 15, 100])('%s %% is refused, whoever asks', (percent) => {
    expect(judge({ percent }, { ownRight: true })).toEqual({ kind: 'refused', refusal: 'above-the-ladder' });
  });

  test('nobody is needed for 0 %', () => {
    expect(judge({ percent: 0 })).toEqual({ kind: 'approved', step: 'none', level: 'nobody' });
  });

  test('a specialist gives 8 % by own right, an agent asks for it', () => {
    expect(judge({ percent: 8 }, { ownRight: true })).toMatchObject({ kind: 'approved', level: 'specialist' });
    expect(judge({ percent: 8 })).toMatchObject({ kind: 'to-decide', level: 'specialist' });
  });

  test('a specialist asks the channel manager for more than 8 %', () => {
    expect(judge({ percent: 8.01 }, { ownRight: true })).toMatchObject({ kind: 'to-decide', level: 'channel-manager' });
  });

  test.each([
    ['specialist', ['specialist', 'channel-manager', 'general-manager']],
    ['channel-manager', ['channel-manager', 'general-manager']],
    ['general-manager', ['general-manager']],
  ] as const)('the question for a %s is answered by %s', (level, deciders) => {
    const roles = ['agent', 'supervisor', 'admin', 'specialist', 'channel-manager', 'general-manager'];

    expect(roles.filter((role) => authorityOver(level, [role]) === role)).toEqual(deciders);
  });

  test('silence goes from the specialist to the channel manager to the general manager, and no further', () => {
    expect(['specialist', 'channel-manager', 'general-manager'].map((level) => levelAbove(level as never))).toEqual([
      'channel-manager',
      'general-manager',
      undefined,
    ]);
  });

  test('never falls when the percentage rises', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_400 }), fc.integer({ min: 0, max: 1_400 }), (one, other) => {
        const [lower, higher] = [Math.min(one, other), Math.max(one, other)];
        const rank = (hundredths: number): number =>
          concessionLevels.indexOf(authorityFor({ percent: hundredths / 100 }, defaultLadder) ?? 'nobody');

        expect(rank(lower)).toBeLessThanOrEqual(rank(higher));
      }),
    );
  });
});

describe('The steps of a concession', () => {
  test.each([
    [{ percent: 0 }, 'none'],
    [{ percent: 0.01 }, 'part'],
    [{ percent: 13.99 }, 'part'],
    [{ percent: 14 }, 'whole-fee'],
    [{ percent: 14, benefit: 'gift' }, 'whole-fee-plus-benefit'],
    [{ percent: 10, benefit: 'rescue-card' }, 'part'],
    [{ percent: 14, benefit: 'rescue-card' }, 'whole-fee-plus-benefit'],
  ])('%o is the step %s', (asked, step) => {
    expect(stepOf(asked, defaultLadder)).toBe(step);
  });

  test('begin with a part of the fee', () => {
    expect(judge({ percent: 13 })).toMatchObject({ kind: 'to-decide', step: 'part' });
    expect(judge({ percent: 14 })).toEqual({ kind: 'refused', refusal: 'step-skipped' });
  });

  test('go on once the step before was approved or rejected', () => {
    expect(judge({ percent: 14 }, { decidedSteps: ['part'] })).toMatchObject({ step: 'whole-fee' });
  });

  test('may go back down', () => {
    expect(judge({ percent: 5 }, { decidedSteps: ['part', 'whole-fee'] })).toMatchObject({ step: 'part' });
  });

  test('are never jumped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...concessionSteps),
        fc.array(fc.constantFrom(...concessionSteps)),
        (step, decided) => {
          const reached = decided.map((one) => concessionSteps.indexOf(one));
          const rank = concessionSteps.indexOf(step);

          expect(isNextStep(step, decided)).toBe(rank <= 1 || reached.some((one) => one >= rank - 1));
        },
      ),
    );
  });
});

describe('A benefit', () => {
  const benefitsOn = ['rescue-card', 'gift'];

  test('that is off or unknown is refused', () => {
    expect(judge({ percent: 8, benefit: 'gift' })).toEqual({ kind: 'refused', refusal: 'benefit-off' });
    expect(judge({ percent: 8, benefit: 'yacht' }, { benefitsOn })).toMatchObject({ refusal: 'benefit-off' });
  });

  test('comes on top of the whole fee only', () => {
    expect(judge({ percent: 13, benefit: 'gift' }, { benefitsOn })).toMatchObject({
      refusal: 'benefit-before-whole-fee',
    });
    expect(judge({ percent: 14, benefit: 'gift' }, { benefitsOn, decidedSteps: ['whole-fee'] })).toMatchObject({
      kind: 'to-decide',
      step: 'whole-fee-plus-benefit',
      level: 'general-manager',
    });
  });

  test.each([
    [0, 'channel-manager'],
    [8, 'channel-manager'],
    [10, 'channel-manager'],
    [13, 'general-manager'],
  ])('such as a rescue card may come with %s %% by decision of the %s', (percent, level) => {
    expect(judge({ percent, benefit: 'rescue-card' }, { benefitsOn, ownRight: true })).toMatchObject({
      kind: 'to-decide',
      step: 'part',
      level,
    });
  });
});

describe('What was approved already', () => {
  const granted = { percent: 10, benefit: null };
  const benefitsOn = ['rescue-card'];

  test.each([
    ['less', { percent: 8 }, 'refused'],
    ['the same', { percent: 10 }, 'refused'],
    ['less, with a benefit', { percent: 8, benefit: 'rescue-card' }, 'refused'],
    ['the same, with a benefit on top', { percent: 10, benefit: 'rescue-card' }, 'to-decide'],
    ['more', { percent: 10.01 }, 'to-decide'],
  ])('stands against a request for %s: %o is %s', (_what, asked, kind) => {
    expect(judge(asked, { granted, benefitsOn, decidedSteps: ['part'] })).toMatchObject({ kind });
  });
});

describe('The margin floor', () => {
  test.each([
    ['of a quote like last year’s holds at 14 %', { premium: 500_000n, percent: 14 }, false],
    ['holds exactly at the border', { premium: 500_000n, percent: 20 }, false],
    ['is broken a hundredth of a percent below it', { premium: 500_000n, percent: 20.01 }, true],
    ['is broken by a concession on top of a cheap quote', { premium: 440_000n, percent: 14 }, true],
  ])('%s', (_what, given, broken) => {
    expect(fallsBelowFloor({ ...given, lastPremium: 500_000n }, defaultLadder)).toBe(broken);
  });

  test('refuses the request', () => {
    const cheap = { premium: 440_000n, lastPremium: 500_000n, decidedSteps: ['part'] as const };

    expect(judge({ percent: 14 }, cheap)).toEqual({ kind: 'refused', refusal: 'below-the-floor' });
  });

  test('is off at 0', () => {
    const given = { premium: 1n, lastPremium: 500_000n, percent: 14 };

    expect(fallsBelowFloor(given, { floorOfPremiumPercent: 0 })).toBe(false);
  });
});
