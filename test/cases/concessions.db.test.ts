import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import type { NewConcession } from '../../src/db/concessions/concession-records.ts';
import { giveQuote } from '../../src/db/concessions/quote-records.ts';
import { concessionAsks } from '../../src/db/schema/concessions.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { absences } from '../../src/db/schema/organisation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { concessionsBehind } from '../../src/db/cases/sweep-records.ts';
import { uuidv7 } from 'uuidv7';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addAuthorities, climb, type Ladder } from './a-ladder-of-people.ts';

let book: Book;
let ladder: Ladder;

beforeAll(async () => {
  book = await openBook();
  await addAuthorities(book);
  ladder = climb(book);
});
afterAll(() => book.close());

const monday = '2027-03-01';
const at = (day: string, minute = 10 * 60) =>
  anchorClock(book.db, { businessAt: shanghai.instantOf(day, minute), speed: 1 });
beforeEach(() => at(monday));

/** A concession that was asked for and stored. */
async function asked(by: string, facts: Pick<NewConcession, 'percent'> & Partial<NewConcession>, renewalId?: string) {
  const id = renewalId ?? (await book.openCase());
  const requested = await ladder.ask(id, by, facts);
  if (requested.kind === 'refused') throw new Error(requested.refusal);
  return requested.row;
}

const refusalOf = async (renewalId: string, facts: Parameters<typeof asked>[1]) => ladder.ask(renewalId, 'A1', facts);
const decisionTasks = async (renewalId: string) =>
  (await book.tasks(renewalId)).filter(({ kind }) => kind === 'concession-decision');
const asksOf = (concessionId: string) =>
  book.db
    .select()
    .from(concessionAsks)
    .where(eq(concessionAsks.concessionId, concessionId))
    .orderBy(concessionAsks.askedAt);
const entriesOf = (renewalId: string, event: string) =>
  book.db
    .select()
    .from(journal)
    .where(and(eq(journal.chain, renewalId), eq(journal.event, event)));

describe('A request', () => {
  test('of a specialist for 8 % is approved at once, by own right', async () => {
    const row = await asked('X1', { percent: 8 });

    expect(row).toMatchObject({ state: 'approved', step: 'part', level: 'specialist', decidedBy: 'X1' });
    expect(await decisionTasks(row.renewalId)).toEqual([]);
    expect(await entriesOf(row.renewalId, 'concession-approved')).toMatchObject([{ reason: 'own-right' }]);
  });

  test('of an agent for 8 % goes to the specialist of the policy', async () => {
    const row = await asked('A1', { percent: 8 });

    expect(row).toMatchObject({ state: 'pending', level: 'specialist', decidedBy: null });
    expect(await decisionTasks(row.renewalId)).toMatchObject([
      { role: 'specialist', assigneeId: 'X1', concessionId: row.id, state: 'open' },
    ]);
  });

  test('for more goes to the authority, who has one working day', async () => {
    const row = await asked('X1', { percent: 10 });

    expect(row.level).toBe('channel-manager');
    expect(row.dueAt?.getTime()).toBe(shanghai.instantOf('2027-03-02', 10 * 60));
    expect(await decisionTasks(row.renewalId)).toMatchObject([{ role: 'channel-manager', assigneeId: 'M1' }]);
  });

  test('on a Friday leaves until Monday', async () => {
    await at('2027-03-05');
    const row = await asked('X1', { percent: 13 });

    expect(shanghai.dayOf(row.dueAt!.getTime())).toBe('2027-03-08');
  });

  test('passes over somebody who is on leave', async () => {
    const leave = { staffId: 'X1', fromOn: monday, toOn: monday, recordedBy: 'S1', recordedAt: new Date() };
    await book.db.insert(absences).values({ id: uuidv7(), ...leave });
    const row = await asked('A1', { percent: 3 });

    expect(await decisionTasks(row.renewalId)).toMatchObject([{ assigneeId: 'X2' }]);
    await book.db.delete(absences);
  });

  test('with the id of one that is stored answers that one', async () => {
    const row = await asked('X1', { percent: 10 });
    const again = await asked('X1', { percent: 10, id: row.id }, row.renewalId);

    expect(again).toEqual(row);
    expect(await decisionTasks(row.renewalId)).toHaveLength(1);
  });

  test('takes the newest quote as what the percentage is of, and stays above the floor', async () => {
    const renewalId = await book.openCase();
    const quote = { id: uuidv7(), renewalId, premium: '3700.00', quotedBy: 'X1' };
    await book.db.transaction((tx) => giveQuote(tx, quote, shanghai));

    expect(await refusalOf(renewalId, { percent: 10 })).toMatchObject({ refusal: 'below-the-floor' });
    expect((await asked('X1', { percent: 8 }, renewalId)).premium).toBe('3700.00');
  });

  test('for the whole fee comes after a part was approved or rejected', async () => {
    const { id, renewalId } = await asked('A1', { percent: 8 });
    expect(await refusalOf(renewalId, { percent: 14 })).toMatchObject({ refusal: 'step-skipped' });

    await ladder.decide(id, 'X1', { decision: 'reject' });

    expect(await asked('A1', { percent: 14 }, renewalId)).toMatchObject({
      step: 'whole-fee',
      level: 'general-manager',
    });
  });

  test('for a closed case is refused', async () => {
    const renewalId = await book.openCase();
    await book.db.update(renewals).set({ outcome: 'renewed' }).where(eq(renewals.id, renewalId));

    await expect(refusalOf(renewalId, { percent: 1 })).rejects.toMatchObject({ code: 'case-closed' });
  });
});

describe('A decision', () => {
  test('of the channel manager completes the task, and the journal says by which authority and ladder', async () => {
    const { id, renewalId } = await asked('X1', { percent: 10 });

    expect(await ladder.decide(id, 'M1')).toMatchObject({
      kind: 'decided',
      row: { state: 'approved', decidedBy: 'M1', dueAt: null, decisionNote: 'fair' },
    });
    expect(await decisionTasks(renewalId)).toMatchObject([
      { state: 'completed', completedBy: 'M1', completion: { decision: 'approved', concessionId: id } },
    ]);
    expect(await entriesOf(renewalId, 'concession-approved')).toMatchObject([
      { actor: 'M1', reason: 'by-authority', inputs: { authority: 'channel-manager', ladderVersion: 0, percent: 10 } },
    ]);
    expect(await asksOf(id)).toMatchObject([{ answer: 'approved', answeredBy: 'M1' }]);
  });

  test('of a higher level holds, of a lower one does not', async () => {
    const { id } = await asked('X1', { percent: 10 });

    expect(await ladder.decide(id, 'X2')).toEqual({ kind: 'not-authorised', level: 'channel-manager' });
    expect(await ladder.decide(id, 'G1')).toMatchObject({ kind: 'decided' });
  });

  test('is never one’s own', async () => {
    const { id } = await asked('A1', { percent: 8 });
    await book.db.execute(`update concessions set requested_by = 'X1' where id = '${id}'`);

    expect(await ladder.decide(id, 'X1')).toEqual({ kind: 'own-request' });
  });

  test('repeated is the same answer, and another one comes too late', async () => {
    const { id } = await asked('X1', { percent: 10 });
    const first = await ladder.decide(id, 'M1');

    expect(await ladder.decide(id, 'M1')).toEqual(first);
    await expect(ladder.decide(id, 'M1', { decision: 'reject' })).rejects.toMatchObject({ code: 'concession-decided' });
    await expect(ladder.decide(id, 'G1')).rejects.toMatchObject({ code: 'concession-decided' });
  });

  test('on more than 13 % needs another service attached, signed', async () => {
    const { id } = await asked('X1', { percent: 13.01 });

    expect(await ladder.decide(id, 'G1')).toEqual({ kind: 'service-missing', field: 'attachedService' });
    const attachedService = 'maintenance-plan';
    expect(await ladder.decide(id, 'G1', { attachedService })).toEqual({ kind: 'service-missing', field: 'signed' });
    expect(await ladder.decide(id, 'G1', { attachedService, signed: true })).toMatchObject({
      row: { state: 'approved', attachedService, signed: true },
    });
  });

  test('by two authorities at once is one decision', async () => {
    const { id } = await asked('X1', { percent: 10 });
    const both = await Promise.allSettled([ladder.decide(id, 'M1'), ladder.decide(id, 'G1', { decision: 'reject' })]);

    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('Silence', () => {
  test('goes one level up, with a deadline and a task of its own', async () => {
    const { id, renewalId } = await asked('A1', { percent: 10 });
    expect(await ladder.passDeadline(id)).toMatchObject({ kind: 'waiting', level: 'channel-manager' });
    await at('2027-03-02', 10 * 60 + 1);

    expect(await concessionsBehind(book.db, 100)).toContain(id);
    expect(await ladder.passDeadline(id)).toMatchObject({ kind: 'waiting', level: 'general-manager' });
    expect((await decisionTasks(renewalId)).map(({ assigneeId, state }) => [assigneeId, state]).toSorted()).toEqual([
      ['G1', 'open'],
      ['M1', 'dropped'],
    ]);
    expect(await asksOf(id)).toMatchObject([
      { level: 'channel-manager', answer: 'no-answer', answeredBy: null },
      { level: 'general-manager', answer: null },
    ]);
    expect(await ladder.decide(id, 'M1')).toEqual({ kind: 'not-authorised', level: 'general-manager' });
  });

  test('at the top lets the request lapse and says so, while the case stays open', async () => {
    const { id, renewalId } = await asked('X1', { percent: 13 });
    await at('2027-03-02', 10 * 60 + 1);

    expect(await ladder.passDeadline(id)).toEqual({ kind: 'settled', state: 'lapsed' });
    expect(await ladder.now(id)).toMatchObject({ state: 'lapsed', lapsedReason: 'no-answer', dueAt: null });
    expect(await entriesOf(renewalId, 'concession-lapsed')).toMatchObject([{ reason: 'no-answer-at-the-top' }]);
    expect((await book.renewal(renewalId)).outcome).toBeNull();
    await expect(ladder.decide(id, 'G1')).rejects.toMatchObject({ code: 'concession-decided' });
  });

  test('does not count while the case is held', async () => {
    const { id, renewalId } = await asked('X1', { percent: 10 });
    const heldUntil = new Date(shanghai.instantOf('2027-03-10', 9 * 60));
    await book.db.update(renewals).set({ heldUntil }).where(eq(renewals.id, renewalId));
    await at('2027-03-05');

    expect(await ladder.passDeadline(id)).toMatchObject({ kind: 'waiting', level: 'channel-manager' });
    expect(await concessionsBehind(book.db, 100)).not.toContain(id);
  });
});

test('a case that closes takes its pending concession with it, and the task', async () => {
  const { id, renewalId } = await asked('X1', { percent: 10 });
  const ending = { outcome: { kind: 'renewed', early: false }, cause: 'reported' } as const;
  await book.steps.closeCase({ renewalId, stamp: '', ending });

  expect(await ladder.now(id)).toMatchObject({ state: 'lapsed', lapsedReason: 'case-closed:renewed' });
  expect(await decisionTasks(renewalId)).toMatchObject([{ state: 'dropped' }]);
  expect(await ladder.passDeadline(id)).toEqual({ kind: 'settled', state: 'lapsed' });
});
