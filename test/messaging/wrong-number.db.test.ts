import { and, eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyResult } from '../../src/db/results/apply-result.ts';
import { strikeOut } from '../../src/db/results/correct-result.ts';
import { receiveResult } from '../../src/db/results/result-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { openTasksOf, wrote } from './an-inbound.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

/** The agent records a result; its id. */
async function says(renewalId: string, result: string): Promise<string> {
  const id = crypto.randomUUID();
  await book.db.transaction(async (tx) => {
    const row = await receiveResult(tx, { id, renewalId, kind: 'contact', result, recordedBy: 'A1' }, calendar);
    await applyResult(tx, row, calendar);
  });
  return id;
}

const reasonOf = async (renewalId: string): Promise<string> => {
  const claim = await claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);
  return claim.kind === 'answered' && 'reason' in claim.outcome ? claim.outcome.reason : claim.kind;
};
const checksOf = async (renewalId: string): Promise<string[]> => {
  const isCheck = and(eq(tasks.renewalId, renewalId), like(tasks.key, '%/file-check/wrong-number.%'));
  return (await book.db.select({ state: tasks.state }).from(tasks).where(isCheck)).map(({ state }) => state);
};

async function aCase(phone: string): Promise<{ customerId: string; renewalId: string }> {
  const customerId = await book.addCustomer({ phone });
  const renewalId = await book.addCase({ policy: { customerId } });
  await book.plan(renewalId);
  return { customerId, renewalId };
}

describe('A number that is not the customer’s', () => {
  test('gets no message any more, and the file is checked once, however often it is dialled', async () => {
    const { renewalId } = await aCase('+8613800001001');
    await says(renewalId, 'wrong-number');
    await says(renewalId, 'wrong-number');

    expect(await reasonOf(renewalId)).toBe('address-suppressed');
    expect(await checksOf(renewalId)).toEqual(['open']);
    expect(await book.eventsOf(renewalId)).toContain('address-suppressed:sms wrong-number');
  });

  test('may be another customer’s own', async () => {
    const [wrong, right] = [await aCase('+8613800001002'), await aCase('+8613800001002')];
    await says(wrong.renewalId, 'wrong-number');

    expect(await reasonOf(right.renewalId)).toBe('won');
  });

  test('is replaced by the one that a list brings', async () => {
    const { customerId, renewalId } = await aCase('+8613800001003');
    await says(renewalId, 'wrong-number');
    await book.db.update(customers).set({ phone: '+8613800001004' }).where(eq(customers.id, customerId));

    expect(await reasonOf(renewalId)).toBe('won');
  });

  test('was right all along when the entry is struck out', async () => {
    const { renewalId } = await aCase('+8613800001005');
    const resultId = await says(renewalId, 'wrong-number');
    const correction = { id: crypto.randomUUID(), renewalId, resultId, reason: 'a slip', by: 'A1' };
    await book.db.transaction((tx) => strikeOut(tx, correction, calendar));

    expect(await reasonOf(renewalId)).toBe('won');
    expect(await checksOf(renewalId)).toEqual(['dropped']);
    expect(await book.eventsOf(renewalId)).toContain('suppression-lifted:sms result-corrected');
  });

  test('stays wrong while another entry says so', async () => {
    const { renewalId } = await aCase('+8613800001006');
    const resultId = await says(renewalId, 'wrong-number');
    await book.setTime('2027-03-16T13:00');
    await says(renewalId, 'wrong-number');
    const correction = { id: crypto.randomUUID(), renewalId, resultId, reason: 'a slip', by: 'A1' };
    await book.db.transaction((tx) => strikeOut(tx, correction, calendar));

    expect(await reasonOf(renewalId)).toBe('address-suppressed');
  });

  test('is answered by SMS too, and read by somebody besides', async () => {
    const phone = '+8613800001008';
    const [wrong, other] = [await aCase(phone), await aCase('+8613800001009')];
    for (const text of ['You have the wrong number', '打错了']) await wrote(book, phone, text);

    expect(await reasonOf(wrong.renewalId)).toBe('address-suppressed');
    expect(await checksOf(wrong.renewalId)).toEqual(['open']);
    expect(await openTasksOf(book, wrong.renewalId)).toEqual(['file-check', 'read-reply', 'read-reply']);
    expect(await reasonOf(other.renewalId)).toBe('won');
  });

  test('is not said by an unanswered call', async () => {
    const { renewalId } = await aCase('+8613800001007');
    await says(renewalId, 'not-reached');
    expect(await reasonOf(renewalId)).toBe('won');
  });
});
