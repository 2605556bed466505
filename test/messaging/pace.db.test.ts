import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { connectDatabase, type Db } from '../../src/db/connection.ts';
import { providerPaces } from '../../src/db/schema/operations.ts';
import { takeTurn } from '../../src/db/messages/provider-pace.ts';
import type { EmailPort, SmsPort } from '../../src/messaging/provider-answer.ts';
import { patienceMs } from '../../src/messaging/pace.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';

const perSecond = 10;
const messages = 40;
/** What the clocks of a busy machine may lie apart, between a turn and its arrival. */
const slackMs = 500;

let book: MessageBook;
let other: ReturnType<typeof connectDatabase>;

const email: EmailPort = { name: 'smtp', send: () => Promise.reject(new Error('nobody writes an e-mail here')) };

function aWorker(db: Db, arrivals: number[], caps: Record<string, number>) {
  const send: SmsPort['send'] = ({ attemptId }) => {
    arrivals.push(Date.now());
    return Promise.resolve({ kind: 'http-answer', status: 201, id: attemptId });
  };
  const sms: SmsPort[] = [{ name: 'twilio', send }];
  return createSendActivities({ db, calendar, sms, email, caps, reportMisconfigured: () => {} });
}

let phones = 0;

async function plannedCases(): Promise<string[]> {
  const cases = [];
  for (let index = 0; index < messages; index += 1) {
    phones += 1;
    const renewalId = await book.addCase({ customer: { phone: `+86139${String(phones).padStart(8, '0')}` } });
    await book.plan(renewalId);
    cases.push(renewalId);
  }
  return cases;
}

/** Each worker sends its share, ten at a time; one that is told to come again does. */
async function sendAll(caps: Record<string, number>): Promise<number[]> {
  const arrivals: number[] = [];
  const workers = [aWorker(book.db, arrivals, caps), aWorker(other.db, arrivals, caps)];
  const left = await plannedCases();
  const one = async (index: number): Promise<void> => {
    for (let renewalId = left.pop(); renewalId !== undefined; renewalId = left.pop()) {
      const question = { renewalId, touch: 't-15', stamp: '' };
      await workers[index % 2]?.sendSms(question).catch(() => left.unshift(question.renewalId));
    }
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => one(index)));
  return arrivals.toSorted((a, b) => a - b);
}

/** The most that arrived within two seconds. */
function busiest(arrivals: number[]): number {
  return Math.max(...arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + 2_000 - slackMs).length));
}

beforeAll(async () => {
  book = await openMessageBook();
  other = connectDatabase(book.databaseUrl);
  await book.setTime('2027-03-16T10:00');
});
afterAll(async () => {
  await other.close();
  await book.close();
});

describe('The cap of a provider', () => {
  test('holds over two workers that have many due, and nothing is lost for it', async () => {
    const arrivals = await sendAll({ twilio: perSecond });
    expect(arrivals).toHaveLength(messages);
    expect(busiest(arrivals)).toBeLessThanOrEqual(2 * perSecond);
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(((messages - 1) * 1_000) / perSecond - slackMs);
  }, 60_000);

  test('asks for no turns where there is none', async () => {
    await book.db.delete(providerPaces);
    expect(await sendAll({ another: perSecond })).toHaveLength(messages);
    expect(await book.db.select().from(providerPaces)).toEqual([]);
  }, 60_000);

  test('hands out turns that lie apart, and none beyond the patience of those who ask', async () => {
    const asks = Array.from({ length: 20 }, (_, index) =>
      takeTurn(index % 2 ? book.db : other.db, { provider: 'slow', perSecond: 2, patienceMs }),
    );
    const turns = await Promise.all(asks);
    const waits = turns.flatMap((turn) => (turn.kind === 'turn' ? [turn.inMs] : [])).toSorted((a, b) => a - b);
    expect(waits.length).toBeGreaterThanOrEqual((patienceMs / 1_000) * 2);
    expect(waits.length).toBeLessThan(20);
    expect(Math.max(...waits)).toBeLessThanOrEqual(patienceMs + 500);
    expect(turns.filter(({ kind }) => kind === 'crowded').length).toBeGreaterThan(0);
  });
});
