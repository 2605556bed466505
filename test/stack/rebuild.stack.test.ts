import { asc, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rebuildCases } from '../../src/cases/rebuild.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { messageCounts, startSeason, until, type Season } from './a-season-of-cases.ts';

const policies = 12;
let season: Season;
let before: { id: string; stage: string | null }[];
let sentBefore: string[];

const stages = () =>
  season.deps.db.select({ id: renewals.id, stage: renewals.stage }).from(renewals).orderBy(asc(renewals.id));
const workflow = (id: string) => season.deps.temporal.client.workflow.getHandle(id);
/** What went out by the books, each as `case touch channel`; the provider may have told since that it arrived. */
const sentSoFar = async (): Promise<string[]> => {
  const { rows } = await season.deps.db.execute<{ what: string }>(
    sql`select renewal_id || ' ' || touch || ' ' || channel as what from messages
        where state in ('accepted', 'delivered') order by 1`,
  );
  return rows.map(({ what }) => what);
};

beforeAll(async () => {
  season = await startSeason({ today: '2027-03-15', policies, dayMs: 6_000 });
  const ofDay15 = async () => (await sentSoFar()).filter((what) => what.includes(' t-15 '));
  await until('touches of T-15 went out', async () => (await ofDay15()).length >= policies, 120_000);
});
afterAll(() => season.close());

describe("Temporal's store is lost and an empty one takes its place", () => {
  test('the rebuild opens every open case again at the stage where it stood', async () => {
    [before, sentBefore] = [await stages(), await sentSoFar()];
    const pid = season.stack.pids()['Temporal']!;
    process.kill(pid, 'SIGKILL');
    await until('an empty Temporal is up', async () => {
      const isNew = season.stack.pids()['Temporal'] !== pid;
      return isNew && (await rebuildCases(season.deps, () => {})).looked === policies;
    });
    for (const { id } of before) expect((await workflow(id).describe()).status.name).toBe('RUNNING');
    expect((await stages()).map(({ stage }) => stage)).toEqual(before.map(({ stage }) => stage));
  });

  test('a second rebuild finds nothing to do', async () => {
    expect(await rebuildCases(season.deps, () => {})).toMatchObject({ looked: policies, restarted: 0 });
  });

  test('the schedules are there again', async () => {
    const found: string[] = [];
    for await (const { scheduleId } of season.deps.temporal.client.schedule.list()) found.push(scheduleId);
    const ofCases = ['monthly-loss-review', 'nightly-intake', 'nightly-stray-check', 'settle-messages', 'sweep'];
    const ofStaff = ['half-month-list', 'hand-over', 'key-tracking-list', 'morning-digest'];
    expect(found.toSorted()).toEqual([...ofCases, ...ofStaff.map((name) => `staff-${name}`)].toSorted());
  });

  test('every case goes on to its end, and no touch is repeated', async () => {
    await until('every case has closed', async () => (await season.openCases()) === 0, 150_000);
    const { sms, mails } = await season.sent();
    expect(new Set(sms).size).toBe(sms.length);
    expect(new Set(mails).size).toBe(mails.length);
    const sent = await sentSoFar();
    expect(sent).toEqual(expect.arrayContaining(sentBefore));
    expect(sent.length).toBeGreaterThan(sentBefore.length);
    // On days of a few seconds a slow machine misses windows; what was missed is told as missed.
    const counts = Object.entries(await messageCounts(season.deps)).filter(([what]) => /^t-(15|0) /.test(what));
    expect(counts.filter(([what]) => !/ (accepted|delivered|expired)$/.test(what))).toEqual([]);
    expect(counts.reduce((all, [, rows]) => all + rows, 0)).toBe(3 * policies);
  });
});
