import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageAttempts, messageReceipts } from '../../src/db/schema/message-attempts.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { anUncertainMessage } from './an-uncertain-message.ts';
import { aliyunReportSecret, runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let number = 0;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

type Uncertain = { messageId: string; attemptId: string };

async function anAttemptOfWhichNobodyHeard(): Promise<Uncertain> {
  const messageId = await anUncertainMessage(api.db, await aCase(api.db, { number: `PUSHED-${(number += 1)}` }));
  const [attempt] = await api.db.select().from(messageAttempts).where(eq(messageAttempts.messageId, messageId));
  return { messageId, attemptId: attempt?.id ?? '' };
}

async function messageOf({ messageId }: Uncertain) {
  const [message] = await api.db.select().from(messages).where(eq(messages.id, messageId));
  return message;
}

/** One report with the fields that Aliyun documents. */
function aReport(outId: string, changed: object = {}): object {
  return {
    phone_number: '13800001234',
    send_time: '2027-03-16 10:00:00',
    report_time: '2027-03-16 10:00:05',
    success: true,
    err_code: 'DELIVERED',
    err_msg: '用户接收成功',
    sms_size: '1',
    biz_id: '900619746936498440^0',
    out_id: outId,
    ...changed,
  };
}

function push(reports: object[], secret = aliyunReportSecret): Promise<Response> {
  return fetch(`${api.url}/v1/webhooks/aliyun/sms-reports/${secret}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(reports),
  });
}

describe('A push of Aliyun', () => {
  test('settles attempts of which nobody heard, many in one call, and is answered as Aliyun expects', async () => {
    const [arrived, failed] = [await anAttemptOfWhichNobodyHeard(), await anAttemptOfWhichNobodyHeard()];
    const response = await push([
      aReport(arrived.attemptId),
      aReport(failed.attemptId, { success: false, err_code: 'MOBILE_NOT_ON_SERVICE' }),
    ]);
    expect([response.status, await response.json()]).toEqual([200, { code: 0, msg: 'OK' }]);
    expect(await messageOf(arrived)).toMatchObject({ state: 'delivered', settledBy: 'callback' });
    expect(await messageOf(failed)).toMatchObject({ state: 'undelivered', errorCode: 'MOBILE_NOT_ON_SERVICE' });
  });

  test('that comes twice is kept once, and no phone number of it', async () => {
    const attempt = await anAttemptOfWhichNobodyHeard();
    await push([aReport(attempt.attemptId), aReport(attempt.attemptId)]);
    await push([aReport(attempt.attemptId)]);
    const kept = await api.db.select().from(messageReceipts).where(eq(messageReceipts.attemptId, attempt.attemptId));
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('138');
  });

  test('to an address with another secret finds nothing there and changes nothing', async () => {
    const attempt = await anAttemptOfWhichNobodyHeard();
    expect((await push([aReport(attempt.attemptId)], 'guessed')).status).toBe(404);
    expect((await messageOf(attempt))?.state).toBe('unknown');
  });

  test('about attempts that nobody made here is taken and left alone', async () => {
    expect((await push([aReport(uuidv7()), aReport('of another system')])).status).toBe(200);
  });

  test('that is none is refused', async () => {
    expect((await push([{ success: 'yes' }])).status).toBe(422);
  });
});
