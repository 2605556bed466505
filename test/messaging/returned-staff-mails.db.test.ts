import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { readBounce } from '../../src/messaging/read-bounce.ts';
import { takeBounce } from '../../src/messaging/take-bounce.ts';
import { uuidv7 } from 'uuidv7';
import { aReport } from './bounce-mails.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
  await book.setTime('2027-03-16T12:00');
});
afterAll(() => book.close());

type Facts = Partial<typeof staffMessages.$inferInsert>;

/** A morning's mail to somebody of their own, which the mail server took. */
async function aStaffMail(facts: Facts = {}): Promise<{ id: string; staffId: string; email: string }> {
  const id = uuidv7();
  const staffId = `S-${id}`;
  const email = `${id}@staff.example`;
  await book.db.insert(staff).values({ id: staffId, name: '赵六', roles: ['agent'], branchId: '3701', email });
  const what = { kind: 'morning-digest', day: '2027-03-16', channel: 'email', state: 'accepted', attemptId: uuidv7() };
  const [dueAt, claimedAt] = [new Date(at('2027-03-16T07:30')), new Date(at('2027-03-16T07:31'))];
  const latestAt = new Date(at('2027-03-16T18:00'));
  await book.db.insert(staffMessages).values({ id, staffId, ...what, dueAt, claimedAt, latestAt, ...facts });
  return { id, staffId, email };
}

async function bounced(report: Parameters<typeof aReport>[0]) {
  const read = await readBounce(aReport(report));
  return read && takeBounce(book.db, read, calendar);
}

async function rowOf(id: string) {
  const [row] = await book.db.select().from(staffMessages).where(eq(staffMessages.id, id));
  return row;
}

test.each(['accepted', 'unknown'])(
  'A mail to staff that is %s and comes back is shown as undelivered, once',
  async (state) => {
    const { id, staffId, email } = await aStaffMail({ state });

    for (const _ of [1, 2])
      expect(await bounced({ returned: id, to: email })).toEqual({ messageId: id, code: '5.1.1' });

    expect(await rowOf(id)).toMatchObject({
      state: 'undelivered',
      reason: 'bounced',
      errorCode: '5.1.1',
      settledBy: 'report',
    });
    const entries = await book.db
      .select()
      .from(journal)
      .where(eq(journal.chain, `staff.${staffId}`));
    expect(entries.map(({ event, inputs }) => [event, inputs])).toMatchObject([
      ['staff-message-undelivered', { messageId: id, code: '5.1.1', was: state }],
    ]);
    expect(JSON.stringify(entries)).not.toContain(email);
  },
);

test('A report that names no mail is kept with the last one to that person, and settles nothing', async () => {
  const { id, email } = await aStaffMail();

  for (const _ of [1, 2]) await bounced({ returned: undefined, to: email.toUpperCase() });

  expect(await rowOf(id)).toMatchObject({ state: 'accepted', reason: null, errorCode: 'unproved/5.1.1' });
  await bounced({ returned: id, to: email });
  expect(await rowOf(id)).toMatchObject({ state: 'undelivered', errorCode: '5.1.1' });
});

test.each(['unknown', 'not-accepted'])('A report that names no mail does nothing to one that is %s', async (state) => {
  const { id, email } = await aStaffMail({ state });
  const before = await rowOf(id);

  expect(await bounced({ returned: undefined, to: email })).toBeUndefined();

  expect(await rowOf(id)).toEqual(before);
});

test.each([
  ['by SMS', { channel: 'sms' }],
  ['that has not gone', { state: 'planned', attemptId: null, claimedAt: null }],
])('A report does nothing to a message %s', async (_what, facts: Facts) => {
  const { id, email } = await aStaffMail(facts);

  expect(await bounced({ returned: id, to: email })).toBeUndefined();
  expect((await rowOf(id))?.state).not.toBe('undelivered');
});
