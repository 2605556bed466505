import { minuteMs } from '../renewal/calendar.ts';

/** Wall time: a provider knows nothing of the business clock. */
export const usualSettlingMs = 10 * minuteMs;

/** How often a list that cannot tell is asked before the class of the message decides. */
export const longestDoubt = 3;
/** How often a provider is asked about a message that it took and never reported on; the waits double. */
const mostFetches = 6;
const firstFetchAfter = 6;

/**
 * When (wall ms) an attempt is asked about next, counted from now; undefined when it is not asked about any more. Of one
 * that was taken a callback is awaited first: at the usual settling time it is asked after 1, 2, 4, 8, 16 and 32 hours.
 */
export function nextAskAfter(settlingMs: number, { state, asks }: { state: string; asks: number }): number | undefined {
  switch (state) {
    case 'claimed':
    case 'unknown':
      return settlingMs * 2 ** Math.min(asks, 3);
    case 'accepted':
      return asks < mostFetches ? settlingMs * firstFetchAfter * 2 ** asks : undefined;
    default:
      return undefined;
  }
}
