import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNull } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { recordResult, type RecordedResult } from '../../src/cases/record-result.ts';
import { readClock } from '../../src/db/business-clock.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { cleanEnvironment } from '../../src/stack/environment.ts';
import { startProcess, untilReady, type RunningProcess } from '../../src/stack/process.ts';
import type { Build, Edit } from '../support/a-build.ts';
import { until, type Season } from './a-season-of-cases.ts';

/** What the next release does otherwise: a case pauses before each of its steps. */
export const patchName = 'a-pause-before-each-step';
const step = '  const question = { renewalId: own.input.renewalId, stamp: own.state.stamp };';
export const nextRelease: readonly Edit[] = [
  {
    file: 'workflows/renewal.ts',
    from: step,
    to: `  if (patched('${patchName}')) await condition(() => false, 1);\n${step}`,
  },
];

/** Without a memory of cases each task goes to whichever worker asks first, which replays the case from its history. */
export const withoutMemory = { XUBAO_MAX_CACHED_WORKFLOWS: '0' };

export type Release = { name: string; build: Build; variables?: Record<string, string> };
export type RunningRelease = { name: string; pid: number; identity: string; stop: () => Promise<void> };

/** Workers start and tasks time out slowly on a busy machine. */
const patienceMs = 120_000;

let started = 0;

/** Starts a worker of a release as a process of its own, and waits until it polls. */
export async function startRelease({ stack, folder }: Season, release: Release): Promise<RunningRelease> {
  const logFile = join(folder, `worker-${release.name}-${(started += 1)}.log`);
  const running: RunningProcess = await startProcess({
    name: release.name,
    command: process.execPath,
    args: [release.build.worker],
    env: { ...cleanEnvironment(), ...stack.env, XUBAO_LOG_LEVEL: 'info', ...release.variables },
    logFile,
  });
  const isReady = async (): Promise<boolean> => readFileSync(logFile, 'utf8').includes('the worker polls');
  await untilReady(running, logFile, { isReady, withinMs: 60_000 });
  return { name: release.name, pid: running.pid, identity: `${running.pid}@`, stop: () => running.stop() };
}

/** What workers did and could not do for a case. */
export type CaseRecord = {
  id: string;
  /** Workflow tasks by the process that completed them. */
  done: ReadonlyMap<string, number>;
  /** Causes of workflow tasks that failed. */
  failed: readonly string[];
  tookPatch: boolean;
};

export async function readRecords({ deps }: Season): Promise<CaseRecord[]> {
  const rows = await deps.db.select({ id: renewals.id }).from(renewals);
  return Promise.all(rows.map(({ id }) => readRecord(deps.temporal.client.workflow.getHandle(id))));
}

type Handle = ReturnType<Season['deps']['temporal']['client']['workflow']['getHandle']>;

async function readRecord(handle: Handle): Promise<CaseRecord> {
  const { events } = await handle.fetchHistory();
  const done = new Map<string, number>();
  const failed: string[] = [];
  let tookPatch = false;
  for (const event of events ?? []) {
    const { identity } = event.workflowTaskCompletedEventAttributes ?? {};
    if (identity) done.set(processOf(identity), (done.get(processOf(identity)) ?? 0) + 1);
    const failure = event.workflowTaskFailedEventAttributes;
    if (failure) failed.push(`${processOf(failure.identity ?? '')} ${failure.failure?.message ?? failure.cause}`);
    if (event.markerRecordedEventAttributes?.markerName === 'core_patch') tookPatch = true;
  }
  return { id: handle.workflowId, done, failed, tookPatch };
}

/** A worker's identity is `process@machine`. */
function processOf(identity: string): string {
  return identity.slice(0, identity.indexOf('@') + 1);
}

/** How many workflow tasks a worker has completed. */
export function tasksOf(records: readonly CaseRecord[], { identity }: RunningRelease): number {
  return records.reduce((sum, { done }) => sum + (done.get(identity) ?? 0), 0);
}

export function failuresIn(records: readonly CaseRecord[]): string[] {
  return records.flatMap(({ id, failed }) => failed.map((why) => `${id}: ${why}`));
}

/** Records a result in every open case; answers how many cases could not be told. */
async function recordEverywhere(
  { deps }: Season,
  resultOf: (renewalId: string) => Pick<RecordedResult, 'result' | 'callBackAt' | 'newPolicyNumber'>,
): Promise<number> {
  const open = await deps.db.select({ id: renewals.id }).from(renewals).where(isNull(renewals.outcome));
  const said = open.map(({ id }) => ({ id: uuidv7(), renewalId: id, recordedBy: 'A1', ...resultOf(id) }));
  const answers = await Promise.all(said.map((result) => recordResult(deps, result)));
  return answers.filter(({ kind }) => kind === 'unavailable').length;
}

/** Gives every open case something to do at once: a call-back that is due in an hour of business. */
export async function stir(season: Season): Promise<void> {
  const { now } = await readClock(season.deps.db);
  const callBackAt = new Date(now + 3_600_000);
  await recordEverywhere(season, () => ({ result: 'promised', callBackAt }));
}

/** Renews whatever is open, until nothing is. */
export async function renewOpenCases(season: Season): Promise<void> {
  const renewed = (id: string) => ({ result: 'renewed', newPolicyNumber: `N${id}` }) as const;
  await until('every case was renewed', async () => (await recordEverywhere(season, renewed)) === 0, patienceMs);
}

/** Waits until the records of the cases show a fact; reading them all is work that the cases wait for. */
export function untilRecords(
  season: Season,
  fact: string,
  holds: (records: readonly CaseRecord[]) => boolean,
): Promise<void> {
  const see = async (): Promise<boolean> => {
    await sleep(750);
    return holds(await readRecords(season));
  };
  return until(fact, see, patienceMs);
}
