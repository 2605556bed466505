import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeCoreNotice } from '../../src/db/cases/core-notices.ts';
import { credits } from '../../src/db/schema/credits.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { policies } from '../../src/db/schema/policies.ts';
import type { Ending } from '../../src/renewal/case-state.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply } from '../support/given-results.ts';
import { addTask } from '../support/given-work.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const lost: Ending = { outcome: { kind: 'lost', reason: 'price', renewable: true }, cause: 'test' };

async function closedAs(ending: Ending, daysBefore = 20): Promise<string> {
  const id = await book.openCase();
  await book.setTime(daysBefore);
  await book.turn(id, 'entered');
  await apply(book, id, { result: 'quoted' });
  await book.steps.closeCase({ renewalId: id, stamp: '', ending });
  return id;
}

async function coreReports(id: string, newPolicyNumber: string) {
  const { policyId } = await book.renewal(id);
  const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
  const { policyNumber, startsOn } = policy!;
  const notice = { kind: 'renewed', key: `${id}/core`, policyNumber, startsOn, newPolicyNumber } as const;
  return book.db.transaction((tx) => takeCoreNotice(tx, notice, shanghai));
}

async function anOpenCheckOf(id: string): Promise<void> {
  const dueAt = new Date('2027-04-10T10:00:00Z');
  const check = { id: uuidv7(), renewalId: id, month: '2027-03', seed: '2027-03.B01', branchId: 'B01', dueAt };
  await book.db.insert(lossChecks).values({ ...check, lossReason: 'price', state: 'open', drawnAt: dueAt });
  await addTask(book.db, {
    kind: 'call-back-check',
    role: 'channel-manager',
    renewalId: id,
    lossCheckId: check.id,
  });
}

describe('A lost case that the core system reports as renewed', () => {
  test('lies in the renewed book from then on; the journal says from where it came and why', async () => {
    const id = await closedAs(lost);
    expect(await coreReports(id, 'N-1')).toEqual({ kind: 'taken' });
    expect(await book.renewal(id)).toMatchObject({
      outcome: 'renewed',
      lossReason: null,
      newPolicyNumber: 'N-1',
      renewedEarly: false,
    });
    expect((await book.renewal(id)).correctedAt).not.toBeNull();
    const entries = await book.db.select().from(journal).where(eq(journal.chain, id)).orderBy(journal.sequence);
    expect(entries.find(({ event }) => event === 'books-corrected')).toMatchObject({
      actor: 'core-system',
      reason: 'core-notice',
      inputs: { from: lost.outcome, to: { kind: 'renewed', early: false }, newPolicyNumber: 'N-1' },
    });
    expect(entries.map(({ event }) => event)).toContain('reported:renewed');
  });

  test('is early where that is before the bind clock opened', async () => {
    const id = await closedAs(lost, 40);
    await coreReports(id, 'N-2');
    expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed', renewedEarly: true });
  });

  test('brings the credit that any renewal brings that nobody closed', async () => {
    const id = await closedAs(lost);
    await coreReports(id, 'N-3');
    const credited = await book.db.select().from(credits).where(eq(credits.renewalId, id));
    expect(credited.map(({ part, staffId }) => [part, staffId]).toSorted()).toEqual([
      ['caller', 'A1'],
      ['lead', 'S1'],
      ['seller', 'A1'],
    ]);
  });

  test('needs no call-back any more', async () => {
    const id = await closedAs(lost);
    await anOpenCheckOf(id);
    await coreReports(id, 'N-4');
    const [check] = await book.db.select().from(lossChecks).where(eq(lossChecks.renewalId, id));
    expect(check).toMatchObject({ state: 'withdrawn' });
    expect((await book.tasks(id)).find(({ kind }) => kind === 'call-back-check')).toMatchObject({ state: 'dropped' });
  });

  test('is counted once however often it is reported', async () => {
    const id = await closedAs(lost);
    for (const _ of [1, 2]) await coreReports(id, 'N-5');
    expect((await book.events(id)).filter((event) => event === 'books-corrected')).toHaveLength(1);
  });
});

test('A case that another channel took stays handed off, and the journal has the report', async () => {
  const id = await closedAs({ outcome: { kind: 'orphan-handed-off', channel: 'call-centre' }, cause: 'test' });
  await coreReports(id, 'N-6');
  expect(await book.renewal(id)).toMatchObject({ outcome: 'orphan-handed-off', correctedAt: null });
  expect(await book.events(id)).toContain('reported:renewed');
});
