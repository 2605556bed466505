import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../src/renewal/calendar.ts';
import { aBuild, type Build } from '../support/a-build.ts';
import { startSeason, until, type Season } from './a-season-of-cases.ts';
import { agreement } from './ledgers.ts';
import {
  failuresIn,
  nextRelease,
  patchName,
  readRecords,
  renewOpenCases,
  stir,
  startRelease,
  tasksOf,
  untilRecords,
  withoutMemory,
  type Release,
  type RunningRelease,
} from './releases.ts';

const policies = 24;
let season: Season;
let builds: { old: Build; next: Build };
const running: RunningRelease[] = [];

beforeAll(async () => {
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

const old = (): Release => ({ name: 'old', build: builds.old, variables: withoutMemory });
const next = (): Release => ({ name: 'next', build: builds.next, variables: withoutMemory });
const held = (): Release => ({
  name: 'held',
  build: builds.next,
  variables: { ...withoutMemory, XUBAO_HELD_PATCHES: patchName },
});

async function start(release: Release): Promise<RunningRelease> {
  const worker = await startRelease(season, release);
  running.push(worker);
  return worker;
}

async function stop(worker: RunningRelease): Promise<void> {
  running.splice(running.indexOf(worker), 1);
  await worker.stop();
}

/** Starts a worker, and stops all others once it polls. */
async function replaceBy(release: Release): Promise<RunningRelease> {
  const before = [...running];
  const worker = await start(release);
  await Promise.all(before.map(stop));
  return worker;
}

/** Gives the cases something to do, and waits until a worker has done some of it. */
async function goesOnWith(worker: RunningRelease): Promise<void> {
  const soFar = tasksOf(await readRecords(season), worker);
  await stir(season);
  await untilRecords(season, `${worker.name} works`, (records) => tasksOf(records, worker) >= soFar + 5);
}

const tookPatch = async (): Promise<string[]> =>
  (await readRecords(season)).filter((record) => record.tookPatch).map(({ id }) => id);

/** What operations staff ask Temporal's list. */
const listedByPatch = async (): Promise<number> =>
  (await season.deps.temporal.client.workflow.count(`TemporalChangeVersion='${patchName}'`)).count;

describe('a release whose change of the order of commands is guarded by a patch', () => {
  test('runs beside the old one on the same queues while its patch is held, and no task fails', async () => {
    const [first, second] = await Promise.all([start(old()), start(held())]);
    await untilRecords(season, 'the intake opened every case', (records) => records.length === policies);
    await Promise.all([goesOnWith(first), goesOnWith(second)]);
    expect(failuresIn(await readRecords(season))).toEqual([]);
  });

  test('may be gone back from and to again', async () => {
    const [first, second] = running as [RunningRelease, RunningRelease];
    await stop(second);
    await goesOnWith(first);
    await goesOnWith(await replaceBy(held()));
    expect(failuresIn(await readRecords(season))).toEqual([]);
    expect(await tookPatch()).toEqual([]);
  });

  test('gives cases its patch once it is no longer held, and may hold it again', async () => {
    const [holding] = running as [RunningRelease];
    const taking = await start(next());
    await goesOnWith(taking);
    await until('such cases are listed', async () => (await listedByPatch()) === (await tookPatch()).length);
    await stop(taking);
    await goesOnWith(holding);
    expect((await tookPatch()).length).toBeGreaterThan(0);
    expect(failuresIn(await readRecords(season))).toEqual([]);
  });

  test('cannot be gone back from for cases that took the patch; they stand still until it is back', async () => {
    const worker = await replaceBy(old());
    const stirring = stir(season);
    await untilRecords(season, 'such a case met the old release', (records) => failuresIn(records).length > 0);
    await stop(worker);
    await stirring;
    const failed = (await readRecords(season)).filter((record) => record.failed.length > 0);
    expect(failed.map((record) => record.tookPatch)).toEqual(failed.map(() => true));
    expect(failuresIn(failed).filter((why) => !why.includes(worker.identity))).toEqual([]);
    await start(next());
  });

  test('closes every case, and all ledgers agree', async () => {
    await renewOpenCases(season);
    await until('every case has closed', async () => (await season.openCases()) === 0);
    expect(await agreement(season)).toEqual({ closed: policies, disagreements: [] });
  });
});
