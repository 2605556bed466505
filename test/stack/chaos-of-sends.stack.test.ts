import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customers } from '../../src/db/schema/customers.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { startFlood, type Flood } from './a-flood-of-sends.ts';
import { until } from './a-season-of-cases.ts';
import {
  countEach,
  doubledAmong,
  listedAsUnknown,
  lostFromSight,
  readBooked,
  readTaken,
  type Booked,
  type Taken,
} from './what-the-flood-did.ts';

const sends = Number(process.env['XUBAO_TEST_SENDS'] ?? 200);
const kills = Number(process.env['XUBAO_TEST_KILLS'] ?? 3);
const patienceMs = 240_000 + sends * 600;

let flood: Flood;
const begun = Date.now();
/** Attempts that a provider had taken, and our books did not say so yet, when the worker died; with their channel. */
const inTheWindow = new Map<string, string>();
/** Attempts that were claimed when the worker died. */
const interrupted = new Set<string>();
let booked: Booked[];
let taken: Taken[];

beforeAll(async () => {
  flood = await startFlood(Math.ceil(sends / 2));
}, 240_000);
afterAll(() => flood.close());

async function claimedNow(): Promise<{ id: string; channel: string; place: string }[]> {
  const rows = await flood.deps.db
    .select({ id: messages.attemptId, channel: messages.channel, phone: customers.phone, email: customers.email })
    .from(messages)
    .innerJoin(customers, eq(customers.id, messages.customerId))
    .where(eq(messages.state, 'claimed'));
  return rows.map(({ id, channel, phone, email }) => ({
    id: id ?? '',
    channel,
    place: `${channel} ${channel === 'sms' ? phone : email}`,
  }));
}

/** Kills the worker when a share of all is sent and more is under way; nothing of what it did is recorded after that. */
async function killWorkerInMidSend(share: number): Promise<void> {
  const fresh = async () => (await claimedNow()).filter(({ id }) => !interrupted.has(id));
  const leftThen = (1 - share) * 2 * flood.customers;
  await until('a share of the messages is sent', async () => (await flood.unsent()) <= leftThen, patienceMs);
  await until('messages are being sent', async () => (await fresh()).length >= 8, patienceMs);
  const pid = flood.stack.pids()['worker']!;
  process.kill(pid, 'SIGKILL');
  const had = new Set((await readTaken(flood)).map(({ channel, to }) => `${channel} ${to}`));
  for (const { id, channel, place } of await fresh()) {
    interrupted.add(id);
    if (had.has(place)) inTheWindow.set(id, channel);
  }
  await until('the worker is back', async () => flood.stack.pids()['worker'] !== pid, patienceMs);
}

/** Lets the settling run until it has nothing left to say of what is unknown. */
async function settleAll(): Promise<void> {
  const schedule = flood.deps.temporal.client.schedule.getHandle('settle-messages');
  let asked = 0;
  await until(
    'every unknown is settled or given up',
    async () => {
      if (Date.now() - asked > 3_000) {
        asked = Date.now();
        await schedule.trigger();
      }
      const rows = await readBooked(flood);
      return rows.every(({ state, settledBy }) => state !== 'unknown' || settledBy !== null);
    },
    patienceMs,
  );
}

async function sendAndSettle(): Promise<void> {
  const opened = flood.open();
  for (let kill = 0; kill < kills; kill += 1) await killWorkerInMidSend(kill / (kills + 1));
  await opened;
  await until('nothing is planned or claimed any more', async () => (await flood.unsent()) === 0, patienceMs);
  await settleAll();
}

describe('workers that are killed again and again while messages go out through providers that fail in every way', () => {
  test(
    'come to an end with every message',
    async () => {
      try {
        await sendAndSettle();
      } finally {
        [booked, taken] = [await readBooked(flood), await readTaken(flood)];
        print();
      }
      expect(booked).toHaveLength(2 * flood.customers);
    },
    patienceMs * 2,
  );

  test('were really hit between the provider’s acceptance and our record', () => {
    expect(interrupted.size).toBeGreaterThanOrEqual(kills);
    expect(inTheWindow.size).toBeGreaterThan(0);
  });

  test('double no message at any provider', () => {
    expect(doubledAmong(taken)).toEqual([]);
  });

  test('lose none from sight: whatever a provider took is gone or perhaps gone in our books, and nothing else is', () => {
    expect(lostFromSight(taken, booked)).toEqual([]);
  });

  test('leave no unknown that is neither settled nor listed for operators', async () => {
    const open = booked.filter(({ state }) => state === 'unknown').map(({ id }) => id);
    const listed = await listedAsUnknown(flood);
    expect(open.filter((id) => !listed.has(id))).toEqual([]);
  });

  test('would show a message that went twice, and one of which our books know nothing', () => {
    const [one] = taken;
    const without = booked.filter(({ channel, to }) => channel !== one?.channel || to !== one.to);
    expect(doubledAmong([...taken, one!])).toHaveLength(1);
    expect(lostFromSight(taken, without)).toHaveLength(1);
  });
});

function print(): void {
  const unknown = booked.filter(({ wasUnknown }) => wasUnknown);
  const lines = {
    sends: booked.length,
    'taken by the stand-ins': taken.length,
    kills,
    'claimed when the worker died': interrupted.size,
    'of these taken and not recorded': countEach([...inTheWindow.values()]),
    doubled: doubledAmong(taken).length,
    'lost from sight': lostFromSight(taken, booked).length,
    'unknown at some time': unknown.length,
    'settled by': countEach(unknown.map(({ channel, state, settledBy }) => `${settledBy} ${channel} ${state}`)),
    states: countEach(booked.map(({ channel, state }) => `${channel} ${state}`)),
    seconds: Math.round((Date.now() - begun) / 1_000),
  };
  for (const [what, value] of Object.entries(lines)) {
    process.stdout.write(`${what.padEnd(34)} ${typeof value === 'number' ? value : JSON.stringify(value)}\n`);
  }
}
