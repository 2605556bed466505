import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { addPerson, addTask } from '../support/given-work.ts';
import { at, openStaffBook, type StaffBook } from './staff-book.ts';

const people = 120;
let book: StaffBook;

beforeAll(async () => {
  book = await openStaffBook();
  await book.clockAt('2026-11-30T07:31');
  const renewalId = await book.openCase();
  for (let turn = 0; turn < people; turn += 1) {
    const id = `Z${turn}`;
    await addPerson(book.db, { id, role: 'specialist', email: `${id}@example.com` });
    await addTask(book.db, { assigneeId: id, renewalId, dueAt: new Date(at('2026-11-30T18:00')) });
  }
});
afterAll(() => book.close());

test('Senders that die between what the server took and its record double nothing and lose nothing from sight', async () => {
  let taken = 0;
  let hits = 0;
  // Every third process dies right after the server took the mail: its promise never ends.
  book.answering.mail = () => {
    taken += 1;
    if (taken % 3 !== 0) return Promise.resolve({ kind: 'smtp-reply', reply: 250, id: String(taken) });
    hits += 1;
    return new Promise(() => {});
  };
  // Runs overlap, repeat and are planned again, as workers come and go.
  for (let run = 0; run < 4; run += 1) {
    await book.plan('morning-digest', '2026-11-30T07:30');
    const rows = await book.db.select().from(staffMessages);
    const tries = rows.map(({ id }) => book.sends.sendStaffEmail({ messageId: id }));
    const again = rows.toReversed().map(({ id }) => book.sends.sendStaffEmail({ messageId: id }));
    await Promise.race([Promise.all([...tries, ...again]), new Promise((done) => setTimeout(done, 2_000))]);
  }
  const tos = book.mails.map(({ to }) => to);
  expect(hits).toBe(people / 3);
  expect(new Set(tos).size).toBe(tos.length);
  expect(tos).toHaveLength(people);
  const unknown = await book.db.select().from(staffMessages).where(eq(staffMessages.state, 'unknown'));
  const accepted = await book.db.select().from(staffMessages).where(eq(staffMessages.state, 'accepted'));
  expect({ unknown: unknown.length, accepted: accepted.length }).toEqual({ unknown: hits, accepted: people - hits });
});
