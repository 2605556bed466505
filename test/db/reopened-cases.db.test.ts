import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factsOf } from '../../src/db/cases/stage-records.ts';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { applySecondRound } from '../../src/db/results/apply-result.ts';
import { receiveResult } from '../../src/db/results/result-records.ts';
import { departedOwners, orphanCasesOf } from '../../src/db/orphans/orphan-records.ts';
import { credits } from '../../src/db/schema/credits.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import type { Ending } from '../../src/renewal/case-state.ts';
import { confirmationTouch } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addPerson } from '../support/given-work.ts';
import { apply, receive, strike } from '../support/given-results.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const renewed: Ending = { outcome: { kind: 'renewed', early: false }, cause: 'result:renewed' };
const sold: Ending = { outcome: { kind: 'lost', reason: 'sold-or-scrapped', renewable: false }, cause: 'test' };
const priced: Ending = { outcome: { kind: 'lost', reason: 'price', renewable: true }, cause: 'second-round' };
const notRenewable = { result: 'not-renewable', lossReason: 'sold-or-scrapped', evidence: 'sold' };

/** A case in the intensive chase that a mistaken entry closed at T-20. */
async function closedBy(said: { result: string }, ending: Ending, facts = {}) {
  const id = await book.openCase(facts);
  await book.setTime(20);
  await book.turn(id, 'entered');
  const row = await apply(book, id, said);
  await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...ending, resultId: row.id } });
  return { id, row };
}

/** The supervisor's second round of a case that was declined. */
async function decided(id: string, result: string) {
  const said = { id: crypto.randomUUID(), renewalId: id, kind: 'second-round', result, recordedBy: 'S1' } as const;
  const row = await book.db.transaction((tx) => receiveResult(tx, said, shanghai));
  await book.db.transaction((tx) => applySecondRound(tx, row));
  return row;
}

async function lostAfterSecondRound() {
  const id = await book.openCase();
  await book.setTime(20);
  await book.turn(id, 'entered');
  const declined = await apply(book, id, { result: 'declined', lossReason: 'price' });
  await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: declined.id });
  const row = await decided(id, 'confirmed-lost');
  await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...priced, resultId: row.id } });
  return { id, declined, row };
}

const openKinds = async (id: string) =>
  (await book.tasks(id)).filter(({ state }) => state === 'open').map(({ kind }) => kind);
const facts = (id: string) => book.db.transaction(async (tx) => factsOf(await readSituation(tx, id, shanghai)));

describe('A close by a mistaken entry, struck out while there is time left', () => {
  test('is none: the case is open again and waits for a new run of its workflow', async () => {
    const { id, row } = await closedBy(notRenewable, sold);
    await strike(book, row);
    expect(await book.renewal(id)).toMatchObject({
      outcome: null,
      lossReason: null,
      renewable: true,
      closedAt: null,
      workflowStartedAt: null,
      stage: 'intensive-chase',
    });
    expect((await book.renewal(id)).reopenedAt).not.toBeNull();
    expect(await book.result(row.id)).toMatchObject({ state: 'correcting' });
    const [entry] = await book.db
      .select()
      .from(journal)
      .where(and(eq(journal.chain, id), eq(journal.event, 'reopened-by-correction')));
    expect(entry).toMatchObject({ actor: 'S1', inputs: { from: sold.outcome, resultId: row.id } });
  });

  test('gives back the work that it took away, and the messages that lie ahead', async () => {
    const { id, row } = await closedBy(notRenewable, sold);
    expect(await openKinds(id)).toEqual([]);
    await strike(book, row);
    expect(await openKinds(id)).toContain('firm-quote');
    const states = (await book.messages(id)).map(({ touch, state }) => `${touch} ${state}`);
    expect(states).toContain('t-15 planned');
  });

  test('brings its new run to the stage of the calendar without an escalation and without what it missed', async () => {
    const { id, row } = await closedBy(notRenewable, sold);
    await book.setTime(5);
    await strike(book, row);
    expect(await book.turn(id, 'entered')).toMatchObject({ kind: 'opened', stage: 'wrap-up', escalated: false });
    expect(await book.renewal(id)).toMatchObject({ stage: 'wrap-up', escalated: false });
    const t15 = (await book.messages(id)).filter(({ touch }) => touch === 't-15');
    expect(t15.map(({ state }) => state)).not.toContain('planned');
    expect(await openKinds(id)).toContain('last-offer');
  });

  test('keeps what counted in its stage before', async () => {
    const id = await book.openCase();
    await book.setTime(20);
    await book.turn(id, 'entered');
    await apply(book, id, { result: 'quoted' });
    const row = await apply(book, id, notRenewable);
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: sold });
    await strike(book, row);
    expect(await book.turn(id, 'entered')).toMatchObject({ resumed: { resultCounted: true, confirmed: true } });
  });

  test('takes credit and confirmation of a renewal back that was none', async () => {
    const { id, row } = await closedBy({ result: 'renewed' }, renewed);
    const confirmation = and(eq(messages.renewalId, id), eq(messages.touch, confirmationTouch));
    // Its case comes to it at night, which holds it back.
    await book.setTime(20, 22 * 60);
    const key = { renewalId: id, touch: confirmationTouch, channel: 'sms' } as const;
    const claim = await claimMessage(book.db, key, shanghai);
    expect(claim.kind === 'answered' && claim.outcome).toMatchObject({ kind: 'waiting', reason: 'quiet-hours' });
    await strike(book, row);
    expect(await book.db.select().from(credits).where(eq(credits.renewalId, id))).toEqual([]);
    const states = (await book.db.select().from(messages).where(confirmation)).map(({ state }) => state);
    expect(states).not.toContain('planned');
    await book.turn(id, 'entered');
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: renewed });
    const again = (await book.db.select().from(messages).where(confirmation)).map(({ state }) => state);
    expect(again).toEqual(['planned']);
  });

  test('that should have been a decline leads to the second round, not to a loss', async () => {
    const { id, row } = await closedBy({ result: 'renewed' }, renewed);
    const { replacement } = await strike(book, row, { replacement: { result: 'declined', lossReason: 'price' } });
    expect(replacement).toMatchObject({ state: 'received', correctsId: row.id });
    expect(await book.renewal(id)).toMatchObject({ outcome: null, correctedAt: null });
  });

  test('that should have been giving up needs its attempts, or nothing is changed', async () => {
    const { id, row } = await closedBy({ result: 'renewed' }, renewed);
    const tried = strike(book, row, { replacement: { result: 'unreachable' } });
    await expect(tried).rejects.toMatchObject({ code: 'attempts-missing' });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed', reopenedAt: null });
  });

  test('is its owner’s again, who may have left by now', async () => {
    await addPerson(book.db, { id: 'A9', role: 'agent' });
    const { id, row } = await closedBy(notRenewable, sold, { agentId: 'A9' });
    await book.db.update(staff).set({ departedOn: '2027-03-01' }).where(eq(staff.id, 'A9'));
    await strike(book, row);
    expect(await departedOwners(book.db, '2027-03-11')).toEqual(['A9']);
    await book.db.transaction((tx) => orphanCasesOf(tx, 'A9', shanghai));
    expect((await book.renewal(id)).orphanedAt).not.toBeNull();
  });

  test('is its former owner’s to hand over again where it had been an orphan', async () => {
    await addPerson(book.db, { id: 'A8', role: 'agent', departedOn: '2027-03-01' });
    const id = await book.openCase({ agentId: 'A8' });
    await book.setTime(20);
    await book.turn(id, 'entered');
    await book.db.transaction((tx) => orphanCasesOf(tx, 'A8', shanghai));
    const row = await apply(book, id, { ...notRenewable, recordedBy: 'S1' });
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...sold, resultId: row.id } });
    await strike(book, row);
    expect(await book.renewal(id)).toMatchObject({ ownerId: 'A8', orphanedAt: null });
  });
});

describe('A confirmed loss', () => {
  test('is none once the decline that it rests on is struck out', async () => {
    const { id, declined } = await lostAfterSecondRound();
    await strike(book, declined);
    expect(await book.renewal(id)).toMatchObject({ outcome: null, secondRoundDueAt: null });
    expect(await openKinds(id)).not.toContain('second-round');
  });

  test('is the supervisor’s to decide anew once the decision is struck out', async () => {
    const { id, row } = await lostAfterSecondRound();
    await strike(book, row);
    expect((await openKinds(id)).filter((kind) => kind === 'second-round')).toHaveLength(1);
    expect(await facts(id)).toMatchObject({ secondRound: { reason: 'price' } });
    expect(await book.turn(id, 'entered')).toMatchObject({ kind: 'opened', resumed: { secondRound: {} } });
  });
});

describe('A case stays closed', () => {
  test('when the entry that is struck out is not what closed it', async () => {
    const { id } = await closedBy(notRenewable, sold);
    const late = await receive(book, id, { result: 'quoted' });
    await expect(strike(book, late)).rejects.toMatchObject({ code: 'correction-needs-outcome' });
  });

  test('when its grace is over', async () => {
    const { row } = await closedBy(notRenewable, sold);
    await book.setTime(-4);
    await expect(strike(book, row)).rejects.toMatchObject({ code: 'correction-needs-outcome' });
  });

  test('when what replaces the mistake ends it as well', async () => {
    const { id, row } = await closedBy({ result: 'renewed' }, renewed);
    await strike(book, row, { replacement: notRenewable });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', renewable: false, reopenedAt: null });
  });

  test.each([
    ['cancelled', { cancelledOn: '2027-03-10' }],
    ['renewed', { renewedAs: 'N-1' }],
  ])('when the core system says that the policy is %s', async (_, said) => {
    const { id, row } = await closedBy(notRenewable, sold);
    const { policyId } = await book.renewal(id);
    await book.db.update(policies).set(said).where(eq(policies.id, policyId));
    await expect(strike(book, row)).rejects.toMatchObject({ code: 'correction-needs-outcome' });
  });
});
