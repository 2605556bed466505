/** How often a list that cannot tell is asked before the class of the message decides. */
export const longestDoubt = 3;
/** How often a provider is asked about a message that it took and never reported on; the waits double. */
const mostFetches = 6;
const firstFetchAfter = 6;

/** How long (wall ms) callbacks are awaited before a provider is asked for the first time, by the state of the attempt. */
export function firstAsks(settlingMs: number): { unknown: number; accepted: number } {
  return { unknown: settlingMs, accepted: settlingMs * firstFetchAfter };
}

/**
 * How long (wall ms) until an attempt is asked about again after it was asked about `asks` times before; undefined when that
 * was the last time. With ten minutes of settling a message that was taken is asked about after 1, 3, 7, 15, 31 and 63 hours.
 */
export function nextAskAfter(settlingMs: number, { state, asks }: { state: string; asks: number }): number | undefined {
  switch (state) {
    case 'unknown':
      return settlingMs * 2 ** Math.min(asks, 3);
    case 'accepted':
      return asks + 1 < mostFetches ? settlingMs * firstFetchAfter * 2 ** (asks + 1) : undefined;
    default:
      return undefined;
  }
}
