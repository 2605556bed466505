import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let number = 0;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const smsReminder = { channel: 'sms', purpose: 'renewal-reminder', source: 'phone' };
const record = (id: string, body: object, key?: string) =>
  api
    .as('north-agent')
    .post(`/v1/renewals/${id}/consents`, { ...smsReminder, ...body }, key ? { 'idempotency-key': key } : {});

async function aCustomersCase(facts: Partial<typeof customers.$inferInsert> = {}): Promise<string> {
  number += 1;
  const id = await aCase(api.db, { number: `CONSENT-${number}` });
  await api.db
    .update(customers)
    .set({ smsConsent: false, ...facts })
    .where(eq(customers.key, `CONSENT-${number}`));
  return id;
}

describe('The consents of a customer', () => {
  test('are off until somebody gives them, each for its channel and purpose', async () => {
    const id = await aCustomersCase();

    const { status, body } = await record(id, { given: true });

    expect(status).toBe(201);
    expect(body.items.map((item: { given: boolean }) => item.given)).toEqual([true, false, false, false]);
    expect(body.history).toMatchObject([
      { state: 'given', source: 'phone', recordedBy: 'north-agent', evidence: null },
    ]);
    const entries = await api.db.select().from(journal).where(eq(journal.chain, id));
    expect(entries.map(({ event, reason, actor }) => [event, reason, actor])).toEqual([
      ['consent-given', 'phone', 'north-agent'],
    ]);
  });

  test('are recorded once for each Idempotency-Key, and keep what was said before', async () => {
    const id = await aCustomersCase();
    for (const given of [true, false]) {
      for (const _ of [1, 2]) await record(id, { given }, `consent-${number}-${given}`);
    }

    const { body } = await api.as('north-lead').get(`/v1/renewals/${id}/consents`);

    expect(body.history.map(({ state }: { state: string }) => state)).toEqual(['withdrawn', 'given']);
    expect(body.items[0]).toMatchObject({ given: false, mayBeSent: false });
  });

  test('need evidence after an opt-out, and end it for their purpose alone', async () => {
    const id = await aCustomersCase({ smsConsent: true, smsNoticeConsent: true, smsOptedOutAt: new Date() });

    const refused = await record(id, { given: true });
    const taken = await record(id, { given: true, evidence: 'REC-2030-000001' });

    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'evidence']);
    expect(taken.status).toBe(201);
    const sms = taken.body.items.slice(0, 2);
    expect(sms).toMatchObject([
      { purpose: 'renewal-reminder', given: true, optedOutAt: null, mayBeSent: true },
      { purpose: 'service-notice', given: false, optedOutAt: null, mayBeSent: false },
    ]);
  });

  test('need evidence after a withdrawal, each purpose anew', async () => {
    const id = await aCustomersCase({ smsConsent: true, smsNoticeConsent: true, smsOptedOutAt: new Date() });
    const notice = { given: true, purpose: 'service-notice' };
    await record(id, { given: true, evidence: 'REC-2030-000001' });
    await record(id, { given: false });

    for (const again of [{ given: true }, notice]) {
      expect((await record(id, again)).status).toBe(422);
      expect((await record(id, { ...again, evidence: 'REC-2030-000002' })).status).toBe(201);
    }
  });

  test('can always be withdrawn', async () => {
    const id = await aCustomersCase({ smsConsent: true, smsOptedOutAt: new Date() });

    expect((await record(id, { given: false })).status).toBe(201);
  });

  test.each([
    ['a text as evidence', { evidence: '客户王芳在电话里同意' }],
    ['a source that only systems have', { source: 'list' }],
    ['an unknown purpose', { purpose: 'marketing' }],
  ])('take no %s', async (_, wrong) => {
    const id = await aCustomersCase();

    expect((await record(id, { given: true, ...wrong })).status).toBe(422);
  });
});
