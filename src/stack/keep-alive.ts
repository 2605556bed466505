import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProcess } from './process.ts';

export type KeptAlive = { name: string; pid: () => number; stop: (patienceMs?: number) => Promise<void> };

type Care = {
  start: () => Promise<RunningProcess>;
  onStart?: (running: RunningProcess) => void;
  say: (line: string) => void;
};

const firstPauseMs = 250;
const longestPauseMs = 10_000;
const settledAfterMs = 30_000;

/** Starts a program and starts it again, with growing pauses, whenever it ends before it was told to. */
export async function keepAlive(care: Care): Promise<KeptAlive> {
  let running = await care.start();
  care.onStart?.(running);
  const { name } = running;
  const stopping = new AbortController();

  const startAgain = async (ending: string, pauseMs: number): Promise<void> => {
    care.say(`${name} ended (${ending}); it starts again in ${pauseMs / 1000} s`);
    await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
    try {
      running = await care.start();
      care.onStart?.(running);
    } catch (error) {
      care.say(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const watch = async (): Promise<void> => {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      const ending = await running.exited;
      if (stopping.signal.aborted) return;
      const wasSettled = Date.now() - startedAt > settledAfterMs;
      pauseMs = wasSettled ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      await startAgain(ending, pauseMs);
    }
  };

  const watching = watch();
  const stop = async (patienceMs?: number): Promise<void> => {
    stopping.abort();
    await running.stop(patienceMs);
    await watching;
    await running.stop(patienceMs);
  };
  return { name, pid: () => running.pid, stop };
}
