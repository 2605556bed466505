import { asc, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rebuildCases } from '../../src/cases/rebuild.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { messageCounts, startSeason, until, type Season } from './a-season-of-cases.ts';

const policies = 12;
let season: Season;
let before: { id: string; stage: string | null }[];

const stages = () =>
  season.deps.db.select({ id: renewals.id, stage: renewals.stage }).from(renewals).orderBy(asc(renewals.id));
const workflow = (id: string) => season.deps.temporal.client.workflow.getHandle(id);
const sentSoFar = async (): Promise<number> => {
  const { rows } = await season.deps.db.execute<{ sent: number }>(
    sql`select count(*)::int as sent from messages where state = 'accepted'`,
  );
  return rows[0]?.sent ?? 0;
};

beforeAll(async () => {
  season = await startSeason({ today: '2027-03-15', policies });
  await until('the touches of T-15 went out', async () => (await sentSoFar()) >= 2 * policies, 120_000);
});
afterAll(() => season.close());

describe("Temporal's store is lost and an empty one takes its place", () => {
  test('the rebuild opens every open case again at the stage where it stood', async () => {
    before = await stages();
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
    const counts = await messageCounts(season.deps);
    expect((counts['t-15 sms accepted'] ?? 0) + (counts['t-15 sms delivered'] ?? 0)).toBe(policies);
    expect(counts['t-0 email accepted']).toBe(policies);
  });
});
