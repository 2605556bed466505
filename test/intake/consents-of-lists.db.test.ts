import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { takeConsentWord } from '../../src/db/customers/consent-records.ts';
import type { ConsentWord } from '../../src/db/customers/consent-words.ts';
import { queueImport } from '../../src/db/imports/import-records.ts';
import { consents } from '../../src/db/schema/consents.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { importList } from '../../src/intake/import-list.ts';
import { takeReply } from '../../src/messaging/take-reply.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { shanghai } from '../support/given-plan.ts';
import { aFile, aPendingList } from './pending-list.ts';

let database: FreshDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl, { connections: 5 });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

async function listed(...rows: Record<string, string>[]): Promise<void> {
  const file = aFile(aPendingList(...rows));
  const request = { fileName: 'list.csv', dryRun: false, requestedBy: 'admin' };
  const importId = await queueImport(connection.db, request);
  await importList(connection, { importId, path: file.path, today: '2027-01-10', calendar: shanghai });
  file.remove();
}

async function holderOf(policyNumber: string) {
  const [row] = await connection.db
    .select({ customer: customers })
    .from(customers)
    .innerJoin(policies, eq(policies.customerId, customers.id))
    .where(eq(policies.policyNumber, policyNumber));
  if (!row) throw new Error('nobody holds this policy');
  return row.customer;
}

const wordsOf = async (policyNumber: string): Promise<string[]> => {
  const { id } = await holderOf(policyNumber);
  const rows = await connection.db.select().from(consents).where(eq(consents.customerId, id));
  return rows.map(({ channel, purpose, state, source }) => `${channel} ${purpose} ${state} ${source}`).toSorted();
};

const optOutsOf = async (policyNumber: string): Promise<string[]> =>
  (await wordsOf(policyNumber)).filter((word) => word.includes('opted-out'));

async function said(policyNumber: string, word: Pick<ConsentWord, 'state'>): Promise<void> {
  const { id } = await holderOf(policyNumber);
  const how = { channel: 'sms', purposes: ['renewal-reminder'], source: 'phone' } as const;
  await connection.db.transaction((tx) => takeConsentWord(tx, { customerIds: [id], ...how, ...word }, shanghai));
}

const holder = (name: string, phone: string) => ({ 被保险人: name, 联系电话: phone });

describe('The consent of a list', () => {
  test('is to reminders and to service notices, and is kept once, however often the list comes', async () => {
    const row = { 保单号: 'C1', ...holder('王一', '13900000001'), 邮件同意: '否' };
    await listed(row);
    await listed(row);

    expect(await holderOf('C1')).toMatchObject({ smsConsent: true, smsNoticeConsent: true, emailNoticeConsent: false });
    expect(await wordsOf('C1')).toEqual(['sms renewal-reminder given list', 'sms service-notice given list']);
  });

  test('goes and comes with the list', async () => {
    const row = { 保单号: 'C2', ...holder('王二', '13900000002') };
    for (const 短信同意 of ['是', '否', '是']) await listed({ ...row, 短信同意 });

    expect(await holderOf('C2')).toMatchObject({ smsConsent: true, smsNoticeConsent: true });
    expect((await wordsOf('C2')).filter((word) => word.startsWith('sms renewal-reminder'))).toEqual([
      'sms renewal-reminder given list',
      'sms renewal-reminder given list',
      'sms renewal-reminder withdrawn list',
    ]);
  });

  test('does not come back over what the customer withdrew, for that purpose alone', async () => {
    const row = { 保单号: 'C3', ...holder('王三', '13900000003') };
    await listed(row);
    await said('C3', { state: 'withdrawn' });
    await listed(row);

    expect(await holderOf('C3')).toMatchObject({ smsConsent: false, smsNoticeConsent: true });
  });

  test('does not come back either once the customer has another number', async () => {
    const [row, beside] = [
      { 保单号: 'C4', ...holder('王四', '13900000004') },
      { 保单号: 'C5', ...holder('王四', '13900000004') },
    ];
    await listed(row, beside);
    await said('C4', { state: 'withdrawn' });
    const moved = { ...row, ...holder('王四', '13900000044') };
    await listed(moved, beside);
    await listed(moved, beside);

    expect((await holderOf('C4')).id).not.toBe((await holderOf('C5')).id);
    expect(await holderOf('C4')).toMatchObject({ smsConsent: false, smsNoticeConsent: true });
  });

  test('comes again once the customer gave it', async () => {
    const row = { 保单号: 'C6', ...holder('王六', '13900000006') };
    await listed(row);
    await said('C6', { state: 'withdrawn' });
    await said('C6', { state: 'given' });
    await listed({ ...row, 短信同意: '否' });
    await listed(row);

    expect(await holderOf('C6')).toMatchObject({ smsConsent: true });
  });
});

test('A customer who comes with a number that opted out of SMS has opted out', async () => {
  await listed({ 保单号: 'C7', ...holder('王七', '13900000007') });
  await connection.db
    .update(customers)
    .set({ smsOptedOutAt: new Date('2027-01-02T00:00:00Z') })
    .where(eq(customers.phone, '+8613900000007'));
  await listed({ 保单号: 'C8', ...holder('赵八', '13900000007') });

  expect((await holderOf('C8')).smsOptedOutAt).toEqual(new Date('2027-01-02T00:00:00Z'));
  expect(await optOutsOf('C8')).toEqual(['sms renewal-reminder opted-out list', 'sms service-notice opted-out list']);
});

test('A customer who came back and on whom a list lays the opt-out of the number again has it in the history, once', async () => {
  const row = { 保单号: 'C14', ...holder('赵丁', '13900000013') };
  await listed({ 保单号: 'C13', ...holder('王丙', '13900000013') }, row);
  await said('C13', { state: 'opted-out' });
  for (const _ of [1, 2]) await listed(row);
  await said('C14', { state: 'given' });
  for (const _ of [1, 2]) await listed(row);

  expect((await holderOf('C14')).smsOptedOutAt).not.toBeNull();
  expect(await optOutsOf('C14')).toHaveLength(4);
});

test('A customer who opted out and comes with another number has the opt-out in the history of both', async () => {
  const beside = { 保单号: 'C16', ...holder('王戊', '13900000014') };
  await listed({ 保单号: 'C15', ...holder('王戊', '13900000014') }, beside);
  await said('C15', { state: 'opted-out' });
  for (const _ of [1, 2]) await listed({ 保单号: 'C15', ...holder('王戊', '13900000015') }, beside);

  expect((await holderOf('C15')).id).not.toBe((await holderOf('C16')).id);
  expect(await optOutsOf('C15')).toEqual(['sms renewal-reminder opted-out list', 'sms service-notice opted-out list']);
});

test('A customer who comes with a mailbox that opted out of e-mail has opted out, in capitals too', async () => {
  const optedOutAt = new Date('2027-01-02T00:00:00Z');
  await listed({ 保单号: 'C9', ...holder('王九', '13900000009'), 电子邮箱: 'home@example.com' });
  await connection.db
    .update(customers)
    .set({ emailOptedOutAt: optedOutAt })
    .where(eq(customers.phone, '+8613900000009'));
  await listed({ 保单号: 'C10', ...holder('赵十', '13900000010'), 电子邮箱: 'Home@Example.com' });

  expect((await holderOf('C10')).emailOptedOutAt).toEqual(optedOutAt);
  expect(await optOutsOf('C10')).toEqual(['email renewal-reminder opted-out list']);
});

test('A customer who comes with a number that wrote that it wants no contact is left alone as long', async () => {
  const sender = '+8613900000011';
  await listed({ 保单号: 'C11', ...holder('王甲', '13900000011') });
  const message = { id: 'SM-refusal', provider: 'twilio', sender, recipient: '+15005550006', body: '不要再联系我' };
  await takeReply(connection.db, message, shanghai);
  await listed({ 保单号: 'C12', ...holder('赵乙', '13900000011') });

  const { doNotContactUntil } = await holderOf('C11');
  expect(doNotContactUntil).not.toBeNull();
  expect((await holderOf('C12')).doNotContactUntil).toEqual(doNotContactUntil);
});
