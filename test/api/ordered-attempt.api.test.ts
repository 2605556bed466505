import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { connectTemporal as connectClient, type CaseDeps } from '../../src/cases/connect.ts';
import { resendMessage } from '../../src/cases/resend-message.ts';
import { renewalQueue, smsQueue } from '../../src/cases/task-queues.ts';
import { attemptsOf } from '../../src/db/messages/attempt-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import type { EmailPort, SmsPort } from '../../src/messaging/provider-answer.ts';
import { twilioSms } from '../../src/messaging/sms-twilio.ts';
import { standInAccount } from '../../src/stack/environment.ts';
import { startSmsStandIn, type SmsStandIn } from '../../src/stack/sms-stand-in.ts';
import { calendar, openMessageBook, type MessageBook } from '../messaging/message-book.ts';
import { settle } from '../messaging/settling/given-attempts.ts';
import { takeWorkerTurn } from '../support/one-worker-at-a-time.ts';
import { connectTemporal, type TemporalConnections } from '../support/temporal-server.ts';

const { accountSid, authToken } = standInAccount;
const confirmation = { touch: 'renewal-confirmation', template: 'renewal-confirmation' };
const email: EmailPort = { name: 'smtp', send: () => Promise.reject(new Error('nothing goes by e-mail here')) };

let book: MessageBook;
let standIn: SmsStandIn;
let sms: SmsPort;
let deps: CaseDeps;
let connections: TemporalConnections;
let stop: () => Promise<void>;
let phones = 2_000;

beforeAll(async () => {
  const turn = await takeWorkerTurn();
  connections = await connectTemporal();
  book = await openMessageBook();
  await book.setTime('2027-03-16T12:00');
  standIn = await startSmsStandIn({ port: 0, accountSid, authToken });
  sms = twilioSms({ accountSid, authToken, from: '+15005550006', baseUrl: standIn.url });
  const temporal = connectClient({
    temporal: { address: inject('temporalAddress'), namespace: 'default', uiUrl: '', tls: false },
  });
  deps = { db: book.db, temporal, calendar };
  const workers = await startWorkers();
  const running = Promise.all(workers.map((worker) => worker.run()));
  stop = async () => {
    for (const worker of workers) worker.shutdown();
    await running;
    await temporal.close();
    await connections.close();
    await turn.release();
  };
});
afterAll(async () => {
  await stop();
  await standIn.stop();
  await book.close();
});

async function startWorkers(): Promise<Worker[]> {
  const { nativeConnection: connection } = connections;
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath });
  const { sendSms } = createSendActivities({ ...deps, sms: [sms], email, reportMisconfigured() {} });
  return [
    await Worker.create({ connection, taskQueue: renewalQueue, workflowBundle }),
    await Worker.create({ connection, taskQueue: smsQueue, activities: { sendSms } }),
  ];
}

/** A confirmation whose first attempt was lost on its way to the provider; answers its id. */
async function aLostConfirmation(): Promise<string> {
  const customer = { phone: `+861380000${(phones += 1)}` };
  const renewalId = await book.addCase({ customer, renewal: { outcome: 'renewed', newPolicyNumber: 'NEW-1' } });
  const messageId = await book.plan(renewalId, confirmation);
  standIn.behave({ mode: 'reset-before-accept', times: 1 });
  const { sendSms } = createSendActivities({ ...deps, sms: [sms], email, reportMisconfigured() {} });
  await sendSms({ renewalId, touch: confirmation.touch, stamp: '' });
  expect((await book.findMessage(messageId)).state).toBe('unknown');
  return messageId;
}

const resent = (messageId: string): Promise<unknown> =>
  deps.temporal.client.workflow.getHandle(`resend.${messageId}.1`).result();

describe('A service notice that provably never went', () => {
  test('goes once more, through the claim, and no third time', async () => {
    const messageId = await aLostConfirmation();

    const { settled } = await settle(book, sms);
    expect([settled.sentAgain, (await book.findMessage(messageId)).state]).toEqual([1, 'planned']);
    await Promise.all([resendMessage(deps, messageId), resendMessage(deps, messageId)]);

    expect(await resent(messageId)).toEqual({ kind: 'accepted' });
    await resendMessage(deps, messageId);
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'accepted', resends: 1 });
    expect((await attemptsOf(book.db, messageId)).map(({ state, resends }) => `${state} ${resends}`)).toEqual([
      'not-accepted 0',
      'accepted 1',
    ]);
    expect(standIn.messages()).toHaveLength(1);
  });

  test('is not sent to a customer who has opted out meanwhile', async () => {
    const messageId = await aLostConfirmation();
    const before = standIn.messages().length;
    await settle(book, sms);
    const { customerId } = await book.findMessage(messageId);
    await book.db.update(customers).set({ smsOptedOutAt: new Date() }).where(eq(customers.id, customerId));

    await resendMessage(deps, messageId);

    expect(await resent(messageId)).toEqual({ kind: 'suppressed', reason: 'sms-opted-out' });
    expect(standIn.messages()).toHaveLength(before);
  });
});
