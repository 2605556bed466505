import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeCoreNotice } from '../../src/db/cases/core-notices.ts';
import { assignRenewalChecks } from '../../src/db/losses/renewal-check-records.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
  await book.db.insert(staff).values({ id: 'M1', name: 'M1', roles: ['channel-manager'], branchId: 'B01' });
});
afterAll(() => book.close());

const lookNow = () => book.db.transaction((tx) => assignRenewalChecks(tx, shanghai));
const checkOf = async (id: string) => (await book.tasks(id)).find(({ kind }) => kind === 'renewal-check');

/** A case that a person recorded as renewed on a day. */
async function renewedOn(day: string, newPolicyNumber = 'N-1'): Promise<string> {
  const id = await book.openCase();
  const closedAt = new Date(shanghai.instantOf(day, 12 * 60));
  await book.db.update(renewals).set({ outcome: 'renewed', newPolicyNumber, closedAt }).where(eq(renewals.id, id));
  return id;
}

async function coreReports(id: string, newPolicyNumber: string): Promise<void> {
  const [policy] = await book.db
    .select()
    .from(policies)
    .where(eq(policies.id, (await book.renewal(id)).policyId));
  const { policyNumber, startsOn } = policy!;
  const notice = { kind: 'renewed', key: `${id}/${newPolicyNumber}`, policyNumber, startsOn, newPolicyNumber } as const;
  await book.db.transaction((tx) => takeCoreNotice(tx, notice, shanghai));
}

describe('A renewal that a person recorded', () => {
  test('becomes a check for the channel manager after seven days, once', async () => {
    await book.setTime(10);
    const silent = await renewedOn('2027-03-14');
    const fresh = await renewedOn('2027-03-15');
    await lookNow();
    await lookNow();
    expect(await checkOf(silent)).toMatchObject({ role: 'channel-manager', assigneeId: 'M1', state: 'open' });
    expect((await book.tasks(silent)).filter(({ kind }) => kind === 'renewal-check')).toHaveLength(1);
    expect(await checkOf(fresh)).toBeUndefined();
    expect((await book.events(silent)).filter((event) => event === 'renewal-check-assigned')).toHaveLength(1);
  });

  test('needs no check once the core system reported it', async () => {
    const id = await renewedOn('2027-03-13');
    await coreReports(id, 'N-1');
    await lookNow();
    expect(await checkOf(id)).toBeUndefined();
  });

  test('is checked by the core system’s report, which completes the task', async () => {
    const id = await renewedOn('2027-03-12');
    await lookNow();
    await coreReports(id, 'N-1');
    expect(await checkOf(id)).toMatchObject({
      state: 'completed',
      completedBy: 'core-system',
      completion: { reason: 'core-system-confirmed' },
    });
  });

  test('takes the number over where the core system names another policy, and a repeated report changes nothing', async () => {
    const id = await renewedOn('2027-03-11', 'N-7');
    await lookNow();
    await coreReports(id, 'N-8');
    await coreReports(id, 'N-8');
    expect(await checkOf(id)).toMatchObject({
      state: 'completed',
      completion: { reason: 'core-system-reported-another-number', recordedNumber: 'N-7', reportedNumber: 'N-8' },
    });
    expect((await book.events(id)).filter((event) => event === 'reported:renewed')).toHaveLength(1);
    expect((await book.renewal(id)).newPolicyNumber).toBe('N-8');
  });
});
