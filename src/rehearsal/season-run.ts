import { setTimeout as sleep } from 'node:timers/promises';
import { readClock, stretchDay } from '../db/business-clock.ts';
import { addDays, dayMs as businessDayMs, type Instant } from '../renewal/calendar.ts';
import { horizonDays } from '../renewal/eligibility.ts';
import { defaultStagePlan } from '../renewal/default-stage-plan.ts';
import type { Api } from './api.ts';
import { describeScene, type Display, type Scene } from './display.ts';
import { readLag, type Lag } from './lag.ts';
import { countWorkflows } from './ledgers.ts';
import { keepPace, type PaceState } from './pace.ts';
import { performAct } from './perform.ts';
import { playScript, type PlayState } from './play.ts';
import type { RehearsalStack } from './rehearsal-stack.ts';
import type { Act } from './script.ts';
import type { Season } from './season.ts';
import { readSituation, sumOf, type Situation } from './situation.ts';

export type SeasonRun = {
  play: PlayState;
  pace: PaceState;
  repeats: number;
  wallMs: number;
  /** Why the season was given up; none when every case closed. */
  givenUp?: string;
};

type Parts = {
  stack: RehearsalStack;
  season: Season;
  acts: readonly Act[];
  api: Api;
  dayMs: number;
  display: Display;
  signal: AbortSignal;
};

const lookEveryMs = 1_000;
const stuckAfterMs = 120_000;
const slackDays = 2;
const hourMs = 3_600_000;

/** Lets the season pass until every case has closed and every workflow has ended, or nothing moves any more. */
export async function runSeason(parts: Parts): Promise<SeasonRun> {
  const { stack, season, acts, api } = parts;
  const ending = new AbortController();
  const signal = AbortSignal.any([parts.signal, ending.signal]);
  const { db, calendar } = stack;
  const play = playScript({
    acts,
    readNow: async () => (await readClock(db)).now,
    perform: (act) => performAct(api, act),
    signal,
  });
  const pace = keepPace({
    readLag: async () => worse(await readLag(db, season, calendar.zone), play.state()),
    stretch: (stretch) => stretchDay(db, stretch),
    dayMs: parts.dayMs,
    signal,
  });
  const startedAt = Date.now();
  const background = [play.run(), pace.run()].map((work) => work.catch((error: unknown) => error));
  try {
    const givenUp = await watch(parts, { play: play.state, pace: pace.state, startedAt });
    const wallMs = Date.now() - startedAt;
    const found = { play: play.state(), pace: pace.state(), repeats: api.repeats(), wallMs };
    return givenUp === undefined ? found : { ...found, givenUp };
  } finally {
    ending.abort();
    await Promise.all(background);
  }
}

/** People who cannot get through are as late as a timer. */
function worse(timers: Lag, { behindMs }: PlayState): Lag {
  const hours = behindMs / hourMs;
  return hours > timers.hours ? { hours, what: "people's acts" } : timers;
}

type Watched = { play: () => PlayState; pace: () => PaceState; startedAt: number };

async function watch(parts: Parts, watched: Watched): Promise<string | undefined> {
  const { stack, season, display, signal } = parts;
  const lastCloseAt = daysAfterLastExpiry(parts, defaultStagePlan.graceDays + slackDays);
  const lastOpeningAt = daysAfterLastExpiry(parts, slackDays - horizonDays);
  let moved = { sign: '', at: Date.now() };
  for (;;) {
    signal.throwIfAborted();
    const situation = await readSituation(stack.db, season);
    const scene = sceneOf(situation, watched, { lastCloseAt, dayMs: watched.pace().dayMs });
    display.show(describeScene(scene, stack.calendar));
    const { now: _now, ...counted } = situation;
    const sign = JSON.stringify([counted, scene.play.done]);
    if (sign !== moved.sign) moved = { sign, at: Date.now() };
    if (isOver(scene, lastOpeningAt) && (await everyWorkflowEnded(stack))) return undefined;
    const still = Date.now() - moved.at;
    if (still > stuckAfterMs && (situation.now > lastCloseAt || scene.pace.stretching)) return whyStuck(scene);
    await sleep(lookEveryMs, undefined, { signal });
  }
}

function isOver({ situation, play }: Scene, lastOpeningAt: Instant): boolean {
  const nothingOpen = sumOf(situation.openByStage) === 0 && situation.notOpened === 0;
  return nothingOpen && play.done === play.total && situation.now > lastOpeningAt;
}

/** A confirmation may go out after the close of its case; the workflow ends with it. */
async function everyWorkflowEnded({ temporal }: RehearsalStack): Promise<boolean> {
  return ((await countWorkflows(temporal))['Running'] ?? 0) === 0;
}

function whyStuck({ situation, play, pace }: Scene): string {
  const open = sumOf(situation.openByStage);
  const parts = [
    `nothing moved for ${stuckAfterMs / 1_000} s`,
    `${open} cases open, ${situation.notOpened} terms neither opened nor left out`,
    `${play.total - play.done} acts not done`,
    ...(pace.lag.what === ''
      ? []
      : [`furthest behind: ${pace.lag.what} by ${pace.lag.hours.toFixed(1)} business hours`]),
  ];
  return parts.join('; ');
}

function sceneOf(
  situation: Situation,
  { play, pace, startedAt }: Watched,
  { lastCloseAt, dayMs }: { lastCloseAt: Instant; dayMs: number },
): Scene {
  const leftMs = Math.max(0, lastCloseAt - situation.now) * (dayMs / businessDayMs);
  return { situation, play: play(), pace: pace(), elapsedMs: Date.now() - startedAt, leftMs };
}

function daysAfterLastExpiry({ season, stack }: Parts, days: number): Instant {
  const lastExpiry = season.terms.reduce((latest, { expiresOn }) => (expiresOn > latest ? expiresOn : latest), '');
  return stack.calendar.instantOf(addDays(lastExpiry || season.to, days), 0);
}
