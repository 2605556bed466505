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

const halfADay = 12;
const quarterOfADay = 6;
const shortestStepMs = 100;
const longestStepMs = 300;

/** Keeps the business day as long as the machine needs: from half a day of lag until it is below a quarter. */
export function keepPace({ readLag, stretch, dayMs, signal }: Parts): Pace {
  const stepMs = Math.min(Math.max(dayMs / 10, shortestStepMs), longestStepMs);
  const none: Lag = { hours: 0, what: '' };
  const state: PaceState = { lag: none, worst: none, stretchedMs: 0, stretching: false };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      state.lag = await readLag();
      if (state.lag.hours > state.worst.hours) state.worst = state.lag;
      state.stretching = state.lag.hours > (state.stretching ? quarterOfADay : halfADay);
      if (state.stretching) {
        await stretch(stepMs);
        state.stretchedMs += stepMs;
      }
      await sleep(stepMs, undefined, { signal }).catch(() => {});
    }
  };
  return { run, state: () => ({ ...state }) };
}
