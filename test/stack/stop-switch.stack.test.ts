import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { smtpEmail } from '../../src/messaging/email-smtp.ts';
import { twilioSms } from '../../src/messaging/sms-twilio.ts';
import { standInAccount } from '../../src/stack/environment.ts';
import { startSmsStandIn, type SmsStandIn } from '../../src/stack/sms-stand-in.ts';
import { runApi, type RunningApi } from '../api/running-api.ts';
import { planManyMessages } from './many-due-messages.ts';

const due = 10_000;
const senders = 24;
/** How long the switch may take to hold (the requirement), and how long after that the senders go on trying. */
const holdsWithinMs = 5_000;
const watchedMs = 3_000;
/** How many of those that wait are sent after the start. */
const resumed = 300;

let api: RunningApi;
let books: Connection;
let standIn: SmsStandIn;

beforeAll(async () => {
  api = await runApi();
  books = connectDatabase(api.databaseUrl, { connections: 20 });
  standIn = await startSmsStandIn({ port: 0, ...standInAccount });
  await anchorClock(api.db, { businessAt: Date.parse('2027-03-16T10:00:00+08:00'), speed: 1 });
});
afterAll(async () => {
  await standIn.stop();
  await books.close();
  await api.close();
});

/** As many senders as a busy worker has, each asking for the next message; one that is held comes up again. */
function startSenders(renewalIds: readonly string[]) {
  const waiting = [...renewalIds];
  const held: { at: number }[] = [];
  const stopping = new AbortController();
  const email = smtpEmail({ host: '127.0.0.1', port: 9, secure: false, from: 'renewals@xubao.example' });
  const sms = twilioSms({ ...standInAccount, from: '+15005550006', baseUrl: standIn.url });
  const calendar = businessCalendar('Asia/Shanghai');
  const { sendSms } = createSendActivities({
    db: books.db,
    calendar,
    sms: [sms],
    email,
    reportMisconfigured: () => {},
  });
  const work = async (): Promise<void> => {
    for (
      let renewalId = waiting.shift();
      renewalId !== undefined && !stopping.signal.aborted;
      renewalId = waiting.shift()
    ) {
      const answer = await sendSms({ renewalId, touch: 't-15', stamp: '' });
      if (answer.kind !== 'waiting') continue;
      held.push({ at: Date.now() });
      waiting.push(renewalId);
    }
  };
  const done = Promise.all(Array.from({ length: senders }, work));
  return {
    held,
    done,
    stop: async () => {
      stopping.abort();
      await done;
      email.close();
    },
  };
}

const taken = (): number => standIn.messages().length;
const takenAfter = (instant: number): number => standIn.messages().filter(({ at }) => Date.parse(at) > instant).length;

describe('The stop switch with 10,000 messages due', () => {
  test('holds within five seconds while senders go on trying', async () => {
    const working = startSenders(await planManyMessages(api.db, due));
    while (taken() < 300) await sleep(20);
    const { status } = await api.as('admin').post('/v1/sending', { stopped: true, reason: 'Shown in a test.' });
    const answeredAt = Date.now();
    await sleep(holdsWithinMs + watchedMs);
    await working.stop();
    expect(status).toBe(200);
    const lastAt = Math.max(...standIn.messages().map(({ at }) => Date.parse(at)));
    const tried = working.held.filter(({ at }) => at > answeredAt + holdsWithinMs).length;
    process.stdout.write(
      `stop switch: ${taken()} of ${due} accepted; ${takenAfter(answeredAt)} after the stop was answered, the last ${lastAt - answeredAt} ms after it; ` +
        `${takenAfter(answeredAt + holdsWithinMs)} later than 5 s, in which ${tried} were tried\n`,
    );
    expect(tried).toBeGreaterThan(50);
    expect(takenAfter(answeredAt + holdsWithinMs)).toBe(0);
  });

  test('lets what was held go after the start, none twice and none lost', async () => {
    const known = taken();
    await api.as('admin').post('/v1/sending', { stopped: false });
    const { rows } = await api.db.execute<{ id: string }>(
      sql`select renewal_id as id from messages order by held_until nulls last, id`,
    );
    const working = startSenders(rows.map(({ id }) => id));
    while (taken() < known + resumed) await sleep(20);
    await working.stop();
    const states = await api.db.execute(
      sql`select state, count(*)::int as messages from messages group by 1 order by 1`,
    );
    const numbers = new Set(standIn.messages().map(({ to }) => to));
    expect(states.rows).toEqual([
      { state: 'accepted', messages: taken() },
      { state: 'planned', messages: due - taken() },
    ]);
    expect(numbers.size).toBe(taken());
    const held = await api.db.execute(sql`select count(*)::int as messages from messages
      where state = 'accepted' and renewal_id in (select chain from journal where event = 'message-held')`);
    process.stdout.write(
      `started again: ${taken() - known} more, of which ${String(held.rows[0]?.['messages'])} had been held\n`,
    );
    expect(held.rows).not.toEqual([{ messages: 0 }]);
  });
});
