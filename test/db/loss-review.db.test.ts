import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawLossChecks, branchesWithLosses } from '../../src/db/losses/loss-check-records.ts';
import { recordFinding, withdrawLossCheck, type Finding } from '../../src/db/losses/loss-finding-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { absences, branches, staff } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
  await book.db.insert(branches).values({ id: 'HQ', name: '总公司' });
  await book.db.update(branches).set({ parentId: 'HQ' }).where(eq(branches.id, 'B01'));
  const manager = (id: string, branchId: string) => ({ id, name: id, roles: ['channel-manager'], branchId });
  await book.db.insert(staff).values([manager('M1', 'B01'), manager('HM', 'HQ')]);
});
afterAll(() => book.close());

const march = { month: '2027-03', branchId: 'B01', calendar: shanghai };
const draw = (which: Partial<typeof march> = {}) =>
  book.db.transaction((tx) => drawLossChecks(tx, { ...march, ...which }));

/** A case of B01 that was lost on a day at noon. */
async function aLoss(day: string, facts: Partial<typeof renewals.$inferInsert> = {}): Promise<string> {
  const id = await book.openCase();
  const closedAt = new Date(shanghai.instantOf(day, 12 * 60));
  await book.db
    .update(renewals)
    .set({ outcome: 'lost', lossReason: 'price', closedAt, ...facts })
    .where(eq(renewals.id, id));
  return id;
}

const checksOf = (month: string) =>
  book.db.select().from(lossChecks).where(eq(lossChecks.month, month)).orderBy(asc(lossChecks.renewalId));
const taskOf = async (checkId: string) => (await book.db.select().from(tasks).where(eq(tasks.lossCheckId, checkId)))[0];

describe('The monthly draw', () => {
  test('takes losses of its month only, of each agent, and gives the manager of the branch the calls', async () => {
    await book.setTime(-1, 6 * 60);
    const ofMarch = [await aLoss('2027-03-02'), await aLoss('2027-03-31', { ownerId: 'A2' })];
    await aLoss('2027-04-01');
    expect(await branchesWithLosses(book.db, '2027-03', shanghai)).toEqual(['B01']);
    expect(await draw()).toBe(2);
    const drawn = await checksOf('2027-03');
    expect(drawn.map(({ renewalId }) => renewalId)).toEqual(ofMarch.toSorted());
    expect(drawn.map(({ agentId }) => agentId).toSorted()).toEqual(['A1', 'A2']);
    expect(await taskOf(drawn[0]!.id)).toMatchObject({
      kind: 'call-back-check',
      role: 'channel-manager',
      assigneeId: 'M1',
      state: 'open',
      dueAt: drawn[0]!.dueAt,
    });
    expect((await book.events(drawn[0]!.renewalId)).at(-1)).toBe('drawn-for-call-back');
  });

  test('repeated, even with more losses in the books, draws nothing again', async () => {
    await aLoss('2027-03-20', { ownerId: 'S1' });
    expect(await draw()).toBe(0);
    expect(await checksOf('2027-03')).toHaveLength(2);
  });

  test('twice at the same moment is one draw', async () => {
    await aLoss('2027-02-03');
    const drawn = await Promise.all([draw({ month: '2027-02' }), draw({ month: '2027-02' })]);
    expect(drawn.toSorted()).toEqual([0, 1]);
    expect(await checksOf('2027-02')).toHaveLength(1);
  });

  test('leaves out who must not be called', async () => {
    await aLoss('2026-12-03', { lossReason: 'refused-contact', refusedContactAt: new Date() });
    const id = await aLoss('2026-12-04');
    const [policy] = await book.db
      .select()
      .from(policies)
      .where(eq(policies.id, (await book.renewal(id)).policyId));
    const doNotContactUntil = new Date('2027-12-31T00:00:00Z');
    await book.db.update(customers).set({ doNotContactUntil }).where(eq(customers.id, policy!.customerId));
    expect(await draw({ month: '2026-12' })).toBe(0);
  });

  test('goes to the branch above while the branch’s own manager is on leave', async () => {
    const leave = { fromOn: '2027-03-25', toOn: '2027-04-05', recordedBy: 'HM', recordedAt: new Date() };
    await book.db.insert(absences).values({ id: crypto.randomUUID(), staffId: 'M1', ...leave });
    await aLoss('2027-01-15');
    expect(await draw({ month: '2027-01' })).toBe(1);
    expect(await taskOf((await checksOf('2027-01'))[0]!.id)).toMatchObject({ assigneeId: 'HM' });
  });
});

describe('A finding', () => {
  const find = (finding: Finding) => book.db.transaction((tx) => recordFinding(tx, finding));
  const note = 'asked by phone';

  test('that confirms the reason completes the task and changes nothing in the books', async () => {
    const check = (await checksOf('2027-03'))[0]!;
    expect(await find({ checkId: check.id, by: 'M1', note, confirmed: true })).toMatchObject({ kind: 'recorded' });
    expect(await taskOf(check.id)).toMatchObject({ state: 'completed', completedBy: 'M1' });
    expect(await book.renewal(check.renewalId)).toMatchObject({ lossReason: 'price', correctedAt: null });
    expect((await checksOf('2027-03'))[0]).toMatchObject({ state: 'confirmed', confirmed: true, foundBy: 'M1' });
  });

  test('that overturns the reason changes the books and keeps the old reason on the check and in the journal', async () => {
    const check = (await checksOf('2027-03'))[1]!;
    const finding: Finding = {
      checkId: check.id,
      by: 'M1',
      note,
      confirmed: false,
      actualReason: 'late-or-no-guidance',
    };
    const first = await find(finding);
    expect(await book.renewal(check.renewalId)).toMatchObject({
      outcome: 'lost',
      lossReason: 'late-or-no-guidance',
      correctedAt: expect.any(Date) as Date,
    });
    expect(first).toMatchObject({
      check: { lossReason: 'price', actualReason: 'late-or-no-guidance', state: 'overturned' },
    });
    expect((await book.events(check.renewalId)).slice(-2)).toEqual(['loss-reason-corrected', 'call-back-checked']);
    expect(await find(finding)).toEqual(first);
    expect((await find({ ...finding, actualReason: 'rival-gift' })).kind).toBe('decided');
    expect((await book.events(check.renewalId)).filter((event) => event === 'call-back-checked')).toHaveLength(1);
  });

  test('about a case that a correction has moved out of the lost book leaves the book alone', async () => {
    const check = (await checksOf('2027-02'))[0]!;
    await book.db
      .update(renewals)
      .set({ outcome: 'renewed', lossReason: null })
      .where(eq(renewals.id, check.renewalId));
    await find({ checkId: check.id, by: 'M1', note, confirmed: false, actualReason: 'moved-away' });
    expect(await book.renewal(check.renewalId)).toMatchObject({ outcome: 'renewed', lossReason: null });
  });

  test('is no longer asked for once a correction takes the case out of the lost book', async () => {
    const check = (await checksOf('2027-01'))[0]!;
    const { renewalId } = check;
    for (const by of ['S1', 'S1']) await book.db.transaction((tx) => withdrawLossCheck(tx, { renewalId, by }));
    expect(await taskOf(check.id)).toMatchObject({ state: 'dropped', droppedReason: 'books-corrected' });
    expect((await book.events(renewalId)).filter((event) => event === 'call-back-withdrawn')).toHaveLength(1);
    expect((await find({ checkId: check.id, by: 'M1', note, confirmed: true })).kind).toBe('decided');
  });

  test('about nothing is unknown', async () => {
    const finding: Finding = { checkId: crypto.randomUUID(), by: 'M1', note, confirmed: true };
    expect(await find(finding)).toEqual({ kind: 'unknown' });
  });
});
