import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { defaultLadder, floorOf, lessPercent } from '../../src/renewal/concession.ts';
import { judgeQuote, type QuoteFacts } from '../../src/renewal/quote.ts';

const facts = (more: Partial<QuoteFacts> = {}): QuoteFacts => ({
  calculates: false,
  base: 500_000n,
  lastPremium: 500_000n,
  conceded: undefined,
  ...more,
});
const judge = (premium: bigint, more: Partial<QuoteFacts> = {}) => judgeQuote(premium, facts(more), defaultLadder);

describe('How low a quote may be', () => {
  test.each<{ who: string; premium: bigint; given: Partial<QuoteFacts>; expected: string }>([
    { who: 'an agent, at the expiring premium', premium: 500_000n, given: {}, expected: 'fits' },
    { who: 'an agent, a cent below it', premium: 499_999n, given: {}, expected: 'needs-concession' },
    { who: 'an agent, at what was conceded', premium: 460_000n, given: { conceded: 460_000n }, expected: 'fits' },
    {
      who: 'an agent, a cent below what was conceded',
      premium: 459_999n,
      given: { conceded: 460_000n },
      expected: 'needs-concession',
    },
    {
      who: 'an agent, at what was calculated after the concession',
      premium: 450_000n,
      given: { base: 450_000n, conceded: 460_000n },
      expected: 'fits',
    },
    { who: 'an agent, above everything', premium: 900_000n, given: {}, expected: 'fits' },
    { who: 'a specialist, at the floor', premium: 400_000n, given: { calculates: true }, expected: 'fits' },
    {
      who: 'a specialist, a cent below the floor',
      premium: 399_999n,
      given: { calculates: true },
      expected: 'below-the-floor',
    },
    {
      who: 'an agent, below a floor that came later',
      premium: 390_000n,
      given: { base: 390_000n },
      expected: 'below-the-floor',
    },
  ])('$who: $expected', ({ premium, given, expected }) => {
    const judged = judge(premium, given);

    expect(judged.kind === 'fits' ? judged.kind : judged.refusal).toBe(expected);
  });

  test('the lowest premium that is named is one that fits', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10_000_000n), fc.boolean(), (lastPremium, calculates) => {
        const given = { lastPremium, base: lastPremium, calculates };
        const judged = judge(0n, given);

        expect(judged.kind === 'fits' ? undefined : judge(judged.least, given)).toEqual({ kind: 'fits' });
      }),
    );
  });

  test('amounts are whole cents: a floor is rounded up, a conceded premium half up', () => {
    expect(floorOf(419_999n, defaultLadder)).toBe(336_000n);
    expect(lessPercent(399_999n, 8)).toBe(367_999n);
    expect(lessPercent(250n, 1)).toBe(248n);
  });
});
