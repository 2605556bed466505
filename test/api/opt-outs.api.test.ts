import { eq } from 'drizzle-orm';
import twilio from 'twilio';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consents, inboundMessages } from '../../src/db/schema/consents.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { unsubscribeLink } from '../../src/messaging/unsubscribe-link.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, twilioAuthToken, unsubscribeSecret, type RunningApi } from './running-api.ts';

const publicUrl = 'https://renewals.example/xubao';

let api: RunningApi;
let number = 0;

beforeAll(async () => {
  api = await runApi({ settings: { XUBAO_PUBLIC_URL: publicUrl } });
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

/** A customer of their own phone and mailbox with a case, and a touch that is planned on both channels. */
async function aReader(facts: Partial<typeof customers.$inferInsert> = {}) {
  number += 1;
  const phone = `+86138${String(number).padStart(8, '0')}`;
  const renewalId = await aCase(api.db, { number: `OUT-${number}`, phone });
  const [policy] = await api.db
    .select()
    .from(policies)
    .where(eq(policies.policyNumber, `OUT-${number}`));
  const customerId = policy?.customerId ?? '';
  const allowed = { smsConsent: true, emailConsent: true, emailNoticeConsent: true };
  const email = `reader${number}@example.com`;
  await api.db
    .update(customers)
    .set({ ...allowed, email, ...facts })
    .where(eq(customers.id, customerId));
  const due = { dueAt: new Date('2030-06-15T01:30:00Z'), latestAt: new Date('2030-06-16T01:30:00Z') };
  const touch = { renewalId, customerId, touch: 't-15', template: 'expiry-near', state: 'planned', ...due };
  const planned = (['sms', 'email'] as const).map((channel) => ({ id: uuidv7(), ...touch, channel }));
  await api.db.insert(messages).values(planned);
  return { customerId, renewalId, phone };
}

const customerOf = async (id: string) => (await api.db.select().from(customers).where(eq(customers.id, id)))[0];
const statesOf = async (renewalId: string) =>
  (await api.db.select().from(messages).where(eq(messages.renewalId, renewalId)))
    .map(({ channel, state, reason }) => `${channel} ${reason ?? state}`)
    .toSorted();

/** Twilio calls in a message, signed for the address that it was given. */
async function callIn(form: Record<string, string>, token = twilioAuthToken): Promise<Response> {
  const path = '/v1/webhooks/twilio/inbound';
  const fields = { AccountSid: 'AC0', To: '+15005550006', NumMedia: '0', ...form };
  const signature = twilio.getExpectedTwilioSignature(token, `${publicUrl}${path}`, fields);
  const headers = { 'x-twilio-signature': signature };
  return fetch(`${api.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
}

const sid = (): string => `SM${uuidv7().replaceAll('-', '')}`;

/** Who saw what in full, as the journal of the case says. */
async function revealsOf(renewalId: string) {
  const entries = await api.db.select().from(journal).where(eq(journal.chain, renewalId));
  const reveals = entries.filter(({ event }) => event === 'revealed');
  return reveals.map(({ actor, inputs }) => ({ actor, list: (inputs as { list?: string }).list }));
}

describe('An SMS that a customer sent', () => {
  test('opts out what it says, and is answered with nothing as Twilio reads it', async () => {
    const { customerId, renewalId, phone } = await aReader();

    const response = await callIn({ MessageSid: sid(), From: phone, Body: '退订' });

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8']);
    expect(await response.text()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    expect((await customerOf(customerId))?.smsOptedOutAt).not.toBeNull();
    expect(await statesOf(renewalId)).toEqual(['email planned', 'sms sms-opted-out']);
  });

  test('is taken at Twilio’s own word for it', async () => {
    const { customerId, phone } = await aReader();

    await callIn({ MessageSid: sid(), From: phone, Body: 'arret', OptOutType: 'STOP' });

    expect((await customerOf(customerId))?.smsOptedOutAt).not.toBeNull();
  });

  test('that somebody else signed is refused and leaves nothing', async () => {
    const { customerId, phone } = await aReader();
    const id = sid();

    const response = await callIn({ MessageSid: id, From: phone, Body: 'STOP' }, 'another token');

    expect(response.status).toBe(403);
    expect(await api.db.$count(inboundMessages, eq(inboundMessages.id, id))).toBe(0);
    expect((await customerOf(customerId))?.smsOptedOutAt).toBeNull();
  });

  test('is read by the people of the case who ask for its words, and the journal of the case says so', async () => {
    const { renewalId, phone } = await aReader();
    await callIn({ MessageSid: sid(), From: phone, Body: '什么时候到期?' });
    const items = async (who: string, query = '') =>
      (await api.as(who).get(`/v1/renewals/${renewalId}/replies${query}`)).body.items as unknown;
    const silent = [{ body: null, revealed: false, meaning: 'other', certain: true }];

    expect(await items('north-agent')).toMatchObject(silent);
    expect(await items('auditor', '?reveal=true')).toMatchObject(silent);
    expect(await revealsOf(renewalId)).toEqual([]);
    expect(await items('north-agent', '?reveal=true')).toMatchObject([{ body: '什么时候到期?', revealed: true }]);
    expect(await revealsOf(renewalId)).toEqual([{ actor: 'north-agent', list: 'replies' }]);
  });
});

describe('An answer that somebody has to read', () => {
  test('stops nothing until they understood it as an opt-out', async () => {
    const { customerId, renewalId, phone } = await aReader();
    await callIn({ MessageSid: sid(), From: phone, Body: 'can you stop this?' });
    const [task] = await api.db.select().from(tasks).where(eq(tasks.renewalId, renewalId));
    const before = await statesOf(renewalId);

    const done = await api.as('north-specialist').post(`/v1/tasks/${task?.id}/complete`, { finding: 'opted-out' });

    expect([task?.kind, before]).toEqual(['read-reply', ['email planned', 'sms planned']]);
    expect(done).toMatchObject({ status: 200, body: { state: 'completed' } });
    expect((await customerOf(customerId))?.smsOptedOutAt).not.toBeNull();
    const { body } = await api.as('north-lead').get(`/v1/renewals/${renewalId}/consents`);
    expect(body.history[0]).toMatchObject({ state: 'opted-out', source: 'sms', recordedBy: 'north-specialist' });
  });
});

describe('The link out of e-mails', () => {
  const pathOf = (customerId: string): string =>
    new URL(unsubscribeLink({ publicUrl: api.url, secret: unsubscribeSecret }, customerId)).pathname;
  const oneClick = () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });

  test.each(['GET', 'HEAD'])('shows a page to %s and changes nothing', async (method) => {
    const { customerId, renewalId } = await aReader();

    const response = await fetch(`${api.url}${pathOf(customerId)}`, { method });

    const page = await response.text();
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(page).not.toMatch(/<script|example\.com|王/);
    expect(page.includes('<form method="post">')).toBe(method === 'GET');
    expect((await customerOf(customerId))?.emailOptedOutAt).toBeNull();
    expect(await statesOf(renewalId)).toEqual(['email planned', 'sms planned']);
  });

  test('ends reminders by e-mail on a POST of a mail program or of its own button, once', async () => {
    const { customerId, renewalId } = await aReader();

    for (const body of [oneClick(), new URLSearchParams()]) {
      expect((await fetch(`${api.url}${pathOf(customerId)}`, { method: 'POST', body })).status).toBe(200);
    }

    const words = await api.db.select().from(consents).where(eq(consents.customerId, customerId));
    expect(words.map(({ purpose, state, source }) => [purpose, state, source])).toEqual([
      ['renewal-reminder', 'opted-out', 'unsubscribe-link'],
    ]);
    expect(await statesOf(renewalId)).toEqual(['email email-opted-out', 'sms planned']);
    const { body } = await api.as('north-agent').get(`/v1/renewals/${renewalId}/consents`);
    expect(body.items.map((item: { mayBeSent: boolean }) => item.mayBeSent)).toEqual([true, false, false, true]);
  });

  test('speaks the customer’s language', async () => {
    const [zh, en] = [await aReader(), await aReader({ language: 'en' })];

    const pages = await Promise.all(
      [zh, en].map(async ({ customerId }) => (await fetch(`${api.url}${pathOf(customerId)}`)).text()),
    );

    expect(pages.map((page) => /<html lang="(\w+)"/.exec(page)?.[1])).toEqual(['zh', 'en']);
  });

  test.each([
    ['of somebody else’s signature', (path: string, other: string) => `${path.split('.')[0]}.${other.split('.')[1]}`],
    [
      'with a letter changed',
      (path: string) => path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')).replace('/u/', '/u/x'),
    ],
    ['of nobody', () => '/u/nobody'],
    ['that is endless', () => `/u/${'a'.repeat(3_000)}`],
  ])('is a page of nothing where it is one %s', async (_, tampered) => {
    const [one, other] = [await aReader(), await aReader()];
    const path = tampered(pathOf(one.customerId), pathOf(other.customerId));

    const response = await fetch(`${api.url}${path}`, { method: 'POST', body: oneClick() });

    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect((await customerOf(one.customerId))?.emailOptedOutAt).toBeNull();
  });
});
