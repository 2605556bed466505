import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { takeConsentWord } from '../../src/db/customers/consent-records.ts';
import { queueImport } from '../../src/db/imports/import-records.ts';
import { consents } from '../../src/db/schema/consents.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { importList } from '../../src/intake/import-list.ts';
import { takeReply } from '../../src/messaging/take-reply.ts';
import { shanghai } from '../support/given-plan.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
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

async function listed(policyNumber: string, phone: string): Promise<void> {
  const file = aFile(aPendingList({ 保单号: policyNumber, 被保险人: `王${policyNumber}`, 联系电话: phone }));
  const request = { fileName: 'list.csv', dryRun: false, requestedBy: 'admin' };
  const importId = await queueImport(connection.db, request);
  await importList(connection, { importId, path: file.path, today: '2027-01-10', calendar: shanghai });
  file.remove();
}

async function wrote(phone: string, ...bodies: string[]): Promise<void> {
  for (const body of bodies) {
    const message = { id: randomUUID(), provider: 'twilio', sender: `+86${phone}`, recipient: '+15005550006', body };
    await takeReply(connection.db, message, shanghai);
  }
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

const hasOptedOut = async (policyNumber: string): Promise<boolean> =>
  (await holderOf(policyNumber)).smsOptedOutAt !== null;

describe('What a number wrote before any list had it', () => {
  test('stops its SMS when a customer comes with it, and the history has it as a word of the list', async () => {
    await wrote('13900010001', '退订');
    await listed('B1', '13900010001');
    expect(await hasOptedOut('B1')).toBe(true);
    const words = await connection.db
      .select()
      .from(consents)
      .where(eq(consents.customerId, (await holderOf('B1')).id));
    expect(
      words.filter(({ state }) => state === 'opted-out').map(({ purpose, source }) => `${purpose} ${source}`),
    ).toEqual(expect.arrayContaining(['renewal-reminder list', 'service-notice list']));
    expect(await holderOf('B1')).toMatchObject({ doNotContactUntil: null });
  });

  test('leaves a customer alone for six months when it refused all contact', async () => {
    await wrote('13900010002', '不要再联系我');
    await listed('B2', '13900010002');
    const { doNotContactUntil } = await holderOf('B2');
    expect(await hasOptedOut('B2')).toBe(true);
    expect(doNotContactUntil!.getTime()).toBeGreaterThan(Date.now() + 150 * 86_400_000);
  });

  test.each([
    { policyNumber: 'B3', phone: '13900010003', when: 'was ended by START', bodies: ['退订', 'START'] },
    { policyNumber: 'B4', phone: '13900010004', when: 'was no opt-out for certain', bodies: ['为什么一直骚扰我'] },
    { policyNumber: 'B5', phone: '13900010005', when: 'was none', bodies: ['你好'] },
  ])('stops nothing when it $when', async ({ policyNumber, phone, bodies }) => {
    await wrote(phone, ...bodies);
    await listed(policyNumber, phone);
    expect(await hasOptedOut(policyNumber)).toBe(false);
  });

  test('stops it again when STOP came after START', async () => {
    await wrote('13900010006', 'STOP', 'START', 'STOP');
    await listed('B6', '13900010006');
    expect(await hasOptedOut('B6')).toBe(true);
  });

  test('stops it when a list corrects the number of a customer to it', async () => {
    await wrote('13900010007', 'T');
    await listed('B7', '13900010070');
    expect(await hasOptedOut('B7')).toBe(false);
    await listed('B7', '13900010007');
    expect(await hasOptedOut('B7')).toBe(true);
  });

  test('does not stop it anew once the customer gave a consent with evidence', async () => {
    await wrote('13900010008', '退订');
    await listed('B8', '13900010008');
    const { id } = await holderOf('B8');
    const how = { channel: 'sms', purposes: ['renewal-reminder'], source: 'phone', evidence: 'REC-1' } as const;
    await connection.db.transaction((tx) =>
      takeConsentWord(tx, { customerIds: [id], ...how, state: 'given' }, shanghai),
    );
    await listed('B8', '13900010008');
    expect(await hasOptedOut('B8')).toBe(false);
  });
});
