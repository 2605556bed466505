import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { handoverItems, handovers } from '../../src/db/schema/handovers.ts';
import { monthLists } from '../../src/db/schema/month-lists.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { findPerson } from '../../src/db/staff/staff-records.ts';
import { readHalfMonthList } from '../../src/reporting/half-month-list.ts';
import { readDueList } from '../../src/reporting/due-list.ts';
import { readKeyTrackingOf } from '../../src/reporting/key-tracking.ts';
import { addLeave, addPerson, addTask } from '../support/given-work.ts';
import { shanghai } from '../support/given-plan.ts';
import { at, openStaffBook, type StaffBook } from './staff-book.ts';

let book: StaffBook;

beforeAll(async () => {
  book = await openStaffBook();
  await addPerson(book.db, { id: 'X2', role: 'specialist' });
  for (const id of ['A1', 'S1', 'X1', 'X2']) await book.reach(id);
});
afterEach(async () => {
  book.mails.length = 0;
  await book.db.delete(staffMessages);
});
afterAll(() => book.close());

const who = async (id: string) => (await findPerson(book.db, id, 'Asia/Shanghai'))!;
const change = (id: string, facts: Partial<typeof renewals.$inferInsert>) =>
  book.db.update(renewals).set(facts).where(eq(renewals.id, id));
const sendAll = async (kind: 'key-tracking-list' | 'half-month-list' | 'hand-over', scheduled: string) => {
  await book.clockAt(scheduled.replace('07:30', '07:31'));
  await book.plan(kind, scheduled);
  await book.sendDue(kind);
  return book.mails
    .splice(0)
    .map(({ to }) => to.split('@')[0])
    .toSorted();
};

describe('The morning digest', () => {
  test('holds what is late, due today and due by Sunday, what was escalated since, and what is new', async () => {
    await book.clockAt('2026-11-30T07:31');
    const renewalId = await book.openCase({ agentId: 'A2' });
    await change(renewalId, { ownerId: 'A1', openedAt: new Date(at('2026-11-28T05:00')) });
    const give = (dueAt: string, more: object = {}) =>
      addTask(book.db, {
        assigneeId: 'S1',
        role: 'supervisor',
        kind: 'do-not-contact-review',
        renewalId,
        dueAt: new Date(at(dueAt)),
        createdAt: new Date(at('2026-11-20T09:00')),
        ...more,
      });
    const late = await give('2026-11-27T18:00');
    const today = await give('2026-11-30T18:00');
    const thisWeek = await give('2026-12-06T18:00');
    await give('2026-12-07T18:00');
    await give('2026-12-01T18:00', { startsAt: new Date(at('2026-12-01T00:00')) });
    const escalated = await give('2026-12-09T18:00', { kind: 'coaching', createdAt: new Date(at('2026-11-28T09:00')) });
    await give('2026-12-10T18:00', { kind: 'coaching' });
    const request = { day: '2026-11-30', now: at('2026-11-30T07:31'), calendar: shanghai, limit: 30 };
    const ofLeader = await readDueList(book.db, { ...request, viewer: await who('S1') });
    expect(ofLeader).toMatchObject({ all: 4, overdue: 1, dueToday: 1, fresh: [] });
    expect(ofLeader.tasks.map(({ taskId }) => taskId)).toEqual([late, today, thisWeek, escalated]);
    const ofOwner = await readDueList(book.db, { ...request, viewer: await who('A1') });
    expect(ofOwner).toMatchObject({ all: 0, fresh: [{ renewalId }] });
    expect((await readDueList(book.db, { ...request, viewer: await who('A1'), day: '2026-12-01' })).fresh).toEqual([]);
    await change(renewalId, { outcome: 'lost' });
  });
});

describe('The key-tracking list', () => {
  test('goes to the specialist of each case on Mondays and Thursdays, and to a colleague while that one is away', async () => {
    const ids = await Promise.all(['X1', 'X2', 'X1', 'X1'].map((specialistId) => book.openCase({ specialistId })));
    const [near = '', key = '', far = '', held = ''] = ids;
    await change(near, { stage: 'intensive-chase', expiresOn: '2026-12-10' });
    await change(key, { stage: 'follow-up', segment: 'key-customer', expiresOn: '2027-01-10' });
    await change(far, { stage: 'follow-up', expiresOn: '2027-01-10' });
    await change(held, { stage: 'wrap-up', expiresOn: '2026-12-02', heldUntil: new Date(at('2026-12-05T09:00')) });
    const listOf = async (id: string, today = '2026-11-30') => {
      const { rows } = await readKeyTrackingOf(book.db, await who(id), { today, limit: 30 });
      return rows.map(({ renewalId, reason }) => `${renewalId} ${reason}`);
    };
    await book.clockAt('2026-11-30T07:31');
    expect(await listOf('X1')).toEqual([`${near} expires-soon`]);
    expect(await listOf('X2')).toEqual([`${key} key-customer`]);
    const promise = { kind: 'result', state: 'applied', result: 'promised', recordedBy: 'A1', recordedAt: new Date() };
    await book.db.insert(contactResults).values({ id: crypto.randomUUID(), renewalId: far, ...promise });
    expect(await listOf('X1')).toEqual([`${near} expires-soon`, `${far} promised`]);
    await addLeave(book.db, { staffId: 'X1', fromOn: '2026-12-03', toOn: '2026-12-04' });
    expect(await listOf('X2', '2026-12-03')).toEqual([
      `${near} expires-soon`,
      `${key} key-customer`,
      `${far} promised`,
    ]);
    expect(await sendAll('key-tracking-list', '2026-11-30T07:30')).toEqual(['x1', 'x2']);
    expect(await sendAll('key-tracking-list', '2026-12-01T07:30')).toEqual([]);
    expect(await sendAll('key-tracking-list', '2026-12-03T07:30')).toEqual(['x2']);
    for (const id of ids) await change(id, { outcome: 'lost' });
  });
});

describe('The half-month list', () => {
  test('is taken once, and tells from the second time on what came, left and changed', async () => {
    const [stays = '', moves = '', goes = ''] = await Promise.all([1, 2, 3].map(() => book.openCase()));
    for (const id of [stays, moves, goes]) await change(id, { stage: 'preparation', ownerId: 'A1', teamId: 'T1' });
    expect(await sendAll('half-month-list', '2026-12-02T07:30')).toEqual(['a1', 's1', 'x1']);
    await change(goes, { outcome: 'renewed' });
    await change(moves, { ownerId: 'A2', stage: 'follow-up' });
    const comes = await book.openCase();
    expect(await sendAll('half-month-list', '2026-12-02T07:30')).toEqual([]);
    expect((await book.db.select().from(monthLists)).map(({ cases }) => cases)).toEqual([3]);
    expect(await sendAll('half-month-list', '2026-12-03T07:30')).toEqual([]);
    await sendAll('half-month-list', '2026-12-16T07:30');
    const changesFor = async (id: string) =>
      (await readHalfMonthList(book.db, await who(id), '2026-12-16'))!.changes.map(
        ({ renewalId, differences }) => `${renewalId} ${differences.join(' ')}`,
      );
    expect(await changesFor('A1')).toEqual([`${comes} added`, `${goes} renewed`, `${moves} in-other-hands`]);
    expect(await changesFor('S1')).toEqual([
      `${comes} added`,
      `${goes} renewed`,
      `${moves} owner-changed stage-turned`,
    ]);
    expect(await changesFor('X2')).toEqual([]);
    expect(stays).not.toBe('');
  });

  test('reaches whoever is on leave, because everybody has it by the second day', async () => {
    await addLeave(book.db, { staffId: 'A1', fromOn: '2027-01-01', toOn: '2027-01-20' });
    expect(await sendAll('half-month-list', '2027-01-02T07:30')).toContain('a1');
  });
});

describe('A hand-over', () => {
  test('is told once, at once, to whoever has to decide on it', async () => {
    await book.clockAt('2026-12-01T15:00');
    const id = crypto.randomUUID();
    const openedAt = new Date(at('2026-12-01T14:58'));
    const dueAt = new Date(at('2026-12-03T14:58'));
    const place = { branchId: 'B01', teamId: 'T1', supervisorId: 'S1' };
    await book.db.insert(handovers).values({ id, agentId: 'A2', ...place, state: 'open', dueAt, openedAt });
    await addTask(book.db, { kind: 'hand-over', role: 'supervisor', assigneeId: 'S1', handoverId: id, dueAt });
    const renewalId = await book.openCase();
    await book.db.insert(handoverItems).values({ handoverId: id, renewalId, state: 'undecided' });
    expect(await sendAll('hand-over', '2026-12-01T15:00')).toEqual(['s1']);
    expect(await sendAll('hand-over', '2026-12-01T15:05')).toEqual([]);
    expect(await sendAll('hand-over', '2026-12-02T09:00')).toEqual([]);
    expect(await book.rows()).toEqual(['2026-12-01 hand-over S1 email accepted']);
  });
});
