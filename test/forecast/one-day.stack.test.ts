import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock, readClock, stretchDay } from '../../src/db/business-clock.ts';
import { forecast, type Forecast } from '../../src/forecast/forecast.ts';
import type { Counts } from '../../src/forecast/tally.ts';
import { openApi } from '../../src/rehearsal/api.ts';
import { dayMs, type Day } from '../../src/renewal/calendar.ts';
import { roleFor, type TaskKind } from '../../src/renewal/task.ts';
import { startSeason, until, type Season } from '../stack/a-season-of-cases.ts';
import { shanghai } from '../support/given-plan.ts';
import { addMixedBook } from './a-mixed-book.ts';

const today = '2027-03-08';
const dayBefore = '2027-03-11';
const day = '2027-03-12';
const late = 22 * 60;
const wallDayMs = 20_000;

type Numbers = Record<string, number>;

let season: Season;
let foretold: Forecast;
let really: Numbers;

async function untilTime(on: Day, minute: number): Promise<void> {
  const at = shanghai.instantOf(on, minute);
  const isThere = async () => (await readClock(season.deps.db)).now >= at;
  await until(`it is ${on}, minute ${minute}`, isThere, 200_000);
}

/** Results, hand-outs, call-backs and a hold before the day that is forecast; nobody records anything after that. */
async function workUntilThen(): Promise<void> {
  const api = openApi(season.stack.urls.api, AbortSignal.timeout(200_000));
  const { rows } = await season.deps.db.execute<{ id: string; stage: string; turn: number }>(sql`
    select id, stage, row_number() over (partition by stage order by id)::int as turn from renewals where owner_id = 'A1'`);
  const callBackAt = new Date(shanghai.instantOf(day, 11 * 60)).toISOString();
  const bodyOf = ({ stage, turn }: { stage: string; turn: number }): object | undefined => {
    if (stage === 'preparation' && turn <= 5) return { result: 'confirmed' };
    if (stage === 'follow-up' && turn <= 4) return { result: 'promised', callBackAt, channel: 'phone' };
    if (stage === 'follow-up' && turn <= 8) return { result: 'quoted', channel: 'phone' };
    if (stage === 'intensive-chase' && turn % 9 === 0)
      return { result: 'declined', lossReason: 'price', channel: 'phone' };
    return undefined;
  };
  for (const one of rows) {
    const body = bodyOf(one);
    const path = `/v1/renewals/${encodeURIComponent(one.id)}/results`;
    const answer = body && (await api.ask({ by: 'A1', path, body, key: one.id }));
    if (answer && answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  }
  await completeFileChecks(api);
}

async function completeFileChecks(api: ReturnType<typeof openApi>): Promise<void> {
  const { rows } = await season.deps.db.execute<{ id: string; by: string }>(sql`
    select id, assignee_id as by from tasks where kind = 'file-check' and state = 'open' and assignee_id is not null
    order by renewal_id desc limit 8`);
  for (const { id, by } of rows) await api.ask({ by, path: `/v1/tasks/${id}/complete`, body: {}, key: id });
}

/** What the books have of a day, in the forecast's words. */
async function readDay(on: Day): Promise<Numbers> {
  const { db } = season.deps;
  const numbers: Numbers = {};
  const add = (what: string, by: number): void => void (numbers[what] = (numbers[what] ?? 0) + by);
  const isOn = (instant: string) => sql`(${sql.raw(instant)} at time zone 'Asia/Shanghai')::date = ${on}::date`;
  const owner = sql`coalesce(r.owner_id, 'agent@' || r.branch_id)`;
  const sent = await db.execute<{ who: string; channel: string; n: number }>(sql`
    select ${owner} as who, channel, count(*)::int as n from messages m join renewals r on r.id = m.renewal_id
    where ${isOn('m.claimed_at')} and m.state in ('claimed', 'accepted', 'delivered', 'unknown') group by 1, 2`);
  for (const { who, channel, n } of sent.rows) add(`${who} ${channel}`, n);
  const entries = await db.execute<{
    who: string;
    branch: string;
    event: string;
    assignee: string | null;
    n: number;
  }>(sql`
    select ${owner} as who, r.branch_id as branch, event, inputs ->> 'assigneeId' as assignee, count(*)::int as n
    from journal j join renewals r on r.id = j.chain where ${isOn('j.at')} group by 1, 2, 3, 4`);
  for (const { who, branch, event, assignee, n } of entries.rows) {
    const [what, kind = ''] = event.split(':');
    if (what === 'task-given') add(`${assignee ?? `${roleFor(kind as TaskKind)}@${branch}`} given ${kind}`, n);
    if (what === 'escalated') add(`${who} escalated ${kind}`, n);
    if (what === 'stage-opened' || what === 'closed') add(`${what} ${kind}`, n);
    if (event === 'opened') add('opened', n);
  }
  return numbers;
}

function numbersOf({ tally }: Forecast, on: Day): Numbers {
  const numbers: Numbers = {};
  const take = (prefix: string, counts: Record<string, number>): void => {
    for (const [name, n] of Object.entries(counts)) if (n > 0) numbers[`${prefix}${name}`] = n;
  };
  const kinds = ({ sms, email, given, escalated }: Counts, who: string): void => {
    take(`${who} `, { sms, email });
    take(`${who} given `, given);
    take(`${who} escalated `, escalated);
  };
  for (const [who, counts] of tally.byDay.get(on) ?? []) kinds(counts, who);
  const ofDay = tally.onDay(on);
  take('stage-opened ', ofDay?.stages ?? {});
  take('closed ', ofDay?.closed ?? {});
  take('', { opened: ofDay?.opened ?? 0 });
  return numbers;
}

/** How much of something there was, over all people. */
function total(numbers: Numbers, what: string): number {
  return Object.entries(numbers).reduce((all, [name, n]) => all + (name.endsWith(what) ? n : 0), 0);
}

beforeAll(async () => {
  season = await startSeason({ today, policies: 0, dayMs: wallDayMs });
  const { db } = season.deps;
  await addMixedBook(db, { today, day });
  // The stack has taken a business day or so to come up.
  await anchorClock(db, { businessAt: shanghai.instantOf(today, 5 * 60), speed: dayMs / wallDayMs });
  await stretchDay(db, { pauseMs: 40_000 });
  await untilTime('2027-03-09', 12 * 60);
  await stretchDay(db, { pauseMs: 20_000 });
  await workUntilThen();
  await untilTime(dayBefore, late);
  await stretchDay(db, { pauseMs: 15_000, factor: 3 });
  await sleep(8_000);
  foretold = await forecast(db, { days: 2, calendar: shanghai });
  await untilTime(day, late);
  await stretchDay(db, { pauseMs: 60_000 });
  await sleep(5_000);
  really = await readDay(day);
}, 400_000);
afterAll(() => season.close());

describe('one business day on the real server, on which nobody records anything', () => {
  test('brings the messages, tasks and escalations that were forecast, by kind and by person or queue', () => {
    process.stdout.write(`${JSON.stringify(really)}\n`);
    expect(numbersOf(foretold, day)).toEqual(really);
  });

  test('had something of every kind, so that a difference would have shown', () => {
    expect(total(really, ' sms')).toBeGreaterThanOrEqual(50);
    expect(total(really, ' email')).toBeGreaterThanOrEqual(30);
    const kinds = ['file-check', 'accept-entry', 'first-contact', 'firm-quote', 'phone-attempt', 'key-client-visit'];
    const more = ['last-offer', 'call-back', 'coaching', 'accept-reminder', 'call-centre-case'];
    const seldom = [...kinds, ...more].filter((kind) => total(really, ` given ${kind}`) === 0);
    expect(seldom).toEqual([]);
    expect(total(really, 'escalated supervisor')).toBeGreaterThanOrEqual(5);
    expect(total(really, 'escalated call-centre')).toBeGreaterThanOrEqual(5);
    expect(really['opened']).toBeGreaterThanOrEqual(10);
    expect(really['closed lost']).toBeGreaterThanOrEqual(10);
    expect(really['closed orphan-handed-off']).toBeGreaterThanOrEqual(1);
  });

  test('gave work to people who cover for others, and left some in queues', () => {
    expect(total(really, 'X2 given key-client-visit')).toBeGreaterThanOrEqual(1);
    expect(total(really, 'call-centre@B01 given call-centre-case')).toBeGreaterThanOrEqual(1);
  });
});
