import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completeTask } from '../../src/cases/complete-task.ts';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { casesLeftAlone } from '../../src/db/cases/left-alone.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { aPhone, customerOf, openTasksOf, wrote } from './an-inbound.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

const due = (day: string) => ({ dueAt: new Date(at(`${day}T09:30`)), latestAt: new Date(at(`${day}T20:00`)) });

/** A customer with two cases, mails that are due today and tomorrow, and somebody who means to call. */
async function aCustomerWhoWrites(body: string) {
  const phone = aPhone();
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  const other = await book.addCase({ policy: { customerId } });
  const today = await book.plan(renewalId, { ...due('2027-03-16'), touch: 't-16', channel: 'email' });
  const tomorrow = await book.plan(renewalId, { ...due('2027-03-17'), channel: 'email' });
  const work = { kind: 'phone-attempt', role: 'agent', branchId: '3701', state: 'open', createdAt: new Date(0) };
  for (const of of [renewalId, other]) {
    const id = randomUUID();
    await book.db
      .insert(tasks)
      .values({ id, key: id, renewalId: of, ...work, dueAt: new Date(at('2027-03-17T18:00')) });
  }
  await wrote(book, phone, body);
  return { phone, customerId, renewalId, other, today, tomorrow };
}

const deps = (): CaseDeps => ({ db: book.db, calendar }) as CaseDeps;

/** A supervisor completes the review that one of these cases has. */
async function review(renewalIds: string[], finding: 'not-meant' | 'complaint') {
  const open = await book.db
    .select()
    .from(tasks)
    .where(and(eq(tasks.kind, 'do-not-contact-review'), eq(tasks.state, 'open')));
  const task = open.find((one) => renewalIds.includes(one.renewalId ?? ''))!;
  return completeTask(deps(), { taskId: task.id, completion: { finding }, completedBy: 'A1', id: uuidv7() });
}

const stateOf = async (id: string): Promise<string> => (await book.findMessage(id)).state;
const claim = (renewalId: string) => claimMessage(book.db, { renewalId, touch: 't-15', channel: 'email' }, calendar);

describe('A refusal of contact that an answer by SMS was misread as', () => {
  test('ends for messages and calls alike when the supervisor finds it not meant; what was missed stays unsent', async () => {
    const { customerId, renewalId, other, today, tomorrow } = await aCustomerWhoWrites('不要再联系我');
    expect(await casesLeftAlone(book.db, [renewalId, other])).toHaveLength(2);

    expect(await review([renewalId, other], 'not-meant')).toMatchObject({ kind: 'completed' });

    expect(await casesLeftAlone(book.db, [renewalId, other])).toEqual([]);
    for (const id of [renewalId, other]) expect(await openTasksOf(book, id)).toEqual(['phone-attempt']);
    expect([await stateOf(today), await stateOf(tomorrow)]).toEqual(['suppressed', 'planned']);
    await book.setTime('2027-03-17T12:00');
    expect((await claim(renewalId)).kind).toBe('won');
    const { doNotContactUntil, smsOptedOutAt } = await customerOf(book, customerId);
    expect([doNotContactUntil, smsOptedOutAt !== null]).toEqual([null, true]);
  });

  test('ends as well for whoever has it from a list with that number', async () => {
    const { phone, customerId, renewalId, other } = await aCustomerWhoWrites('不要再联系我');
    const { doNotContactUntil } = await customerOf(book, customerId);
    const carrier = await book.addCustomer({ phone, name: '赵六', doNotContactUntil });

    await review([renewalId, other], 'not-meant');

    expect((await customerOf(book, carrier)).doNotContactUntil).toBeNull();
  });

  test('holds when something else was found', async () => {
    const { renewalId, other } = await aCustomerWhoWrites('不要再联系我');

    await review([renewalId, other], 'complaint');

    expect(await casesLeftAlone(book.db, [renewalId, other])).toHaveLength(2);
  });

  test('holds while a result says the same', async () => {
    const { customerId, renewalId, other } = await aCustomerWhoWrites('不要再联系我');
    const facts = { kind: 'contact', state: 'applied', result: 'refused-contact', stage: 'intensive-chase' };
    const recorded = { recordedBy: 'A1', recordedAt: new Date(at('2027-03-15T10:00')) };
    await book.db.insert(contactResults).values({ id: uuidv7(), renewalId, ...facts, ...recorded });

    await review([renewalId, other], 'not-meant');

    const { doNotContactUntil } = await customerOf(book, customerId);
    expect(calendar.dayOf(doNotContactUntil?.getTime() ?? 0)).toBe('2027-09-15');
  });
});

test('A refusal that somebody recorded is not found misread: that result is corrected', async () => {
  const renewalId = await book.addCase();
  const resultId = uuidv7();
  const key = `${renewalId}/do-not-contact-review/${resultId}`;
  const facts = { kind: 'do-not-contact-review', role: 'supervisor', branchId: '3701', state: 'open' };
  const instants = { createdAt: new Date(at('2027-03-15T10:00')), dueAt: new Date(at('2027-03-18T18:00')) };
  await book.db.insert(tasks).values({ id: uuidv7(), key, renewalId, ...facts, ...instants });

  expect(await review([renewalId], 'not-meant')).toMatchObject({ kind: 'decided-elsewhere' });
  expect(await openTasksOf(book, renewalId)).toEqual(['do-not-contact-review']);
});

test('A refusal of contact that has lapsed after six months holds back neither messages nor calls', async () => {
  const until = new Date(at('2027-03-16T12:00'));
  const customerId = await book.addCustomer({ doNotContactUntil: until });
  const renewalId = await book.addCase({ policy: { customerId } });
  const sms = await book.plan(renewalId, { ...due('2027-03-16'), channel: 'email' });
  await book.setTime('2027-03-16T11:59');
  expect(await casesLeftAlone(book.db, [renewalId])).toEqual([renewalId]);

  await book.setTime('2027-03-16T12:00');

  expect(await casesLeftAlone(book.db, [renewalId])).toEqual([]);
  expect((await claim(renewalId)).kind).toBe('won');
  expect(await stateOf(sms)).toBe('claimed');
});
