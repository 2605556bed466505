import { eq } from 'drizzle-orm';
import twilio from 'twilio';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, twilioAuthToken, type RunningApi } from './running-api.ts';

const publicUrl = 'https://renewals.example/xubao';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi({ settings: { XUBAO_PUBLIC_URL: publicUrl } });
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

type Row = typeof staffMessages.$inferSelect;

let day = 0;

/** A digest that Twilio took, unless told otherwise. */
async function aDigest(facts: Partial<Row> = {}): Promise<{ id: string; attemptId: string }> {
  const [id, attemptId] = [uuidv7(), uuidv7()];
  const on = new Date(Date.UTC(2030, 0, (day += 1))).toISOString().slice(0, 10);
  const what = { kind: 'morning-digest', staffId: 'north-agent', day: on, channel: 'sms' };
  const [dueAt, latestAt] = [new Date('2030-05-21T01:00:00Z'), new Date('2030-05-21T10:00:00Z')];
  const attempt = { state: 'accepted', attemptId, claimedAt: dueAt, provider: 'twilio', settledBy: 'answer' };
  await api.db.insert(staffMessages).values({ id, ...what, dueAt, latestAt, ...attempt, ...facts });
  return { id, attemptId };
}

const rowOf = async (id: string): Promise<Row> =>
  (await api.db.select().from(staffMessages).where(eq(staffMessages.id, id)))[0]!;

/** Calls as Twilio does: signed for the address that it was given. */
async function call(attemptId: string, status: string, { errorCode = '', token = twilioAuthToken } = {}) {
  const path = `/v1/webhooks/twilio/status/${attemptId}`;
  const error = errorCode === '' ? {} : { ErrorCode: errorCode };
  const form = { MessageSid: 'SM1', MessageStatus: status, To: '+8613800001234', ...error };
  const signature = twilio.getExpectedTwilioSignature(token, `${publicUrl}${path}`, form);
  const headers = { 'x-twilio-signature': signature };
  return (await fetch(`${api.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) })).status;
}

describe('A status callback of an SMS to staff', () => {
  test('is taken, however doubled and shuffled, and counts by its rank', async () => {
    const { id, attemptId } = await aDigest();

    const answers: number[] = [];
    for (const status of ['queued', 'sent', 'delivered', 'sent', 'undelivered', 'delivered', 'on-its-way'])
      answers.push(await call(attemptId, status));

    expect(answers).toEqual(Array(7).fill(204));
    expect(await rowOf(id)).toMatchObject({ state: 'delivered', providerId: 'SM1', settledBy: 'callback' });
    const entries = await api.db.select().from(journal).where(eq(journal.chain, 'staff.north-agent'));
    const about = entries.filter(({ inputs }) => (inputs as { messageId: string }).messageId === id);
    expect(about).toMatchObject([
      { event: 'staff-message-delivered', reason: 'callback', inputs: { status: 'delivered', was: 'accepted' } },
    ]);
  });

  test('that it was not delivered is listed with Twilio’s code, and counted', async () => {
    const { id, attemptId } = await aDigest();

    expect(await call(attemptId, 'undelivered', { errorCode: '30003' })).toBe(204);

    const list = (await api.as('north-manager').get('/v1/staff-messages?state=undelivered')).body.items as Row[];
    const listed = list.find((item) => item.id === id);
    expect(listed).toMatchObject({ errorCode: '30003', reason: 'undelivered', settledBy: 'callback' });
    expect((await api.as('north-manager').get('/v1/staff-messages?state=delivered')).status).toBe(200);
    const figures = await (await fetch(`${api.url}/metrics`)).text();
    expect(figures).toContain('xubao_staff_messages{state="undelivered",kind="morning-digest"}');
  });

  const byAnOperator = { settledBy: 'operator' };

  test.each([
    { found: { state: 'unknown' }, status: 'sent', left: 'accepted' },
    { found: { state: 'unknown' }, status: 'delivered', left: 'delivered' },
    { found: { state: 'claimed' }, status: 'undelivered', left: 'undelivered' },
    { found: { state: 'planned' }, status: 'sent', left: 'accepted' },
    { found: { state: 'undelivered' }, status: 'delivered', left: 'delivered' },
    { found: { state: 'undelivered' }, status: 'sent', left: 'undelivered' },
    { found: { state: 'delivered' }, status: 'undelivered', left: 'delivered' },
    { found: { state: 'not-accepted' }, status: 'undelivered', left: 'undelivered' },
    { found: { state: 'not-accepted', ...byAnOperator }, status: 'undelivered', left: 'not-accepted' },
    { found: { state: 'not-accepted', ...byAnOperator }, status: 'sent', left: 'not-accepted' },
    { found: { state: 'not-accepted', ...byAnOperator }, status: 'delivered', left: 'delivered' },
  ])('that says $status finds $found and leaves it $left', async ({ found, status, left }) => {
    const { id, attemptId } = await aDigest(found);

    expect([await call(attemptId, status), (await rowOf(id)).state]).toEqual([204, left]);
  });

  test('that somebody else signed, or of a mail, is refused and changes nothing', async () => {
    const [sms, mail] = [await aDigest({ state: 'unknown' }), await aDigest({ state: 'unknown', channel: 'email' })];

    expect(await call(sms.attemptId, 'delivered', { token: 'somebody else’s' })).toBe(403);
    expect(await call(mail.attemptId, 'delivered')).toBe(404);
    expect([(await rowOf(sms.id)).state, (await rowOf(mail.id)).state]).toEqual(['unknown', 'unknown']);
  });
});
