import { setTimeout as sleep } from 'node:timers/promises';
import type { Lag } from './lag.ts';

/** `dayMs` is how long a business day lasts now; `pausedMs` how long it has stood still in all. */
export type PaceState = { lag: Lag; worst: Lag; dayMs: number; pausedMs: number; stretching: boolean };

export type Pace = { run: () => Promise<void>; state: () => PaceState };

type Parts = {
  readLag: () => Promise<Lag>;
  /** Lets business time stand still for a while and pass more slowly after that. */
  stretch: (stretch: { pauseMs: number; factor: number }) => Promise<void>;
  /** How long a business day lasts at first, in wall milliseconds. */
  dayMs: number;
  signal: AbortSignal;
  now?: () => number;
};

const halfADay = 12;
const lookEveryMs = 250;
const pausedDays = 2;
const slowerBy = 1.2;
const soonDays = 4;

/**
 * Keeps the business day as long as the machine needs: half a day of lag makes it stand still for two days, and when that
 * happens again within four days, pass more slowly from then on. Few and large steps: each wakes every case that waits.
 */
export function keepPace({ readLag, stretch, dayMs, signal, now = Date.now }: Parts): Pace {
  const none: Lag = { hours: 0, what: '' };
  const state: PaceState = { lag: none, worst: none, dayMs, pausedMs: 0, stretching: false };
  let looksAgainAt = 0;
  let stoodUntil = Number.NEGATIVE_INFINITY;

  const stretchOnce = async (): Promise<void> => {
    const pauseMs = pausedDays * state.dayMs;
    // One crowded day is waited for; only days that crowd again and again pass more slowly.
    const factor = now() - stoodUntil < soonDays * state.dayMs ? slowerBy : 1;
    await stretch({ pauseMs, factor });
    state.dayMs *= factor;
    state.pausedMs += pauseMs;
    stoodUntil = now() + pauseMs;
    looksAgainAt = stoodUntil + state.dayMs / 2;
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      state.lag = await readLag();
      if (state.lag.hours > state.worst.hours) state.worst = state.lag;
      state.stretching = state.lag.hours > halfADay;
      if (state.stretching && now() >= looksAgainAt) await stretchOnce();
      await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
    }
  };
  return { run, state: () => ({ ...state }) };
}
