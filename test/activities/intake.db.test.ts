import { MockActivityEnvironment } from '@temporalio/testing';
import { asc, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createIntakeActivities, type IntakeCounts } from '../../activities/intake.ts';
import { openRenewal, readIntakeRun } from '../../src/db/cases/intake-records.ts';
import { staff, teams } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { openBook, type Book, type PolicyFacts } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;
let started: string[];

// Today is T-60 of the policies that expire on 2027-03-31.
beforeEach(async () => {
  await book?.close();
  book = await openBook();
  started = [];
  await book.setTime(60, 5 * 60);
});
afterAll(() => book.close());

function run(runId = uuidv7(), startCase = async (id: string) => void started.push(id)): Promise<IntakeCounts> {
  const deps = { db: book.db, calendar: shanghai, startCase, collectOrphans: async () => {} };
  return new MockActivityEnvironment().run(createIntakeActivities(deps).openDueCases, { runId, requestedBy: 'test' });
}
const leftOut = async (facts: PolicyFacts): Promise<string | null> => {
  const { id } = await book.addPolicy(facts);
  await run();
  const [policy] = await book.db.select().from(policies).where(eq(policies.id, id));
  return policy!.leftOutReason;
};

describe('the nightly intake', () => {
  test('opens and starts the case of every policy within sixty days, and none beyond', async () => {
    const { id } = await book.addPolicy();
    await book.addPolicy({ expiresOn: '2027-04-01' });
    expect(await run()).toEqual({ opened: 1, alreadyOpen: 0, leftOut: {} });
    const opened = await book.db.select().from(renewals);
    expect(opened).toMatchObject([
      { policyId: id, id: 'renewal.P1.20260401', ownerId: 'A1', teamId: 'T1', stage: null },
    ]);
    expect(started).toEqual(['renewal.P1.20260401']);
  });

  test('opens nothing twice, whoever asks and however many at once', async () => {
    for (let turn = 0; turn < 10; turn += 1) await book.addPolicy();
    const runs = await Promise.all([run(), run(), run()]);
    expect(runs.reduce((sum, { opened }) => sum + opened, 0)).toBe(10);
    expect(await run()).toMatchObject({ opened: 0, alreadyOpen: 10 });
  });

  test('opens no second case for a term that has closed', async () => {
    await book.addPolicy();
    await run();
    await book.db.update(renewals).set({ outcome: 'lost', lossReason: 'price' });
    expect(await run()).toMatchObject({ opened: 0 });
    expect(await book.db.select().from(renewals)).toHaveLength(1);
  });

  test('starts the workflow of a case whose start was lost', async () => {
    await book.openCase();
    await run();
    expect(started).toEqual(['renewal.P1.20260401']);
  });

  test('goes on at its cursor after a kill, with the counts of what it had done', async () => {
    for (let turn = 0; turn < 250; turn += 1) await book.addPolicy();
    const runId = uuidv7();
    let left = 230;
    const killed = run(runId, async (id) => {
      if ((left -= 1) < 0) throw new Error('killed');
      started.push(id);
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await readIntakeRun(book.db, runId)).toMatchObject({ state: 'running', opened: 200 });
    const counts = await run(runId);
    expect(counts.opened + counts.alreadyOpen).toBe(250);
    expect(await book.db.select().from(renewals)).toHaveLength(250);
    expect(await readIntakeRun(book.db, runId)).toMatchObject({ state: 'completed' });
  });
});

describe('the case of a policy without an agent', () => {
  test.each([
    ['belongs to the team that its supervisor leads', 'S2', 'T2'],
    ['belongs to the team named after its supervisor when no leader is known', 'S3', 'S3'],
    ['belongs to no team when its supervisor leads none', 'X1', null],
    ['belongs to no team when it has no supervisor', null, null],
  ])('%s', async (_, supervisorId, teamId) => {
    await book.db.insert(teams).values({ id: 'S3', branchId: 'B01' });
    await book.db.insert(staff).values({ id: 'S3', name: 'S3', roles: ['supervisor'], branchId: 'B01' });
    await book.addPolicy({ agentId: null, supervisorId });
    await run();
    expect(await book.db.select().from(renewals)).toMatchObject([{ teamId, ownerId: 'X1' }]);
  });
});

test('a correction that arrives after the policy was read holds for the case that opens', async () => {
  const read = await book.addPolicy();
  await book.db.update(policies).set({ expiresOn: '2027-03-20' }).where(eq(policies.id, read.id));
  const id = await book.db.transaction((tx) => openRenewal(tx, read, { runId: uuidv7(), calendar: shanghai }));
  expect((await book.renewal(id!)).expiresOn).toBe('2027-03-20');
});

describe('what is left out keeps its reason', () => {
  test.each([
    ['a term of 182 days', { termDays: 182 }, 'term-too-short'],
    ['a term of 183 days', { termDays: 183 }, null],
    ['a policy that underwriting refused', { underwritingApproved: false }, 'underwriting-refused'],
    ['a cancelled policy', { cancelledOn: '2027-01-15' }, 'cancelled'],
    ['a policy that expired yesterday', { expiresOn: '2027-01-29' }, 'expired'],
    ['a policy that the core system reported as renewed', { renewedAs: 'N-1' }, 'already-renewed'],
  ] as const)('%s', async (_, facts, reason) => {
    expect(await leftOut(facts)).toBe(reason);
  });

  const later = { startsOn: '2027-04-01', expiresOn: '2028-03-31' };

  test.each([
    ['the same plate under another number', { plate: '鲁A99999' }, 'already-renewed'],
    ['the same VIN with a new plate', { vin: 'LSVAM4187C2184847' }, 'already-renewed'],
    ['the same plate, but cancelled', { plate: '鲁A99999', cancelledOn: '2027-01-01' }, null],
    ['the same plate, but of the compulsory cover', { plate: '鲁A99999', coverType: 'compulsory' }, null],
    ['another vehicle', { plate: '鲁A00000' }, null],
  ])('a policy whose later term has %s', async (_, facts, reason) => {
    await book.addPolicy({ ...later, ...facts });
    expect(await leftOut({ plate: '鲁A99999', vin: 'LSVAM4187C2184847' })).toBe(reason);
  });

  test('the second of two policies of one vehicle that expire on the same day', async () => {
    await book.addPolicy({ plate: '鲁A77777' });
    await book.addPolicy({ plate: '鲁A77777' });
    expect(await run()).toMatchObject({ opened: 1, leftOut: { 'same-vehicle-twice': 1 } });
  });

  test.each([
    ['underwriting refused', { underwritingApproved: false }],
    ['ran too short a term', { termDays: 182 }],
    ['was cancelled', { cancelledOn: '2027-01-15' }],
    ['was renewed', { renewedAs: 'N-1' }],
  ])('the second of two policies of one vehicle has the case when the first %s', async (_, facts) => {
    await book.addPolicy({ plate: '鲁A77777', ...facts });
    const { id } = await book.addPolicy({ plate: '鲁A77777' });
    expect(await run()).toMatchObject({ opened: 1 });
    expect(await book.db.select().from(renewals)).toMatchObject([{ policyId: id }]);
  });

  test('compulsory and commercial cover of one vehicle are a case each', async () => {
    await book.addPolicy({ plate: '鲁A88888', coverType: 'commercial' });
    await book.addPolicy({ plate: '鲁A88888', coverType: 'compulsory' });
    expect(await run()).toMatchObject({ opened: 2, leftOut: {} });
  });

  test('vehicles of which nothing is known are not taken for one another', async () => {
    await book.addPolicy({ plate: null, vin: null });
    await book.addPolicy({ plate: null, vin: null });
    expect(await run()).toMatchObject({ opened: 2 });
  });

  test('a policy that is approved later enters and its reason goes', async () => {
    await leftOut({ underwritingApproved: false });
    await book.db.update(policies).set({ underwritingApproved: true });
    expect(await run()).toMatchObject({ opened: 1 });
    const [policy] = await book.db.select().from(policies).orderBy(asc(policies.id));
    expect(policy?.leftOutReason).toBeNull();
  });
});

test.each([
  ['49999.99', 'claim-free', 99],
  ['50000.00', 'key-customer', 100],
])('a premium of %s makes the segment %s', async (premium, segment, priority) => {
  await book.addPolicy({ premium });
  await run();
  expect(await book.db.select().from(renewals)).toMatchObject([{ segment, priority }]);
});
