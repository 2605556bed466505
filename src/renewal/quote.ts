import type { Instant } from './calendar.ts';
import { fallsBelowFloor, floorOf, type ConcessionLadder } from './concession.ts';

export const quoteKinds = ['indicative', 'firm'] as const;
export type QuoteKind = (typeof quoteKinds)[number];

/** What a quote given now is: firm once the bind clock is open (business.md, Two clocks). */
export function quoteKindAt(now: Instant, { bindOpensAt }: { bindOpensAt: Instant }): QuoteKind {
  return now >= bindOpensAt ? 'firm' : 'indicative';
}

/** @public The glossary is compared with it. */
export const quoteRefusals = ['below-the-floor', 'needs-concession'] as const;
export type QuoteRefusal = (typeof quoteRefusals)[number];

/** What the premium of a quote is judged by, all amounts in hundredths of the currency. */
export type QuoteFacts = {
  /** A specialist calculates premiums; everybody else passes on what was calculated. */
  calculates: boolean;
  /** What a specialist calculated last, else the expiring premium. */
  base: bigint;
  lastPremium: bigint;
  /** The lowest premium that an approved concession allows; nothing without one. */
  conceded: bigint | undefined;
};

export type QuoteJudgement = { kind: 'fits' } | { kind: 'too-low'; refusal: QuoteRefusal; least: bigint };

/**
 * Whether a premium may be quoted (decision 0015): nobody goes below the floor of the ladder, and who does not calculate
 * not below what was calculated or conceded. Less is a concession, which somebody with the authority approves.
 */
export function judgeQuote(premium: bigint, facts: QuoteFacts, ladder: ConcessionLadder): QuoteJudgement {
  const { calculates, base, lastPremium, conceded = base } = facts;
  const least = conceded < base ? conceded : base;
  if (!calculates && premium < least) return { kind: 'too-low', refusal: 'needs-concession', least };
  if (!fallsBelowFloor({ premium, lastPremium, percent: 0 }, ladder)) return { kind: 'fits' };
  return { kind: 'too-low', refusal: 'below-the-floor', least: floorOf(lastPremium, ladder) };
}
