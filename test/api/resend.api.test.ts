import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { messageAttempts } from '../../src/db/schema/message-attempts.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runSendingWorker } from './a-sending-worker.ts';
import { anUncertainMessage } from './an-uncertain-message.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: Awaited<ReturnType<typeof runSendingWorker>>;
beforeAll(async () => {
  api = await runApi({ temporalAddress: inject('temporalAddress') });
  await anchorClock(api.db, { businessAt: Date.parse('2030-05-21T12:00:00+08:00'), speed: 1 });
  await seedOrganisation(api.db);
  worker = await runSendingWorker(api.db);
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

const rowOf = async (id: string) => (await api.db.select().from(messages).where(eq(messages.id, id)))[0]!;
let phones = 0;
const isDecided = { timeout: 20_000, interval: 100 };

async function anUnknownOf(number: string, customer: Partial<typeof customers.$inferInsert> = {}): Promise<string> {
  const renewalId = await aCase(api.db, { number });
  const id = await anUncertainMessage(api.db, renewalId, { template: 'expiry-near', touch: 't-15' });
  const { customerId } = await rowOf(id);
  // A number of their own: what one customer got would count for all who share it.
  phones += 1;
  await api.db
    .update(customers)
    .set({ smsConsent: true, phone: `+861380012${String(phones).padStart(4, '0')}`, ...customer })
    .where(eq(customers.id, customerId));
  return id;
}

describe('A message that operators send again', () => {
  test('goes once more and no more, however many of them order it at once', async () => {
    const id = await anUnknownOf('AGAIN');
    const order = (as: string) => api.as(as).post(`/v1/messages/${id}/settle`, { as: 'resend' });
    const answers = await Promise.all(['admin', 'north-manager', 'admin', 'north-manager'].map(order));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    await expect.poll(async () => (await rowOf(id)).state, isDecided).toBe('accepted');
    const attempts = await api.db.select().from(messageAttempts).where(eq(messageAttempts.messageId, id));
    expect(attempts.map(({ resends, state }) => [resends, state])).toEqual([
      [0, 'unknown'],
      [1, 'accepted'],
    ]);
    expect(worker.sent).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ resends: 1, providerId: 'SM1' });
  });

  test('does not reach a customer who has opted out meanwhile', async () => {
    const known = worker.sent.length;
    const id = await anUnknownOf('OPTED-OUT', { smsOptedOutAt: new Date('2030-05-21T03:00:00Z') });
    expect((await api.as('admin').post(`/v1/messages/${id}/settle`, { as: 'resend' })).status).toBe(200);
    // Nothing is sent, and the first attempt is as uncertain as before.
    const why = async () => {
      const { renewalId } = await rowOf(id);
      const entries = await api.db.select().from(journal).where(eq(journal.chain, renewalId));
      return entries.find(({ event }) => event === 'message-suppressed')?.reason;
    };
    await expect.poll(why, isDecided).toBe('sms-opted-out');
    expect(await rowOf(id)).toMatchObject({ state: 'unknown', reason: 'http-503' });
    expect(worker.sent).toHaveLength(known);
  });

  test('waits while everything is stopped', async () => {
    const known = worker.sent.length;
    await api.as('admin').post('/v1/sending', { stopped: true, reason: 'Shown in a test.' });
    const id = await anUnknownOf('STOPPED');
    await api.as('admin').post(`/v1/messages/${id}/settle`, { as: 'resend' });
    await expect.poll(async () => (await rowOf(id)).reason, isDecided).toBe('sending-stopped');
    expect((await rowOf(id)).state).toBe('planned');
    expect(worker.sent).toHaveLength(known);
    await api.as('admin').post('/v1/sending', { stopped: false });
  });
});
