import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { openBook, type Book, type PolicyFacts } from '../support/given-book.ts';
import { daysBeforeT } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
  await book.setTime(60);
});
afterAll(() => book.close());

const lastYear = { startsOn: '2025-04-01', expiresOn: '2026-03-31' };
const closedDaysAgo = (days: number): Date => new Date(daysBeforeT(60) - days * dayMs);

/** A case that was lost, so many days ago. */
async function aLoss(facts: PolicyFacts, { daysAgo = 300, renewable = true } = {}): Promise<string> {
  const id = await book.openCase({ ...lastYear, ...facts });
  await book.db
    .update(renewals)
    .set({ outcome: 'lost', lossReason: 'price', renewable, closedAt: closedDaysAgo(daysAgo) })
    .where(eq(renewals.id, id));
  return id;
}

const wonBack = async (facts: PolicyFacts) => (await book.renewal(await book.openCase(facts))).winBackOf;
const customerOf = async (renewalId: string): Promise<string> => {
  const { policyId } = await book.renewal(renewalId);
  return (await book.db.select().from(policies).where(eq(policies.id, policyId)))[0]!.customerId;
};

describe('A case that opens', () => {
  test('is linked to the lost case of the same plate', async () => {
    const lost = await aLoss({ plate: '鲁B00001' });
    expect(await wonBack({ plate: '鲁B00001' })).toBe(lost);
  });

  test('is linked to the newest lost case of the same VIN, whatever the plate is now', async () => {
    const vin = 'LSVAM4187C2184847';
    await aLoss({ plate: '鲁B00002', vin }, { daysAgo: 390 });
    const newest = await aLoss({ plate: '鲁B00003', vin, startsOn: '2025-05-01' }, { daysAgo: 200 });
    expect(await wonBack({ plate: '鲁B00004', vin })).toBe(newest);
  });

  test.each([
    ['longer ago than 400 days', {}, { daysAgo: 401 }],
    ['because it could not be renewed', {}, { renewable: false }],
    ['of the other cover', { coverType: 'compulsory' }, {}],
  ])('is not linked to a case lost %s', async (what, facts, how) => {
    const plate = `鲁C${what.length}`;
    await aLoss({ plate, ...facts }, how);
    expect(await wonBack({ plate })).toBeNull();
  });

  test('is linked to the lost case of a customer who comes back with another vehicle', async () => {
    const lost = await aLoss({ plate: '鲁D00001' });
    expect(await wonBack({ plate: '鲁D00002', customerId: await customerOf(lost) })).toBe(lost);
  });

  test('is no win-back where the vehicle stayed with us and only the customer’s other one was lost', async () => {
    const lost = await aLoss({ plate: '鲁E00001' });
    const customerId = await customerOf(lost);
    await book.addPolicy({ ...lastYear, plate: '鲁E00002', customerId });
    expect(await wonBack({ plate: '鲁E00002', customerId })).toBeNull();
  });
});
