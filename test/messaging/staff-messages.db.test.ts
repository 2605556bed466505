import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { addLeave, addTask } from '../support/given-work.ts';
import { at, openStaffBook, type StaffBook } from './staff-book.ts';

let book: StaffBook;

beforeAll(async () => {
  book = await openStaffBook();
  await book.clockAt('2026-11-30T07:31');
  const renewalId = await book.openCase();
  const dueAt = new Date(at('2026-11-30T18:00'));
  const createdAt = new Date(at('2026-11-20T09:00'));
  await addTask(book.db, { assigneeId: 'X1', renewalId, dueAt, createdAt });
  await addTask(book.db, { assigneeId: 'S1', renewalId, kind: 'coaching', role: 'supervisor', dueAt, createdAt });
  for (const id of ['A2', 'S1', 'X1']) await book.reach(id);
});
afterEach(async () => {
  book.mails.length = 0;
  book.texts.length = 0;
  for (const key of Object.keys(book.answering)) delete book.answering[key as 'mail'];
  await book.db.delete(staffMessages);
  await book.clockAt('2026-11-30T07:31');
});
afterAll(() => book.close());

const aPlannedDigest = async (): Promise<string> => {
  await book.plan('morning-digest', '2026-11-30T07:30');
  const { due } = await book.steps.readDueStaffMessages({ kind: 'morning-digest' });
  const rows = await book.db.select().from(staffMessages).where(eq(staffMessages.staffId, 'X1'));
  return due.find(({ messageId }) => messageId === rows[0]?.id)!.messageId;
};
const findMessage = async (id: string) =>
  (await book.db.select().from(staffMessages).where(eq(staffMessages.id, id)))[0]!;

describe('A morning', () => {
  test('brings one mail to everybody who has something to do, and none to the others', async () => {
    await book.plan('morning-digest', '2026-11-30T07:30');
    await book.sendDue('morning-digest');
    expect(book.mails.map(({ to }) => to).toSorted()).toEqual(['s1@example.com', 'x1@example.com']);
    expect(await book.rows()).toEqual([
      '2026-11-30 morning-digest A2 email suppressed nothing-due',
      '2026-11-30 morning-digest S1 email accepted',
      '2026-11-30 morning-digest X1 email accepted',
    ]);
  });

  test('asked for again brings nothing again', async () => {
    for (const scheduled of ['2026-11-30T07:30', '2026-11-30T07:30', '2026-11-30T12:00']) {
      await book.plan('morning-digest', scheduled);
      await book.sendDue('morning-digest');
    }
    expect(book.mails).toHaveLength(2);
  });

  test('of the weekend before and of Friday brings nothing on Monday', async () => {
    const planned = ['2026-11-27T07:30', '2026-11-28T07:30', '2026-11-29T07:30'].map((scheduled) =>
      book.plan('morning-digest', scheduled),
    );
    expect((await Promise.all(planned)).map(({ kind }) => kind)).toEqual(['passed', 'not-today', 'not-today']);
    expect(await book.rows()).toEqual([]);
  });

  test('that is caught up at eleven brings that day’s mail', async () => {
    await book.clockAt('2026-11-30T11:00');
    await book.plan('morning-digest', '2026-11-30T07:30');
    await book.sendDue('morning-digest');
    expect(book.mails).toHaveLength(2);
  });

  test('passes by whoever is on leave or has left by then', async () => {
    await addLeave(book.db, { staffId: 'S1', fromOn: '2026-12-01', toOn: '2026-12-01' });
    await book.reach('X1', { departedOn: '2026-12-01' });
    await book.clockAt('2026-12-01T07:31');
    await book.plan('morning-digest', '2026-12-01T07:30');
    await book.sendDue('morning-digest');
    expect(book.mails).toEqual([]);
    expect(await book.rows()).toContain('2026-12-01 morning-digest S1 email suppressed on-leave');
    expect((await book.rows()).join()).not.toContain('X1');
    await book.reach('X1', { departedOn: null });
  });

  test('brings an SMS with the counts to whoever asked for it, after the quiet hours', async () => {
    await book.reach('X1', { phone: '+8613800000042', digestSms: true });
    await book.plan('morning-digest', '2026-11-30T07:30');
    await book.sendDue('morning-digest');
    expect(book.texts).toEqual([]);
    const { due, nextAt = 0 } = await book.steps.readDueStaffMessages({ kind: 'morning-digest', day: '2026-11-30' });
    expect(due).toEqual([]);
    // From 07:31 until 09:00 of a clock that runs as fast as the wall's.
    expect((nextAt - Date.now()) / 60_000).toBeCloseTo(89, 0);
    await book.clockAt('2026-11-30T09:00');
    await book.sendDue('morning-digest');
    expect(book.texts.map(({ to }) => to)).toEqual(['+8613800000042']);
    await book.reach('X1', { phone: null, digestSms: false });
  });
});

describe('A message to staff', () => {
  test('is sent once, however many try at the same time', async () => {
    const messageId = await aPlannedDigest();
    await Promise.all(Array.from({ length: 20 }, () => book.sends.sendStaffEmail({ messageId })));
    expect(book.mails).toHaveLength(1);
    // Those that came while the first was sending found its claim; the proof that followed counts all the same.
    expect(await findMessage(messageId)).toMatchObject({ state: 'accepted' });
  });

  test('whose sender died after the claim is unknown, and not sent again', async () => {
    const messageId = await aPlannedDigest();
    book.answering.mail = () => new Promise(() => {});
    void book.sends.sendStaffEmail({ messageId });
    await expect.poll(() => book.mails.length).toBe(1);
    delete book.answering.mail;
    await book.sends.sendStaffEmail({ messageId });
    await book.plan('morning-digest', '2026-11-30T07:30');
    await book.sendDue('morning-digest');
    expect(book.mails.filter(({ messageId: id }) => id === messageId)).toHaveLength(1);
    expect(await findMessage(messageId)).toMatchObject({ state: 'unknown', reason: 'interrupted' });
  });

  test('that was claimed long ago and never settled is unknown by the next run', async () => {
    const messageId = await aPlannedDigest();
    const long = { state: 'claimed', claimedAt: new Date(at('2026-11-30T07:00')) };
    await book.db.update(staffMessages).set(long).where(eq(staffMessages.id, messageId));
    await book.plan('hand-over', '2026-11-30T07:31');
    expect(await findMessage(messageId)).toMatchObject({ state: 'unknown', reason: 'interrupted' });
  });

  test('that the server puts off is planned again and goes later, once', async () => {
    const messageId = await aPlannedDigest();
    book.answering.mail = () => Promise.resolve({ kind: 'smtp-reply', reply: 421 });
    await book.sends.sendStaffEmail({ messageId });
    expect(await findMessage(messageId)).toMatchObject({ state: 'planned', reason: 'smtp-421' });
    expect((await findMessage(messageId)).dueAt.getTime()).toBeGreaterThan(at('2026-11-30T07:40'));
    delete book.answering.mail;
    await book.clockAt('2026-11-30T07:45');
    await book.sends.sendStaffEmail({ messageId });
    await book.sends.sendStaffEmail({ messageId });
    expect(book.mails).toHaveLength(2);
    expect(await findMessage(messageId)).toMatchObject({ state: 'accepted', provider: 'smtp' });
  });

  test('without an answer is unknown; refused for good it is not accepted', async () => {
    const messageId = await aPlannedDigest();
    book.answering.mail = () => Promise.resolve({ kind: 'no-answer', code: 'ETIMEDOUT' });
    await book.sends.sendStaffEmail({ messageId });
    expect(await findMessage(messageId)).toMatchObject({ state: 'unknown', answer: 'ETIMEDOUT' });
    await book.db.delete(staffMessages);
    const other = await aPlannedDigest();
    book.answering.mail = () => Promise.resolve({ kind: 'smtp-reply', reply: 550 });
    await book.sends.sendStaffEmail({ messageId: other });
    expect(await findMessage(other)).toMatchObject({
      state: 'not-accepted',
      answer: expect.stringMatching(/^smtp-550/),
    });
  });

  test('keeps ids of what it told, no text and no address, and the journal of the person tells of it', async () => {
    const messageId = await aPlannedDigest();
    await book.sends.sendStaffEmail({ messageId });
    const row = await findMessage(messageId);
    expect(row.listed).toHaveLength(1);
    expect(JSON.stringify(row)).not.toMatch(/王芳|example\.com/);
    const told = await book.db.select().from(journal).where(eq(journal.chain, 'staff.X1'));
    expect(told.at(-1)).toMatchObject({ event: 'staff-message-accepted', actor: 'system' });
    expect(JSON.stringify(told)).not.toMatch(/王芳|example\.com/);
  });

  test('has the id of its row in its Message-ID, the same in every attempt, and no customer’s way out', async () => {
    const messageId = await aPlannedDigest();
    await book.sends.sendStaffEmail({ messageId });
    expect(book.mails[0]).toMatchObject({ messageId });
    expect(book.mails[0]).not.toHaveProperty('customerId');
  });
});
