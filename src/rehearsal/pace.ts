import { setTimeout as sleep } from 'node:timers/promises';
import type { Lag } from './lag.ts';

export type PaceState = { lag: Lag; worst: Lag; stretchedMs: number; stretching: boolean };

export type Pace = { run: () => Promise<void>; state: () => PaceState };

type Parts = {
  readLag: () => Promise<Lag>;
  /** Lets business time stand still for some wall milliseconds. */
  stretch: (wallMs: number) => Promise<void>;
  /** How long a business day lasts, in wall milliseconds. */
  dayMs: number;
  signal: AbortSignal;
};

const hoursOfADay = 24;
const halfADay = 12;
const quarterOfADay = 6;
const lookEveryMs = 250;
const shortestPauseMs = 500;

/** Keeps the business day as long as the machine needs: from half a day of lag it stands still until that is below a quarter. */
export function keepPace({ readLag, stretch, dayMs, signal }: Parts): Pace {
  const none: Lag = { hours: 0, what: '' };
  const state: PaceState = { lag: none, worst: none, stretchedMs: 0, stretching: false };
  let standsUntil = 0;

  // The next pause begins before the last one ends: a slow look at the lag must not let the day run on.
  const standStill = async (): Promise<void> => {
    if (standsUntil - Date.now() > 2 * lookEveryMs) return;
    // About as long as the machine is behind: every pause wakes the cases whose instants it moves.
    const behindMs = (state.lag.hours / hoursOfADay) * dayMs;
    const pauseMs = Math.min(Math.max(behindMs, dayMs / 4, shortestPauseMs), 2 * dayMs);
    standsUntil = Math.max(standsUntil, Date.now()) + pauseMs;
    await stretch(pauseMs);
    state.stretchedMs += pauseMs;
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      state.lag = await readLag();
      if (state.lag.hours > state.worst.hours) state.worst = state.lag;
      state.stretching = state.lag.hours > (state.stretching ? quarterOfADay : halfADay);
      if (state.stretching) await standStill();
      await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
    }
  };
  return { run, state: () => ({ ...state }) };
}
