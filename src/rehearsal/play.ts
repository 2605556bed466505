import { setTimeout as sleep } from 'node:timers/promises';
import { dayMs, type Instant } from '../renewal/calendar.ts';
import type { Performed } from './perform.ts';
import type { Act } from './script.ts';

export type ActFault = { act: string; detail: string };

export type PlayState = {
  total: number;
  due: number;
  done: number;
  late: ActFault[];
  failed: ActFault[];
  /** How far the act that is most behind is behind, in business milliseconds. */
  behindMs: number;
};

export type Play = { run: () => Promise<void>; state: () => PlayState };

type Parts = {
  acts: readonly Act[];
  readNow: () => Promise<Instant>;
  perform: (act: Act) => Promise<Performed>;
  signal: AbortSignal;
};

const lookEveryMs = 150;
const atOnce = 12;
const retryMs = 300;
// What still is not there after so much business time was never made.
const patience = 2 * dayMs;

/** Performs each act once business time has come to it; acts about one case keep their order. */
export function playScript({ acts, readNow, perform, signal }: Parts): Play {
  const waiting = acts.toSorted((one, other) => one.at - other.at);
  const ready: Act[] = [];
  const running = new Map<string, Act>();
  const counts = { done: 0, late: [] as ActFault[], failed: [] as ActFault[] };
  let now: Instant = 0;

  const take = async (act: Act): Promise<void> => {
    const performed = await performPatiently(act);
    counts.done += 1;
    if (performed.kind === 'late') counts.late.push({ act: act.key, detail: performed.detail });
    if (performed.kind === 'failed') counts.failed.push({ act: act.key, detail: performed.detail });
  };

  const performPatiently = async (act: Act): Promise<Performed> => {
    for (;;) {
      const performed = await perform(act).catch((error: unknown): Performed => {
        return { kind: 'failed', detail: error instanceof Error ? error.message : String(error) };
      });
      if (performed.kind !== 'not-yet') return performed;
      if (now - act.at > patience) return { kind: 'failed', detail: 'what it needs never came' };
      await sleep(retryMs, undefined, { signal });
    }
  };

  const startReady = (): void => {
    for (let place = 0; place < ready.length && running.size < atOnce;) {
      const act = ready[place];
      if (!act || running.has(act.renewalId)) {
        place += 1;
        continue;
      }
      ready.splice(place, 1);
      running.set(act.renewalId, act);
      const finish = (): void => {
        running.delete(act.renewalId);
        if (!signal.aborted) startReady();
      };
      take(act).then(finish, finish);
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length + ready.length + running.size > 0) {
      signal.throwIfAborted();
      now = await readNow();
      while (waiting[0] && waiting[0].at <= now) ready.push(...waiting.splice(0, 1));
      startReady();
      await sleep(lookEveryMs, undefined, { signal });
    }
  };

  const behindMs = (): number => {
    const oldest = Math.min(...[...running.values(), ...ready.slice(0, 1)].map((act) => act.at));
    return Number.isFinite(oldest) ? Math.max(0, now - oldest) : 0;
  };
  const state = (): PlayState => {
    const { done, late, failed } = counts;
    return { total: acts.length, due: done + running.size + ready.length, done, late, failed, behindMs: behindMs() };
  };
  return { run, state };
}
