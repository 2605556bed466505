import { eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policies } from '../../src/db/schema/policies.ts';
import { markRenewedTerms } from '../../src/db/imports/staged-renewed-terms.ts';
import { createStage, onOwnConnection } from '../../src/db/imports/staged-term-records.ts';
import { casesBehindTheCore } from '../../src/db/cases/sweep-records.ts';
import { confirmationTouch } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const vehicle = { vin: 'LSVAM4187C2184847', plate: '鲁A12345' };
const nextTerm = { startsOn: '2027-04-01', expiresOn: '2028-03-31' };

async function anOpenCase(facts: Partial<typeof policies.$inferInsert> = {}) {
  const id = await book.openCase({ ...vehicle, ...facts });
  await book.setTime(20);
  await book.turn(id, 'entered');
  return { id, policyId: (await book.renewal(id)).policyId };
}

/** A list brings a policy: it is in the book, and the list's stage names it. */
async function list(facts: Partial<typeof policies.$inferInsert>): Promise<string> {
  const later = await book.addPolicy({ ...nextTerm, ...facts });
  await onOwnConnection(book.connection.pool, async (stage) => {
    await createStage(stage);
    await stage.execute(sql`insert into staged_terms (line, duplicate_key, policy_number, starts_on)
      values (1, 'k', ${later.policyNumber}, ${later.startsOn})`);
    await markRenewedTerms(
      stage,
      { after: 0, upTo: 1 },
      { importId: uuidv7(), today: '2027-03-11', calendar: shanghai },
    );
  });
  return later.policyNumber;
}

const renewedAs = async (policyId: string) =>
  (await book.db.select().from(policies).where(eq(policies.id, policyId)))[0]!.renewedAs;

describe('a later term of the same vehicle and cover in a list', () => {
  test('says that the earlier one was renewed, and its open case is told', async () => {
    const { id, policyId } = await anOpenCase();
    const number = await list({ vin: vehicle.vin, plate: '鲁B99999' });
    expect(await renewedAs(policyId)).toBe(number);
    expect(await casesBehindTheCore(book.db, 10)).toEqual([{ renewalId: id, renewedAs: number }]);
    expect(await book.events(id)).toContain('reported:renewed');
  });

  test('confirms a renewal that a person recorded', async () => {
    const own = { vin: 'LFV2A21K6F3456789', plate: '鲁A55555' };
    const { id, policyId } = await anOpenCase(own);
    const ending = { outcome: { kind: 'renewed', early: false }, cause: 'test' } as const;
    await book.steps.closeCase({ renewalId: id, stamp: '', ending });
    const number = await list(own);
    expect(await renewedAs(policyId)).toBe(number);
    expect(await book.events(id)).toContain('reported:renewed');
  });

  const lost = { outcome: { kind: 'lost', reason: 'price', renewable: true }, cause: 'test' } as const;
  test.each([
    ['the day after a lost one ended says that it was renewed', nextTerm, 'renewed'],
    [
      'a year after a lost one wins the customer back: that one stays lost',
      { startsOn: '2028-04-01', expiresOn: '2029-03-31' },
      'lost',
    ],
  ])('that starts %s', async (title, begins, outcome) => {
    const own = { vin: null, plate: `鲁D${title.length}` };
    const { id } = await anOpenCase(own);
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: lost });
    await list({ ...own, ...begins });
    expect(await book.renewal(id)).toMatchObject({ outcome });
    const confirmations = (await book.messages(id)).filter(({ touch }) => touch === confirmationTouch);
    const missed = { state: 'expired', reason: 'day-has-passed' };
    expect(confirmations).toMatchObject(outcome === 'renewed' ? [missed] : []);
  });

  test.each([
    ['of another vehicle', { vin: 'LSGPC52U5AF123456', plate: '鲁C00001' }],
    ['of another cover', { ...vehicle, coverType: 'compulsory' }],
    ['that was cancelled', { ...vehicle, cancelledOn: '2027-04-02' }],
    ['that is no later', { ...vehicle, startsOn: '2026-03-01', expiresOn: '2027-02-28' }],
  ])('%s says nothing', async (_, facts) => {
    const { policyId } = await anOpenCase({ policyNumber: `OPEN-${uuidv7()}` });
    await list(facts);
    expect(await renewedAs(policyId)).toBeNull();
  });
});
