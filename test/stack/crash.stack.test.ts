import { asc, eq, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messages } from '../../src/db/schema/messages.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { messageCounts, startSeason, until, type Season } from './a-season-of-cases.ts';

const policies = 45;
const kills = 3;
/** Expiry days a week apart: a killed worker takes days of this season to come back, and touches must still be due then. */
const expiryDays = ['2027-04-01', '2027-04-08', '2027-04-15'];
const expiresOn = (turn: number): string => expiryDays[turn % expiryDays.length]!;
let season: Season;
/** Messages that were claimed and not settled in a moment in which the worker died. */
const interrupted = new Set<string>();

beforeAll(async () => {
  season = await startSeason({ today: '2027-03-15', policies, expiresOn, dayMs: 5_000 });
  await until('the intake opened every case', async () => (await season.openCases()) === policies);
  await season.holdSmsFor(1_500);
});
afterAll(() => season.close());

async function freshlyClaimed(): Promise<string[]> {
  const rows = await season.deps.db.select({ id: messages.id }).from(messages).where(eq(messages.state, 'claimed'));
  return rows.map(({ id }) => id).filter((id) => !interrupted.has(id));
}

async function killWorkerInMidSend(): Promise<void> {
  await until('messages are being sent', async () => (await freshlyClaimed()).length > 0, 120_000);
  const pid = season.stack.pids()['worker']!;
  process.kill(pid, 'SIGKILL');
  for (const id of await freshlyClaimed()) interrupted.add(id);
  await until('the worker is back', async () => season.stack.pids()['worker'] !== pid);
}

describe('a worker that is killed again and again while it sends', () => {
  test('closes every case all the same, and no customer gets a message twice', async () => {
    for (let kill = 0; kill < kills; kill += 1) await killWorkerInMidSend();
    await until('every case has closed', async () => (await season.openCases()) === 0, 300_000);
    const { sms, mails } = await season.sent();
    expect(sms.toSorted()).toEqual([...new Set(sms)].toSorted());
    expect(mails.toSorted()).toEqual([...new Set(mails)].toSorted());
    const counts = JSON.stringify(await messageCounts(season.deps));
    process.stdout.write(`${kills} kills hit ${interrupted.size} sends: ${counts}\n`);
  }, 480_000);

  test('was really hit between claim and verdict', () => {
    expect(interrupted.size).toBeGreaterThanOrEqual(kills);
  });

  test('leaves what was under way as unknown, or as the provider told it later, and never as planned', async () => {
    const rows = await season.deps.db
      .select()
      .from(messages)
      .where(inArray(messages.id, [...interrupted]));
    expect(rows.map(({ state }) => state)).not.toContain('planned');
    expect(rows.map(({ state }) => state)).not.toContain('claimed');
  });

  test('keeps one row for each touch and channel of each case', async () => {
    const { rows } = await season.deps.db.execute(
      sql`select renewal_id, count(*)::int as rows from messages where touch <> 't-30' group by 1 having count(*) <> 5`,
    );
    expect(rows).toEqual([]);
  });

  test('loses none at the provider: whatever is recorded as accepted was taken by the stand-in', async () => {
    const accepted = await season.deps.db
      .select()
      .from(messages)
      .where(sql`state in ('accepted', 'delivered') and channel = 'sms'`);
    const { sms } = await season.sent();
    expect(accepted.filter(({ address, body }) => !sms.includes(`${address} ${body}`))).toEqual([]);
  });

  test('ends all cases in the lost book, in Temporal as in the database', async () => {
    const rows = await season.deps.db.select().from(renewals).orderBy(asc(renewals.id));
    expect(rows.map(({ outcome, lossReason }) => `${outcome} ${lossReason}`)).toEqual(rows.map(() => 'lost no-result'));
    const handles = rows.map(({ id }) => season.deps.temporal.client.workflow.getHandle(id));
    const outcomes = await Promise.all(handles.map((handle) => handle.result()));
    expect(outcomes).toEqual(rows.map(() => ({ kind: 'lost', reason: 'no-result', renewable: true })));
  });
});
