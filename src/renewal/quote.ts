import type { Instant } from './calendar.ts';

export const quoteKinds = ['indicative', 'firm'] as const;
export type QuoteKind = (typeof quoteKinds)[number];

/** What a quote given now is: firm once the bind clock is open (business.md, Two clocks). */
export function quoteKindAt(now: Instant, { bindOpensAt }: { bindOpensAt: Instant }): QuoteKind {
  return now >= bindOpensAt ? 'firm' : 'indicative';
}
