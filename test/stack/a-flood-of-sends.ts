import { sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { renewalQueue } from '../../src/cases/task-queues.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { messages } from '../../src/db/schema/messages.ts';
import type { Behaviour } from '../../src/stack/sms-behaviour.ts';
import type { resend } from '../../workflows/resend.ts';
import { startSmtpStandIn, type SmtpFault, type SmtpStandIn } from '../messaging/smtp-stand-in.ts';
import { startSeason, type Season } from './a-season-of-cases.ts';

export type Flood = Season & {
  customers: number;
  mails: SmtpStandIn;
  /** Starts the sending of every planned message; answers when all were started. */
  open: () => Promise<void>;
  unsent: () => Promise<number>;
};

/** Business runs faster than the wall, so that what a provider puts off for ten minutes comes back in half a minute. */
const speed = 20;
const startsAt = Date.parse('2027-03-16T12:00:00+08:00');
const listLagMs = 4_000;
/** Longer than the list lags. */
const settleAfter = '8s';

/** Customers with one case each, of which a text and an e-mail are due, and providers that go wrong in every way. */
export async function startFlood(customers: number): Promise<Flood> {
  const mails = await startSmtpStandIn();
  const variables = { XUBAO_SMTP_PORT: String(mails.port), XUBAO_SETTLE_AFTER: settleAfter };
  const season = await startSeason({ today: '2027-03-16', policies: 0, dayMs: 24 * 3_600_000, variables });
  const { db } = season.deps;
  await anchorClock(db, { businessAt: startsAt, speed });
  await planMessages(season, customers);
  const turns = Array.from({ length: customers }, (_, turn) => turn + 1);
  await season.behaveSms(turns.map((turn) => smsBehaviour(turn)));
  for (const turn of turns) mails.behave(mailFault(turn), emailOf(turn));
  return {
    ...season,
    customers,
    mails,
    open: () => startSending(season, turns),
    unsent: () => db.$count(messages, sql`state in ('planned', 'claimed')`),
    close: async () => {
      await season.close();
      await mails.stop();
    },
  };
}

const phoneOf = (turn: number): string => `+86138${String(turn).padStart(8, '0')}`;
const emailOf = (turn: number): string => `k${turn}@example.com`;

/** Cases without a life of their own: the sweep must not start one for them. Of each a text and an e-mail are due. */
export async function planMessages({ deps: { db } }: Season, customers: number): Promise<void> {
  const turns = sql`generate_series(1, ${customers}::int) as turn`;
  const id = (kind: number) =>
    sql`('00000000-0000-7000-800${sql.raw(String(kind))}-' || lpad(turn::text, 12, '0'))::uuid`;
  await db.execute(sql`insert into customers (id, key, name, phone, email, sms_consent, email_consent)
    select ${id(1)}, 'K' || turn, '王芳', '+86138' || lpad(turn::text, 8, '0'), 'k' || turn || '@example.com', true, true
    from ${turns}`);
  await db.execute(sql`insert into policies
      (id, policy_number, starts_on, expires_on, term_days, cover_type, plate, premium, branch_id, agent_id, customer_id)
    select ${id(2)}, 'P' || turn, '2026-04-01', '2027-03-31', 365, 'commercial', '鲁B' || lpad(turn::text, 5, '0'), 4200,
      'B01', 'A1', ${id(1)} from ${turns}`);
  await db.execute(sql`insert into renewals
      (id, policy_id, segment, priority, branch_id, owner_id, expires_on, opened_at, workflow_started_at, plan_version, stage)
    select 'renewal.P' || turn, ${id(2)}, 'claim-free', 10, 'B01', 'A1', '2027-03-31', '2027-01-30T01:00:00Z',
      '2027-01-30T01:00:00Z', 1, 'intensive-chase' from ${turns}`);
  for (const [kind, channel] of [
    [3, 'sms'],
    [4, 'email'],
  ] as const) {
    await db.execute(sql`insert into messages
        (id, renewal_id, touch, channel, customer_id, template, state, due_at, latest_at)
      select ${id(kind)}, 'renewal.P' || turn, 't-15', ${channel}, ${id(1)}, 'expiry-near', 'planned',
        '2027-03-16T01:30:00Z', '2027-03-17T01:30:00Z' from ${turns}`);
  }
}

/** Each message in a workflow of its own, whose only step is the activity that every case sends with. */
export async function startSending({ deps }: Season, turns: readonly number[]): Promise<void> {
  const { client } = deps.temporal;
  const left = turns.flatMap((turn) => (['sms', 'email'] as const).map((channel) => ({ turn, channel })));
  const starter = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { turn, channel } = next;
      await client.workflow.start<typeof resend>('resend', {
        workflowId: `send.${turn}.${channel}.${uuidv7()}`,
        taskQueue: renewalQueue,
        args: [{ renewalId: `renewal.P${turn}`, touch: 't-15', channel, resend: 0, stamp: '' }],
      });
    }
  };
  await Promise.all(Array.from({ length: 12 }, starter));
}

type Answering = Pick<Behaviour, 'mode' | 'holdMs' | 'times'>;

/** How an answer goes wrong, for the phones up to a number of a hundred. */
const answering: readonly [upTo: number, Answering][] = [
  [40, { mode: 'hold', holdMs: 1_500 }],
  [47, { mode: 'reset-after-accept' }],
  [53, { mode: '500-after-accept' }],
  [56, { mode: '503-after-accept' }],
  [59, { mode: 'reset-before-accept' }],
  [62, { mode: '500' }],
  [64, { mode: '503' }],
  [68, { mode: '429', times: 1 }],
  [70, { mode: '21610' }],
  // Longer than our patience with a provider.
  [72, { mode: 'hold', holdMs: 20_000 }],
  [78, { mode: 'slow', holdMs: 800 }],
  [100, { mode: 'normal' }],
];

const callbacks: readonly [upTo: number, NonNullable<Behaviour['callbacks']>][] = [
  [3, ['doubled']],
  [6, ['late']],
  [9, ['shuffled']],
  [14, ['never']],
  [15, ['wrongly-signed']],
  [20, []],
];

const afterMs = 600;
const deliveries: readonly [upTo: number, NonNullable<Behaviour['delivery']>][] = [
  [1, { status: 'undelivered', errorCode: 30003, afterMs }],
  [2, { status: 'failed', errorCode: 30006, afterMs }],
  [3, { status: 'sent', afterMs }],
  [10, { status: 'delivered', afterMs }],
];

const mailFaults: readonly [upTo: number, SmtpFault | undefined][] = [
  [10, { at: 'final-dot', holdMs: 1_000 }],
  [12, { at: 'final-dot', drop: true }],
  [13, { at: 'text', drop: true }],
  [14, { at: 'rcpt', reply: 550 }],
  [20, undefined],
];

function pick<Choice>(table: readonly (readonly [upTo: number, Choice])[], number: number): Choice {
  const of = table.at(-1)?.[0] ?? 1;
  const found = table.find(([upTo]) => number % of < upTo);
  if (!found) throw new Error('the table of faults has a hole');
  return found[1];
}

// Factors that share nothing with the tables' lengths let every fault meet every other.
function smsBehaviour(turn: number): Behaviour {
  const how = { callbacks: pick(callbacks, turn * 7), delivery: pick(deliveries, turn * 3) };
  return { to: phoneOf(turn), ...pick(answering, turn * 37), ...how, lateMs: 3_000, listLagMs };
}

function mailFault(turn: number): SmtpFault | undefined {
  return pick(mailFaults, turn * 11);
}
