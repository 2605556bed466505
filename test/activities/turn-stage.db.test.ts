import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiveResult } from '../../src/db/results/result-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const change = (id: string, set: Partial<typeof renewals.$inferInsert>) =>
  book.db.update(renewals).set(set).where(eq(renewals.id, id));
const openTasks = async (id: string): Promise<string[]> =>
  (await book.tasks(id))
    .filter((task) => task.state === 'open')
    .map((task) => `${task.kind} for ${task.assigneeId ?? task.role}`)
    .toSorted();
const plannedMessages = async (id: string): Promise<string[]> =>
  (await book.messages(id)).map((message) => `${message.touch} ${message.channel} ${message.state}`).toSorted();

async function enterAt(daysBefore: number): Promise<string> {
  await book.setTime(daysBefore);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  return id;
}

describe('a case that opens', () => {
  test('on the day after a touch does not send it, however few hours have passed', async () => {
    const id = await enterAt(29);
    const touches = (await book.messages(id)).map(({ touch, state, reason }) => ({ touch, state, reason }));
    expect(touches).toContainEqual({ touch: 't-30', state: 'expired', reason: 'day-has-passed' });
    expect(touches).toContainEqual({ touch: 't-15', state: 'planned', reason: null });
  });

  test('at T-60 enters preparation with its tasks for specialist and agent and its messages planned', async () => {
    const id = await enterAt(60);
    expect(await book.renewal(id)).toMatchObject({
      stage: 'preparation',
      ownerId: 'A1',
      escalated: false,
      planVersion: 1,
    });
    expect(await openTasks(id)).toEqual(['accept-entry for A1', 'file-check for X1', 'indicative-quote for X1']);
    expect(await plannedMessages(id)).toEqual(['t-60 email planned', 't-60 sms planned']);
    const given = ['file-check', 'indicative-quote', 'accept-entry'].map((kind) => `task-given:${kind}`);
    expect(await book.events(id)).toEqual(['opened', ...given, 'stage-opened:preparation']);
  });

  test('before the first instant of its calendar is told when to come back', async () => {
    const id = await book.openCase();
    await book.setTime(61);
    const turn = await book.turn(id, 'entered');
    expect(turn.kind).toBe('not-yet');
    expect((await book.renewal(id)).stage).toBeNull();
  });

  test('at T-20 enters the intensive chase, and the touch of T-30 counts as expired', async () => {
    const id = await enterAt(20);
    expect((await book.renewal(id)).stage).toBe('intensive-chase');
    expect(await plannedMessages(id)).toEqual(['t-15 email planned', 't-15 sms planned', 't-30 sms expired']);
  });

  test('carries the plan of its own policy in wall instants, and no person', async () => {
    const id = await book.openCase();
    await book.setTime(60);
    const turn = await book.turn(id, 'entered');
    expect(turn.plan?.expiresOn).toBe('2027-03-31');
    expect(JSON.stringify(turn)).not.toMatch(/王芳|鲁A|\+86|example\.com/);
  });
});

describe('a stage that ends', () => {
  test('without a result gives the supervisor the task, once, and opens the next with its work', async () => {
    const id = await enterAt(45);
    await book.setTime(30);
    const question = { from: 'follow-up', resultCounted: false } as const;
    const turn = await book.turn(id, 'calendar', question);
    expect(turn).toMatchObject({ kind: 'opened', stage: 'intensive-chase', escalated: true });
    expect(await openTasks(id)).toEqual(['coaching for S1', 'firm-quote for X1', 'phone-attempt for A1']);
    expect((await book.events(id)).slice(-5)).toEqual([
      'task-given:coaching',
      'escalated:supervisor',
      'task-given:firm-quote',
      'task-given:phone-attempt',
      'stage-opened:intensive-chase',
    ]);
  });

  test.each([
    ['was never handed out goes to the call centre', null, 'call-centre-case for call-centre', true],
    ['was handed out and not accepted is for the supervisor', new Date(), 'accept-reminder for S1', false],
  ])('preparation whose entry %s', async (...[, handedOutAt, task, calledFor]) => {
    const id = await enterAt(60);
    await change(id, { handedOutAt });
    await book.setTime(45);
    await book.turn(id, 'calendar', { from: 'preparation' });
    expect(await openTasks(id)).toContain(task);
    expect((await book.renewal(id)).callCentreSince !== null).toBe(calledFor);
  });

  test('with a result that counts escalates to nobody', async () => {
    const id = await enterAt(45);
    await book.setTime(30);
    await book.turn(id, 'calendar', { from: 'follow-up', resultCounted: true });
    expect((await book.renewal(id)).escalated).toBe(false);
    expect(await openTasks(id)).toEqual(['firm-quote for X1', 'phone-attempt for A1']);
  });

  test.each([
    ['quoted', false],
    ['not-reached', true],
  ])('whose result %s stands in the books and has not reached the case escalates: %s', async (result, escalated) => {
    const id = await enterAt(45);
    const row = { id: uuidv7(), renewalId: id, kind: 'contact', result, recordedBy: 'A1' } as const;
    await book.db.transaction((tx) => receiveResult(tx, row, shanghai));
    await book.setTime(30);
    await book.turn(id, 'calendar', { from: 'follow-up', resultCounted: false });
    expect((await book.renewal(id)).escalated).toBe(escalated);
  });

  test('leaves the case with its owner when the call centre takes it', async () => {
    const id = await enterAt(30);
    await book.setTime(7);
    await book.turn(id, 'calendar', { from: 'intensive-chase' });
    expect(await book.renewal(id)).toMatchObject({ stage: 'wrap-up', ownerId: 'A1', escalated: true });
    expect(await openTasks(id)).toEqual(['call-centre-case for call-centre', 'last-offer for A1']);
  });

  test('asked for again after a crash changes nothing and answers the same stage', async () => {
    const id = await enterAt(45);
    await book.setTime(30);
    const question = { from: 'follow-up', resultCounted: false } as const;
    const first = await book.turn(id, 'calendar', question);
    const before = [await book.tasks(id), await book.messages(id), await book.events(id), await book.renewal(id)];
    const again = await book.turn(id, 'calendar', question);
    expect([await book.tasks(id), await book.messages(id), await book.events(id), await book.renewal(id)]).toEqual(
      before,
    );
    expect(again).toEqual(first);
  });

  test('too early, because the business clock stands behind, changes nothing', async () => {
    const id = await enterAt(45);
    await book.setTime(30, 8 * 60);
    const turn = await book.turn(id, 'calendar', { from: 'follow-up' });
    expect(turn.kind).toBe('not-yet');
    expect((await book.renewal(id)).stage).toBe('follow-up');
  });

  test('is turned once by five workers at once', async () => {
    const id = await enterAt(45);
    await book.setTime(30);
    await Promise.all(Array.from({ length: 5 }, () => book.turn(id, 'calendar', { from: 'follow-up' })));
    const events = await book.events(id);
    expect(events.filter((event) => event === 'stage-opened:intensive-chase')).toHaveLength(1);
    expect(events.filter((event) => event.startsWith('escalated'))).toHaveLength(1);
  });
});

describe('a customer who refused contact', () => {
  test('is handed to nobody who would call, in no later stage', async () => {
    const id = await enterAt(45);
    await change(id, { refusedContactAt: new Date() });
    await book.setTime(30);
    await book.turn(id, 'calendar', { from: 'follow-up' });
    await book.setTime(7);
    await book.turn(id, 'calendar', { from: 'intensive-chase' });
    expect(await openTasks(id)).toEqual([]);
  });
});

describe('a corrected expiry', () => {
  test('within the same stage moves its messages and the deadlines of its tasks', async () => {
    const id = await enterAt(60);
    await change(id, { expiresOn: '2027-04-05', expiryRevision: 1 });
    await book.setTime(54);
    const turn = await book.turn(id, 'expiry-corrected', { from: 'preparation' });
    expect(turn).toMatchObject({ kind: 'opened', stage: 'preparation', kept: true });
    const [message] = await book.messages(id);
    expect(message?.dueAt.toISOString().slice(0, 10)).toBe('2027-02-04');
    const task = (await book.tasks(id)).find(({ kind }) => kind === 'accept-entry');
    expect(task?.dueAt.toISOString()).toBe('2027-02-11T10:00:00.000Z');
    expect((await book.renewal(id)).armedRevision).toBe(1);
  });

  test('that leads back to an earlier stage gives its work again', async () => {
    const id = await enterAt(45);
    await book.setTime(30);
    await book.turn(id, 'calendar', { from: 'follow-up', resultCounted: true });
    await change(id, { expiresOn: '2027-04-10', expiryRevision: 1 });
    await book.turn(id, 'expiry-corrected', { from: 'intensive-chase' });
    expect((await book.renewal(id)).stage).toBe('follow-up');
    expect(await openTasks(id)).toEqual(['first-contact for A1']);
  });

  test('gives a touch that was too late its day back, and never one that was sent', async () => {
    const id = await enterAt(20);
    await book.db.update(messages).set({ state: 'accepted' }).where(eq(messages.touch, 't-15'));
    await change(id, { expiresOn: '2027-04-15', expiryRevision: 1 });
    await book.turn(id, 'expiry-corrected', { from: 'intensive-chase' });
    await book.setTime(15);
    await book.turn(id, 'calendar', { from: 'follow-up' });
    expect(await plannedMessages(id)).toEqual(['t-15 email accepted', 't-15 sms accepted', 't-30 sms planned']);
  });

  test('far ahead leads before the first stage, which opens again on its day', async () => {
    const id = await enterAt(58);
    await change(id, { expiresOn: '2027-06-30', expiryRevision: 1 });
    const turn = await book.turn(id, 'expiry-corrected', { from: 'preparation' });
    expect(turn).toMatchObject({ kind: 'opened' });
    expect(await book.renewal(id)).toMatchObject({ stage: null, nextAction: 'stage:preparation' });
    await book.setTime(-31);
    await book.turn(id, 'calendar', {});
    expect((await book.renewal(id)).stage).toBe('preparation');
    expect(await openTasks(id)).toEqual(['accept-entry for A1', 'file-check for X1', 'indicative-quote for X1']);
  });
});

describe('a case that is rebuilt', () => {
  test('resumes where its row stands, with what the row knows', async () => {
    const id = await enterAt(30);
    const callBackAt = new Date(daysBeforeT(20));
    await change(id, { attempts: 2, confirmedAt: new Date(), resultCounted: true, orphanedAt: new Date(), callBackAt });
    await book.setTime(25);
    const before = await book.events(id);
    const turn = await book.turn(id, 'entered');
    expect(turn).toMatchObject({
      kind: 'opened',
      stage: 'intensive-chase',
      kept: true,
      resumed: { attempts: 2, confirmed: true, resultCounted: true, owned: false },
    });
    expect(await book.events(id)).toEqual(before);
  });

  test('of which the books say that it has closed ends', async () => {
    const id = await enterAt(30);
    await change(id, { outcome: 'lost', lossReason: 'price' });
    expect(await book.turn(id, 'entered')).toMatchObject({ kind: 'ended', outcome: { kind: 'lost', reason: 'price' } });
  });
});

test('an orphan gets its tasks without an assignee, for its next owner', async () => {
  const id = await enterAt(45);
  await change(id, { ownerId: null, orphanedAt: new Date() });
  await book.setTime(30);
  await book.turn(id, 'calendar', { from: 'follow-up', resultCounted: true });
  expect(await openTasks(id)).toEqual(['firm-quote for X1', 'phone-attempt for agent']);
});

test('a customer and the tasks of other cases stay as they are', async () => {
  const other = await enterAt(60);
  const before = [await book.tasks(other), await book.db.select().from(customers)];
  await book.setTime(45);
  const id = await enterAt(45);
  await book.turn(id, 'calendar', { from: 'preparation' });
  expect(await book.tasks(other)).toEqual(before[0]);
  expect(await book.db.select().from(tasks).where(eq(tasks.renewalId, other))).toHaveLength(3);
});
