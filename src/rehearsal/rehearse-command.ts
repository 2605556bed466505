import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { anchorClock, stretchDay } from '../db/business-clock.ts';
import { dayMs as businessDayMs, type Day } from '../renewal/calendar.ts';
import { reportProgress, type Progress } from '../stack/progress.ts';
import { openApi } from './api.ts';
import { openDisplay } from './display.ts';
import { describeVerdict } from './final-report.ts';
import { listDay } from './journey.ts';
import { importList, untilReady, type ImportedList } from './load-season.ts';
import { readOptions, type RawOptions, type RehearsalOptions } from './rehearsal-options.ts';
import { startOwnStack, type RehearsalStack } from './rehearsal-stack.ts';
import { takeRunningStack } from './running-stack.ts';
import { takeSample } from './sample.ts';
import { scriptOf } from './script.ts';
import { readSeason, type Season } from './season.ts';
import { writeSeasonFile } from './season-file.ts';
import { runSeason, type SeasonRun } from './season-run.ts';
import { judgeSeason, type Verdict } from './verdict.ts';

const interrupted = 130;

/** `npx xubao rehearse`: a past season lived again on the product, and its books beside what really happened. */
export async function rehearse(raw: RawOptions): Promise<void> {
  const options = readOptions(raw);
  const progress = reportProgress(process.stdout);
  const signal = hearOfLeaving(progress.say);
  try {
    const verdict = await rehearseSeason(options, { progress, signal });
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(verdict, null, 2)}\n`);
    process.stdout.write(describeVerdict(verdict));
    process.exitCode = verdict.faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.say('Given up; nothing is left behind.');
    process.exitCode = interrupted;
  }
}

type Means = { progress: Progress; signal: AbortSignal };

async function rehearseSeason(options: RehearsalOptions, means: Means): Promise<Verdict> {
  const { progress, signal } = means;
  const listedOn = listDay(options);
  const whole = await progress.during('Reading the book', () => readSeason(options));
  if (whole.terms.length === 0) throw new Error(`No term of the book expires from ${options.from} to ${options.to}.`);
  const season = options.limit === undefined ? whole : takeSample(whole, options.limit, listedOn);
  progress.say(`${season.terms.length} of ${whole.terms.length} terms take part`);
  const stack = await takeStack(options, { ...means, today: listedOn });
  try {
    const startedAt = busySeconds();
    const played = await playOn(stack, { options, season, listedOn, means });
    signal.throwIfAborted();
    return await judgeSeason(stack, { ...played, season, listedOn, cpuSeconds: busySeconds() - startedAt });
  } finally {
    await stack.close();
  }
}

function takeStack(options: RehearsalOptions, means: Means & { today: Day }): Promise<RehearsalStack> {
  const { dayMs, keep, running } = options;
  return running ? takeRunningStack({ today: means.today, dayMs }) : startOwnStack({ ...means, dayMs, keep });
}

type Playing = { options: RehearsalOptions; season: Season; listedOn: Day; means: Means };

async function playOn(
  stack: RehearsalStack,
  { options, season, listedOn, means }: Playing,
): Promise<{ imported: ImportedList; run: SeasonRun }> {
  const { signal, progress } = means;
  const { db, calendar, urls } = stack;
  const beginning = { businessAt: calendar.instantOf(listedOn, 0), speed: businessDayMs / options.dayMs };
  await untilReady(urls.api, signal);
  // Business time waits until the list is in; otherwise a slow import would eat the first days of the season.
  await anchorClock(db, beginning);
  await stretchDay(db, { pauseMs: businessDayMs });
  const api = openApi(urls.api, signal);
  const path = join(stack.folder, 'season.csv');
  await writeSeasonFile(path, season, { columns: options.columns, listedOn });
  const key = `rehearsal.${season.from}.${season.to}.${Date.now()}`;
  const imported = await progress.during('Importing the season', () =>
    importList(api, { path, format: options.format.name, key }, signal),
  );
  const acts = season.terms.flatMap((term) => scriptOf(term, { calendar, listedOn }));
  progress.say(`The season begins: API ${urls.api}, Temporal Web UI ${urls.temporalUi}`);
  await anchorClock(db, beginning);
  const display = openDisplay(process.stdout);
  const run = await runSeason({ stack, season, acts, api, dayMs: options.dayMs, display, signal });
  return { imported, run };
}

/** Seconds that the machine's processors were not idle since it started. */
function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1_000, 0);
}

// npm passes a terminal's Ctrl-C on although we got it already: what comes within a second is the same keystroke.
const sameKeystrokeMs = 1_000;

function hearOfLeaving(say: (line: string) => void): AbortSignal {
  const leaving = new AbortController();
  let firstAt = 0;
  const hear = (): void => {
    if (firstAt > 0 && Date.now() - firstAt > sameKeystrokeMs) process.exit(interrupted);
    if (firstAt === 0) say('Stopping …');
    firstAt ||= Date.now();
    leaving.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  return leaving.signal;
}
