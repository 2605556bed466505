import { sql } from 'drizzle-orm';
import type { Day, Instant } from '../../renewal/calendar.ts';
import type { StaffMessageKind } from '../../renewal/staff-message.ts';
import type { Db } from '../connection.ts';
import type { Role } from '../staff/staff-records.ts';

/** The lists of one morning: whose they are, for which business day and between which business instants (ms) they go. */
export type Round = { kind: Exclude<StaffMessageKind, 'hand-over'>; day: Day; from: Instant; until: Instant };

const everybody: readonly Role[] = [
  ...(['agent', 'specialist', 'supervisor', 'call-centre', 'trainer'] as const),
  ...(['channel-manager', 'general-manager', 'admin'] as const),
];

/** Managers read reports; whoever works cases, or follows those who do, has the half month's list. */
const readersOf: Record<Round['kind'], readonly Role[]> = {
  'morning-digest': everybody,
  'key-tracking-list': ['specialist'],
  'half-month-list': ['agent', 'specialist', 'supervisor', 'trainer'],
};

/** How many people were looked at, and after whom to go on; nobody is left where `after` is null. */
export type PlannedPage = { planned: number; after: string | null };

/**
 * Plans a list for the next people by staff number, one row for each channel on which they can be reached. What is planned
 * already stays as it is: doing it again plans nothing twice.
 */
export async function planRound(
  db: Db,
  { kind, day, from, until }: Round,
  { after, limit }: { after: string; limit: number },
): Promise<PlannedPage> {
  const roles = sql.join(
    readersOf[kind].map((role) => sql`${role}`),
    sql`, `,
  );
  const wantsSms = sql`(s.digest_sms and s.phone is not null and ${kind} = 'morning-digest')`;
  const { rows } = await db.execute<{ looked: number; planned: number; last: string | null }>(sql`
    with page as (
      select s.id, s.email is not null as mail, ${wantsSms} as sms from staff s
      where s.id > ${after} and s.roles && array[${roles}]::text[] and (s.departed_on is null or s.departed_on > ${day})
        and (s.email is not null or ${wantsSms})
      order by s.id limit ${limit}
    ), planned as (
      insert into staff_messages (id, kind, staff_id, day, channel, state, due_at, latest_at)
      select uuidv7(), ${kind}, page.id, ${day}, way.channel, 'planned', ${instant(from)}, ${instant(until)}
      from page cross join lateral (values ('email', page.mail), ('sms', page.sms)) as way (channel, wanted)
      where way.wanted order by page.id
      on conflict do nothing returning 1
    )
    select (select count(*) from page)::int as looked, (select count(*) from planned)::int as planned,
      (select max(id) from page) as last`);
  const { looked = 0, planned = 0, last = null } = rows[0] ?? {};
  return { planned, after: looked < limit ? null : last };
}

/** Open hand-overs of these last days are told, by mail, to whoever has to decide on them: once each, whoever asks how often. */
export async function planHandoverMails(db: Db, { days, zone }: { days: number; zone: string }): Promise<number> {
  const { rowCount } = await db.execute(sql`
    insert into staff_messages (id, kind, staff_id, day, channel, about, state, due_at, latest_at)
    select uuidv7(), 'hand-over', s.id, (h.opened_at at time zone ${zone})::date, 'email', h.id::text, 'planned',
      h.opened_at, h.opened_at + ${days}::int * interval '1 day'
    from handovers h
    join tasks t on t.handover_id = h.id and t.kind = 'hand-over' and t.state = 'open'
    join staff s on s.id = t.assignee_id and s.email is not null
    where h.state = 'open' and h.opened_at > business_now() - ${days}::int * interval '1 day'
    on conflict do nothing`);
  return rowCount ?? 0;
}

function instant(at: Instant) {
  return sql`to_timestamp(${at / 1_000}::float8)`;
}
