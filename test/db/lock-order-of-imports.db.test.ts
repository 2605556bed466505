import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { takeConsentWord } from '../../src/db/customers/consent-records.ts';
import { queueImport } from '../../src/db/imports/import-records.ts';
import { mergeStagedLines } from '../../src/db/imports/staged-policy-records.ts';
import { createStage, indexStage, onOwnConnection, stageTerms } from '../../src/db/imports/staged-term-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { consentPurposes } from '../../src/renewal/consent.ts';
import type { PolicyTerm } from '../../src/renewal/policy.ts';
import { calendar, openMessageBook, type MessageBook } from '../messaging/message-book.ts';
import { deadlocksOf } from '../support/at-the-same-time.ts';
import { shanghai } from '../support/given-plan.ts';

const rounds = 8;
const cases = 24;

let book: MessageBook;
let connection: Connection;
let importId: string;
let renewalIds: string[];
let terms: PolicyTerm[];

beforeAll(async () => {
  book = await openMessageBook();
  // In the quiet hours each claim decides, and leaves the message to be claimed again.
  await book.setTime('2027-03-16T22:00');
  connection = connectDatabase(book.databaseUrl, { connections: 30 });
  importId = await queueImport(connection.db, { fileName: 'list.csv', dryRun: false, requestedBy: 'admin' });
  renewalIds = [];
  for (let turn = 0; turn < cases; turn += 1) {
    // Two customers share each number.
    const phone = `+86138${String(Math.floor(turn / 2)).padStart(8, '0')}`;
    const renewalId = await book.addCase({ customer: { phone } });
    await book.plan(renewalId);
    renewalIds.push(renewalId);
  }
  terms = await termsInTheBook();
});
afterAll(async () => {
  await connection.close();
  await book.close();
});

async function termsInTheBook(): Promise<PolicyTerm[]> {
  const rows = await book.db
    .select()
    .from(policies)
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .innerJoin(renewals, eq(renewals.policyId, policies.id))
    .where(inArray(renewals.id, renewalIds));
  return rows.map(({ policies: policy, customers: { key, name, phone, email } }) => ({
    policyNumber: policy.policyNumber,
    startsOn: policy.startsOn,
    expiresOn: policy.expiresOn,
    termDays: policy.termDays,
    coverType: 'commercial',
    vehicle: { plate: policy.plate ?? '' },
    customer: {
      key,
      name,
      ...(phone === null ? {} : { phone }),
      ...(email === null ? {} : { email }),
      language: 'zh-CN',
      consent: { sms: true, email: true },
    },
    owners: { branch: { id: '3701', name: '济南分公司' } },
    premium: policy.premium,
    claimsCount: 0,
    claimsAmount: '0.00',
    underwritingApproved: true,
  }));
}

/** Merges a list of all cases that corrects each expiry, or another thing about them. */
async function importList(change: (term: PolicyTerm) => PolicyTerm): Promise<void> {
  await onOwnConnection(connection.pool, async (stage) => {
    await createStage(stage);
    const staged = terms.map((term, line) => ({ line: line + 1, duplicateKey: term.policyNumber, term: change(term) }));
    await stageTerms(stage, staged);
    await indexStage(stage);
    await mergeStagedLines(
      stage,
      { after: 0, upTo: cases },
      { importId, today: '2027-03-16', calendar: shanghai, dryRun: false },
    );
  });
}

const claimsOfAll = () =>
  renewalIds.map(
    (renewalId) => () => claimMessage(connection.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar),
  );

/** What people with one number say, for each number. */
async function wordsOf(state: 'opted-out' | 'opted-in'): Promise<(() => Promise<void>)[]> {
  const people = await book.db.select().from(customers);
  const numbers = [...new Set(people.map(({ phone }) => phone))];
  return numbers.map((phone) => () => {
    const customerIds = people.filter((one) => one.phone === phone).map(({ id }) => id);
    const word = { customerIds, channel: 'sms', purposes: consentPurposes, state, source: 'sms' } as const;
    return connection.db.transaction((tx) => takeConsentWord(tx, word, calendar));
  });
}

const expiring = (day: number) => (term: PolicyTerm) => ({
  ...term,
  expiresOn: `2027-04-${String(day).padStart(2, '0')}`,
});
const inFleet = (number: number) => (term: PolicyTerm) => ({ ...term, fleetNumber: `F${number}` });

const called = (turn: number) => (term: PolicyTerm) => ({
  ...term,
  customer: { ...term.customer, name: `王芳${turn}` },
});

describe('A list that is imported', () => {
  test('corrects the expiries of cases whose messages are being claimed', async () => {
    let deadlocks = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const claims = [...claimsOfAll(), ...claimsOfAll()];
      deadlocks += await deadlocksOf([...claims, () => importList(expiring(round)), ...claimsOfAll()]);
    }
    expect(deadlocks).toBe(0);
  });

  test('brings cases into fleets while their messages are being claimed', async () => {
    let deadlocks = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const claims = [...claimsOfAll(), ...claimsOfAll()];
      deadlocks += await deadlocksOf([...claims, () => importList(inFleet(round)), ...claimsOfAll()]);
    }
    expect(deadlocks).toBe(0);
  });

  test('corrects expiries while people opt out of SMS and in again', async () => {
    let deadlocks = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const words = await wordsOf(round % 2 === 0 ? 'opted-in' : 'opted-out');
      deadlocks += await deadlocksOf([...words, () => importList(expiring(10 + round)), ...words]);
    }
    expect(deadlocks).toBe(0);
  });

  test('changes customers alone while people with one number opt out of SMS and in again', async () => {
    let deadlocks = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const words = await wordsOf(round % 2 === 0 ? 'opted-in' : 'opted-out');
      deadlocks += await deadlocksOf([...words, () => importList(called(round)), ...words]);
    }
    expect(deadlocks).toBe(0);
  });
});
