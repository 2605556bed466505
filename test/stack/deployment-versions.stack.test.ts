import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../src/renewal/calendar.ts';
import { silentProgress } from '../../src/stack/progress.ts';
import { findTemporalBinary } from '../../src/stack/temporal-binary.ts';
import { aBuild, type Build } from '../support/a-build.ts';
import { runProgram } from '../support/run-program.ts';
import { startSeason, until, type Season } from './a-season-of-cases.ts';
import { agreement } from './ledgers.ts';
import {
  failuresIn,
  nextRelease,
  patchName,
  readRecords,
  renewOpenCases,
  startRelease,
  stir,
  tasksOf,
  untilRecords,
} from './releases.ts';
import type { RunningRelease } from './releases.ts';

const policies = 24;
const deployment = 'xubao';
let season: Season;
let temporal: string;
let builds: { old: Build; next: Build };
const running: RunningRelease[] = [];

beforeAll(async () => {
  temporal = await findTemporalBinary(process.env['XUBAO_TEMPORAL_BINARY'], silentProgress);
  builds = { old: aBuild([]), next: aBuild(nextRelease) };
  const expiresOn = (turn: number): string => addDays('2027-04-10', turn);
  season = await startSeason({ today: '2027-03-15', policies, dayMs: 4_000, serversOnly: true, expiresOn });
});
afterAll(async () => {
  for (const worker of running) await worker.stop();
  await season.close();
  builds.old.remove();
  builds.next.remove();
});

/** Runs a command of docs/operations.md, Deploying a new version. */
async function run(...args: readonly string[]): Promise<void> {
  const address = ['--address', `127.0.0.1:${season.stack.ports.temporal}`];
  const { status, output } = await runProgram(temporal, [...args, '--yes', ...address], { cwd: '/' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${output}`);
}

function steer(command: string, ...more: string[]): Promise<void> {
  return run('worker', 'deployment', command, '--deployment-name', deployment, ...more);
}

/** Says on which version the running cases that took the patch stay. */
function place(...placement: string[]): Promise<void> {
  const reason = ['--reason', 'a deploy'];
  return run(
    'workflow',
    'update-options',
    '--query',
    tookPatch,
    ...reason,
    '--versioning-override-behavior',
    ...placement,
  );
}

const tookPatch = `TemporalChangeVersion='${patchName}' AND ExecutionStatus='Running'`;

/** Runs a command once the version's workers poll all queues. */
const onceItPolls = (command: string, ...more: string[]): Promise<void> =>
  until(`${command} was taken`, async () => steer(command, ...more).then(() => true), 20_000);

async function startVersion(buildId: string, build: Build, more: Record<string, string> = {}): Promise<RunningRelease> {
  const variables = { XUBAO_DEPLOYMENT: deployment, XUBAO_BUILD_ID: buildId, ...more };
  const worker = await startRelease(season, { name: `version ${buildId}`, build, variables });
  running.push(worker);
  return worker;
}

async function stop(worker: RunningRelease): Promise<void> {
  running.splice(running.indexOf(worker), 1);
  await worker.stop();
}

async function countOf(query: string): Promise<number> {
  return (await season.deps.temporal.client.workflow.count(query)).count;
}

const runningOn = (buildId: string): Promise<number> =>
  countOf(
    `WorkflowType='renewal' AND ExecutionStatus='Running' AND TemporalWorkerDeploymentVersion='${deployment}:${buildId}'`,
  );

/** Waits until Temporal's list, which is a moment behind, shows all open cases that took the patch. */
async function untilListed(): Promise<number> {
  await sleep(1_500);
  return countOf(tookPatch);
}

describe('versions of a worker deployment', () => {
  let first: RunningRelease;
  let second: RunningRelease;

  test('a worker does nothing before its version is current', async () => {
    first = await startVersion('1', builds.old);
    await sleep(season.dayMs);
    expect(await season.openCases()).toBe(0);
    await onceItPolls('set-current-version', '--build-id', '1');
    await until('the intake opened every case', async () => (await season.openCases()) === policies);
  });

  test('the next version gets no case until it is ramped, and then its share', async () => {
    second = await startVersion('2', builds.next);
    await sleep(season.dayMs);
    expect(tasksOf(await readRecords(season), second)).toBe(0);
    await onceItPolls('set-ramping-version', '--build-id', '2', '--percentage', '50');
    await stir(season);
    await until('cases run on both', async () => (await runningOn('1')) > 0 && (await runningOn('2')) > 0);
    await until('cases took the patch', async () => (await countOf(tookPatch)) > 0);
  });

  test('is rolled back without a failure: it holds its patch, and the cases that took it stay with it', async () => {
    const holding = await startVersion('2', builds.next, { XUBAO_HELD_PATCHES: patchName });
    await stop(second);
    second = holding;
    const patched = await untilListed();
    await place('pinned', '--versioning-override-deployment-name', deployment, '--versioning-override-build-id', '2');
    await steer('set-ramping-version', '--build-id', '2', '--delete');
    const before = tasksOf(await readRecords(season), first);
    await stir(season);
    await untilRecords(season, 'the first goes on', (records) => tasksOf(records, first) > before + 10);
    await until('only those stay on the second', async () => (await runningOn('2')) === patched);
    expect(failuresIn(await readRecords(season))).toEqual([]);
  });

  test('takes every case once it is current, and the old workers may go when no case is left on theirs', async () => {
    await steer('set-current-version', '--build-id', '2');
    await place('unspecified');
    await stir(season);
    await until('no running case is left on the first', async () => (await runningOn('1')) === 0);
    expect(await runningOn('2')).toBeGreaterThan(0);
    await stop(first);
  });

  test('closes every case without a failed task, and all ledgers agree', async () => {
    await renewOpenCases(season);
    await until('every case has closed', async () => (await season.openCases()) === 0);
    expect(failuresIn(await readRecords(season))).toEqual([]);
    expect(await agreement(season)).toEqual({ closed: policies, disagreements: [] });
  });
});
