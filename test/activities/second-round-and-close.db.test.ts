import { eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyResult, applySecondRound } from '../../src/db/results/apply-result.ts';
import { lockCustomer, lockMessage } from '../../src/db/messages/message-records.ts';
import { markLate, receiveResult, type NewResult } from '../../src/db/results/result-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const question = (renewalId: string) => ({ renewalId, stamp: '' });
const stateOf = async (id: string, kind: string) =>
  (await book.tasks(id)).filter((task) => task.kind === kind).map(({ state }) => state);
const waitingForLocks = async () => {
  const { rows } = await book.db.execute(
    sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
};
const lost = { kind: 'lost', reason: 'price', renewable: true } as const;

async function inChase(daysBefore = 25): Promise<string> {
  const id = await book.openCase();
  await book.setTime(daysBefore);
  await book.turn(id, 'entered');
  return id;
}

const receive = (renewalId: string, result: string, more: Partial<NewResult> = {}) => {
  const row = { id: uuidv7(), renewalId, kind: 'contact', result, recordedBy: 'A1', ...more } as const;
  return book.db.transaction((tx) => receiveResult(tx, row, shanghai));
};
const apply = async (renewalId: string, result: string, more: Partial<NewResult> = {}) => {
  const row = await receive(renewalId, result, more);
  await book.db.transaction((tx) => applyResult(tx, row, shanghai));
  return row;
};

describe('the second round', () => {
  const open = (id: string, resultId = uuidv7()) =>
    book.steps.assignSecondRound({ ...question(id), reason: 'price', resultId });

  test('gives the supervisor three days and stands in the list as the next action', async () => {
    const id = await inChase();
    await open(id);
    const task = (await book.tasks(id)).find(({ kind }) => kind === 'second-round');
    const row = await book.renewal(id);
    expect(task).toMatchObject({ assigneeId: 'S1', state: 'open' });
    expect(Math.round((task!.dueAt.getTime() - task!.createdAt.getTime()) / dayMs)).toBe(3);
    expect(row).toMatchObject({
      secondRoundReason: 'price',
      nextAction: 'second-round-ends',
      secondRoundDueAt: task?.dueAt,
    });
  });

  test('never lasts beyond the days of grace', async () => {
    const id = await inChase(-2);
    await open(id);
    const due = (await book.renewal(id)).secondRoundDueAt;
    expect(shanghai.dayOf(due!.getTime())).toBe('2027-04-03');
  });

  test('asked for again after a crash keeps its one task and its deadline', async () => {
    const id = await inChase();
    const resultId = uuidv7();
    const first = await open(id, resultId);
    expect(await open(id, resultId)).toEqual(first);
    expect(await stateOf(id, 'second-round')).toEqual(['open']);
  });

  test('reopened ends in the books, and a later one gets a deadline of its own', async () => {
    const id = await inChase();
    await open(id);
    await book.turn(id, 'reopened', { from: 'intensive-chase' });
    expect(await book.renewal(id)).toMatchObject({ secondRoundDueAt: null, nextAction: 'touch:t-15' });
    await book.setTime(20);
    await open(id);
    expect(await stateOf(id, 'second-round')).toHaveLength(2);
  });

  test('decided by the supervisor completes its task, also after the close took it away', async () => {
    const id = await inChase();
    await open(id);
    const row = await receive(id, 'confirmed-lost', { kind: 'second-round', recordedBy: 'S1' });
    await book.steps.closeCase({
      ...question(id),
      ending: { outcome: lost, cause: 'second-round:confirmed-lost', resultId: row.id },
    });
    await book.db.transaction((tx) => applySecondRound(tx, row));
    expect(await stateOf(id, 'second-round')).toEqual(['completed']);
  });
});

describe('the close', () => {
  const renewed = { outcome: { kind: 'renewed', early: false }, cause: 'result:renewed' } as const;

  test('after a renewal cancels what was planned, drops open tasks and plans one confirmation', async () => {
    const id = await inChase();
    const result = await receive(id, 'renewed', { newPolicyNumber: 'N-1' });
    const answer = await book.steps.closeCase({ ...question(id), ending: { ...renewed, resultId: result.id } });
    expect(answer).toMatchObject({ kind: 'closed', outcome: renewed.outcome, confirmBy: ['sms'] });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed', newPolicyNumber: 'N-1', nextAction: null });
    const states = (await book.messages(id)).map(({ touch, state }) => `${touch} ${state}`);
    expect(states.toSorted()).toEqual([
      'renewal-confirmation planned',
      't-15 cancelled',
      't-15 cancelled',
      't-30 expired',
    ]);
    expect((await book.tasks(id)).filter((task) => task.state === 'open')).toEqual([]);
  });

  test('says in the journal of every message why it will not be sent', async () => {
    const id = await inChase();
    await book.setTime(10);
    await book.steps.closeCase({ ...question(id), ending: renewed });
    const dropped = (await book.events(id)).filter((event) => event.startsWith('message-'));
    expect(dropped).toEqual(['message-expired', 'message-expired', 'message-expired']);

    await book.setTime(25);
    const other = await inChase();
    await book.steps.closeCase({ ...question(other), ending: renewed });
    expect((await book.events(other)).slice(-3)).toEqual(['message-cancelled', 'message-cancelled', 'closed:renewed']);
  });

  test('asked for again, even with another ending, answers the book in which the case lies', async () => {
    const id = await inChase();
    const first = await book.steps.closeCase({ ...question(id), ending: renewed });
    const again = await book.steps.closeCase({ ...question(id), ending: { outcome: lost, cause: 'x' } });
    expect(again).toEqual(first);
    expect((await book.events(id)).filter((event) => event.startsWith('closed'))).toEqual(['closed:renewed']);
  });

  test.each([
    ['SMS where the customer takes it', { smsNoticeConsent: true }, ['sms']],
    ['e-mail where there is no consent to SMS', { smsNoticeConsent: false }, ['email']],
    ['nothing where neither may be sent', { smsNoticeConsent: false, emailNoticeConsent: false }, []],
  ])('confirms by %s', async (_, consent, channels) => {
    const id = await inChase();
    const [policy] = await book.db
      .select()
      .from(policies)
      .where(eq(policies.id, (await book.renewal(id)).policyId));
    await book.db.update(customers).set(consent).where(eq(customers.id, policy!.customerId));
    expect(await book.steps.closeCase({ ...question(id), ending: renewed })).toMatchObject({ confirmBy: channels });
  });

  test('by time waits for the end of the days of grace', async () => {
    const id = await inChase();
    const ending = { outcome: { ...lost, reason: 'no-result' }, cause: 'grace-ended' } as const;
    expect((await book.steps.closeCase({ ...question(id), ending })).kind).toBe('not-yet');
    expect((await book.renewal(id)).outcome).toBeNull();
    await book.setTime(-3);
    expect((await book.steps.closeCase({ ...question(id), ending })).kind).toBe('closed');
  });

  const graceEnded = { outcome: { ...lost, reason: 'no-result' }, cause: 'grace-ended' } as const;
  const onPolicyOf = async (id: string, facts: Partial<typeof policies.$inferInsert>) =>
    book.db
      .update(policies)
      .set(facts)
      .where(eq(policies.id, (await book.renewal(id)).policyId));

  test('by time enters a case as renewed that the core system reported as renewed', async () => {
    const id = await inChase();
    await onPolicyOf(id, { renewedAs: 'N-7' });
    await book.setTime(-3);
    const answer = await book.steps.closeCase({ ...question(id), ending: graceEnded });
    expect(answer).toMatchObject({ kind: 'closed', outcome: { kind: 'renewed', early: false } });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed', newPolicyNumber: 'N-7' });
  });

  test('by time enters a case as not renewable that the core system reported as cancelled', async () => {
    const id = await inChase();
    await onPolicyOf(id, { cancelledOn: '2027-03-20' });
    await book.setTime(-3);
    await book.steps.closeCase({ ...question(id), ending: graceEnded });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', lossReason: 'sold-or-scrapped', renewable: false });
  });

  test('by time lets a recorded result come first that has not reached the case, and not for ever', async () => {
    const id = await inChase(1);
    await receive(id, 'renewed', { newPolicyNumber: 'N-8' });
    await book.setTime(-3);
    const before = Date.now();
    const answer = await book.steps.closeCase({ ...question(id), ending: graceEnded });
    expect(answer.kind).toBe('not-yet');
    expect(answer.kind === 'not-yet' && answer.until - before).toBeGreaterThan(30_000);
    await book.setTime(-5);
    expect((await book.steps.closeCase({ ...question(id), ending: graceEnded })).kind).toBe('closed');
  });

  test('as not renewable lies in the lost book, outside the rate', async () => {
    const id = await inChase();
    await book.steps.closeCase({
      ...question(id),
      ending: { outcome: { ...lost, renewable: false }, cause: 'result:not-renewable' },
    });
    expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', renewable: false });
  });
});

describe('a call-back', () => {
  test('comes due as a task for the owner and is no longer the next action', async () => {
    const id = await inChase();
    await apply(id, 'promised');
    expect(await book.renewal(id)).toMatchObject({ nextAction: 'call-back' });
    await book.setTime(24, 21 * 60);
    await book.steps.assignCallBack(question(id));
    expect((await book.tasks(id)).find(({ kind }) => kind === 'call-back')).toMatchObject({
      assigneeId: 'A1',
      state: 'open',
    });
    expect(await book.renewal(id)).toMatchObject({ callBackAt: null, nextAction: 'touch:t-15' });
  });

  test('that is asked for too early comes at its time', async () => {
    const id = await inChase();
    await apply(id, 'considering');
    expect((await book.steps.assignCallBack(question(id))).kind).toBe('not-yet');
    expect(await stateOf(id, 'call-back')).toEqual([]);
  });
});

describe('a recorded result', () => {
  test('received twice is one row', async () => {
    const id = await inChase();
    const resultId = uuidv7();
    const first = await receive(id, 'quoted', { id: resultId });
    expect(await receive(id, 'declined', { id: resultId })).toEqual(first);
  });

  test('applied twice counts once', async () => {
    const id = await inChase();
    const row = await apply(id, 'not-reached');
    await book.db.transaction((tx) => applyResult(tx, row, shanghai));
    expect((await book.renewal(id)).attempts).toBe(1);
    expect((await book.events(id)).filter((event) => event === 'result:not-reached')).toHaveLength(1);
  });

  test.each([
    'confirmed',
    'quoted',
    'declined',
    'not-reached',
    'wrong-number',
    'unreachable',
    'not-renewable',
    'renewed',
  ])('%s ends as applied', async (result) => {
    const id = await inChase();
    const row = await apply(id, result);
    expect((await book.result(row.id)).state).toBe('applied');
  });

  test('that reaches the customer completes the calls to make and the acceptance', async () => {
    const id = await inChase();
    await apply(id, 'quoted');
    expect(await stateOf(id, 'phone-attempt')).toEqual(['completed']);
    expect(await book.renewal(id)).toMatchObject({ resultCounted: true });
    expect((await book.renewal(id)).confirmedAt).not.toBeNull();
  });

  test('counts for the stage in which it was recorded, not for one that opened meanwhile', async () => {
    const id = await inChase();
    const row = await receive(id, 'quoted');
    await book.setTime(7);
    await book.turn(id, 'calendar', { from: 'intensive-chase' });
    await book.db.transaction((tx) => applyResult(tx, row, shanghai));
    expect((await book.renewal(id)).resultCounted).toBe(false);
  });

  test('of a closed case is kept as late', async () => {
    const id = await inChase();
    await book.db.update(renewals).set({ outcome: 'lost', lossReason: 'price' }).where(eq(renewals.id, id));
    expect((await receive(id, 'renewed')).state).toBe('late');
    expect((await book.events(id)).at(-1)).toBe('late-result:renewed');
  });

  test('renewed before the bind clock opens is flagged as early', async () => {
    const early = await receive(await inChase(40), 'renewed');
    const inTime = await receive(await inChase(20), 'renewed');
    expect([early.early, inTime.early]).toEqual([true, false]);
  });
});

describe('a customer who refuses contact', () => {
  test('gets nothing more on any policy, and the supervisor has the one task', async () => {
    const id = await inChase();
    const { policyId } = await book.renewal(id);
    const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
    const other = await book.openCase({ customerId: policy!.customerId });
    await book.turn(other, 'entered');
    await apply(id, 'promised');
    await apply(id, 'refused-contact');
    const states = [...(await book.messages(id)), ...(await book.messages(other))].map(({ state }) => state);
    expect(states).not.toContain('planned');
    expect((await book.tasks(id)).filter(({ state, role }) => state === 'open' && role !== 'specialist')).toMatchObject(
      [{ kind: 'do-not-contact-review', assigneeId: 'S1' }],
    );
    expect((await book.renewal(id)).callBackAt).toBeNull();
    const [customer] = await book.db.select().from(customers).where(eq(customers.id, policy!.customerId));
    expect(shanghai.dayOf(customer!.doNotContactUntil!.getTime())).toBe('2027-09-06');
  });

  const customerOf = async (id: string) => {
    const { policyId } = await book.renewal(id);
    const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
    const [customer] = await book.db.select().from(customers).where(eq(customers.id, policy!.customerId));
    return customer!;
  };

  test('after the close is left alone just the same', async () => {
    const id = await inChase();
    const other = await book.openCase({ customerId: (await customerOf(id)).id });
    await book.turn(other, 'entered');
    await book.steps.closeCase({ ...question(id), ending: { outcome: lost, cause: 'second-round:confirmed-lost' } });
    expect((await receive(id, 'refused-contact')).state).toBe('late');
    expect((await customerOf(id)).doNotContactUntil).not.toBeNull();
    expect((await book.messages(other)).map(({ state }) => state)).not.toContain('planned');
  });

  test('at the moment of the close, so that the result turns out late, is left alone just the same', async () => {
    const id = await inChase();
    const row = await receive(id, 'refused-contact');
    await book.db.transaction((tx) => markLate(tx, row, shanghai));
    expect((await customerOf(id)).doNotContactUntil).not.toBeNull();
  });

  test('while one of the messages is being sent waits for the send instead of blocking it', async () => {
    const id = await inChase();
    const row = await receive(id, 'refused-contact');
    const { id: customerId } = await customerOf(id);
    let applied: Promise<void> | undefined;
    await book.db.transaction(async (tx) => {
      await lockMessage(tx, { renewalId: id, touch: 't-15', channel: 'sms' });
      applied = book.db.transaction((other) => applyResult(other, row, shanghai));
      await expect.poll(waitingForLocks).toBe(1);
      await lockCustomer(tx, customerId);
    });
    await applied;
    expect((await customerOf(id)).doNotContactUntil).not.toBeNull();
  });
});
