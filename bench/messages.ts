import { sql } from 'drizzle-orm';
import type { Db } from '../src/db/connection.ts';
import { listMessages } from '../src/reporting/message-list.ts';
import { readLiveCounts } from '../src/reporting/live-counts.ts';
import type { Viewer } from '../src/reporting/scope/viewer.ts';
import { measured, withLargeBook } from './a-large-book.ts';

// Lists and counts a million messages of a made book in a throwaway PostgreSQL: npx node bench/messages.ts [messages]
const wanted = Number(process.argv[2] ?? 1_000_000);
const open = 5_000;

const countOf = async (db: Db, table: string): Promise<number> =>
  Number((await db.execute(sql`select count(*)::int as n from ${sql.identifier(table)}`)).rows[0]?.['n']);

/** Touches of earlier weeks: most were delivered, one in a thousand is uncertain, the rest did not go for one of a few reasons. */
async function addOlder(db: Db): Promise<void> {
  const times = Math.ceil(wanted / (await countOf(db, 'messages')));
  for (let turn = 1; turn <= times; turn += 1) {
    await db.execute(sql`with base as (select *, random() as dice, gen_random_uuid() as new_id from messages where touch not like '%/%'),
      fates(below, above, fate, why) as (values (0.001, 0, 'unknown', 'http-503'), (0.1, 0.001, 'suppressed', 'no-sms-consent'),
        (0.13, 0.1, 'expired', 'day-has-passed'), (0.14, 0.13, 'not-accepted', 'http-400/21211'), (0.17, 0.14, 'planned', 'quiet-hours'),
        (2, 0.17, 'delivered', null)),
      added as (
        insert into messages (id, renewal_id, touch, channel, customer_id, template, state, reason, provider, due_at, latest_at, claimed_at, address, body)
        select new_id, renewal_id, touch || '/' || ${turn}::int, channel, customer_id, template, fate, why,
          case when channel = 'sms' then 'twilio' else 'smtp' end, due_at - ${turn}::int * interval '7 days', latest_at,
          case when fate in ('unknown', 'not-accepted', 'delivered') then due_at - ${turn}::int * interval '7 days' end,
          '+8613800000001', repeat('您的车险即将到期。', 12)
        from base join fates on dice < below and dice >= above returning *),
      tried as (
        insert into message_attempts (id, message_id, provider, state, claimed_at)
        select id, id, provider, state, claimed_at from added where state = 'delivered' returning id)
      insert into message_receipts (id, attempt_id, provider_id, status)
      select gen_random_uuid(), id, id::text, status from tried, unnest(array['sent', 'delivered']) as status`);
  }
  await db.execute(sql`analyze`);
}

const nobody = { id: 'nobody', branchId: null, teams: [], branches: [] };
const viewers: Record<string, Viewer> = {
  admin: { ...nobody, roles: ['admin'] },
  'channel-manager': { ...nobody, roles: ['channel-manager'], branchId: 'B1', branches: ['B1'] },
  agent: { ...nobody, id: 'B1A1', roles: ['agent'], branchId: 'B1' },
};
const asked = [
  { state: 'unknown' },
  { state: 'held' },
  { state: 'delivered' },
  { reason: 'no-sms-consent' },
  {},
] as const;

async function timed(name: string, work: () => Promise<{ length: number }>): Promise<void> {
  const times: number[] = [];
  let rows = 0;
  for (let time = 0; time < 5; time += 1) {
    const started = performance.now();
    rows = (await work()).length;
    times.push(performance.now() - started);
  }
  const median = times.toSorted((one, other) => one - other)[2] ?? 0;
  console.log(`${name}: ${median.toFixed(0)} ms (first ${times[0]?.toFixed(0)} ms), ${rows} rows`);
}

await withLargeBook({ open, coming: 0 }, async (db) => {
  const { took } = await measured(() => addOlder(db));
  const [made, told] = [await countOf(db, 'messages'), await countOf(db, 'message_receipts')];
  console.log(`${made} messages and ${told} receipts, made in ${took}`);
  await timed('counts for the metrics', async () => (await readLiveCounts(db)).messages);
  for (const [role, viewer] of Object.entries(viewers)) {
    for (const filters of asked) {
      for (const descending of [true, false]) {
        const request = { viewer, filters, descending, limit: 101 };
        await timed(`${role} ${JSON.stringify(filters)} ${descending ? '-age' : 'age'}`, () =>
          listMessages(db, request),
        );
      }
    }
  }
});
