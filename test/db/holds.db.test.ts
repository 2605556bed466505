import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyResult } from '../../src/db/results/apply-result.ts';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { holdCase, noteHoldTold, resumeCase, untoldHold } from '../../src/db/cases/hold-records.ts';
import { handoverItems, handovers } from '../../src/db/schema/handovers.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { giveToOwner } from '../../src/db/cases/single-owner.ts';
import { factsOf } from '../../src/db/cases/stage-records.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { apply, receive } from '../support/given-results.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

async function anOpenCase(daysBefore = 40): Promise<string> {
  const id = await book.openCase();
  await book.setTime(daysBefore);
  await book.turn(id, 'entered');
  return id;
}

const hold = (renewalId: string, until: number, id = uuidv7()) =>
  book.db.transaction((tx) =>
    holdCase(tx, { id, renewalId, until: new Date(until), reason: 'abroad', by: 'S1' }, shanghai),
  );
const resume = (renewalId: string, id = uuidv7()) =>
  book.db.transaction((tx) => resumeCase(tx, { id, renewalId, by: 'S1' }, shanghai));
const close = (renewalId: string) =>
  book.steps.closeCase({
    renewalId,
    stamp: '',
    ending: { outcome: { kind: 'renewed', early: false }, cause: 'test' },
  });
const told = (id: string) => book.db.transaction((tx) => untoldHold(tx, id, shanghai));
const forTheCase = async (id: string) => factsOf(await book.db.transaction((tx) => readSituation(tx, id, shanghai)));

describe('a hold', () => {
  test('stands in the books and as the next action, and a rebuilt case knows it', async () => {
    const id = await anOpenCase();
    expect(await hold(id, daysBeforeT(20))).toMatchObject({ kind: 'held' });
    expect(await book.renewal(id)).toMatchObject({
      heldUntil: new Date(daysBeforeT(20)),
      holdReason: 'abroad',
      nextAction: 'hold-ends',
      nextActionAt: new Date(daysBeforeT(20)),
    });
    expect(await forTheCase(id)).toHaveProperty('heldUntil');
  });

  test.each([
    ['in the past', daysBeforeT(41)],
    ['after the case closes by itself', daysBeforeT(-4)],
  ])('%s is out of range', async (_, until) => {
    expect(await hold(await anOpenCase(), until)).toMatchObject({ kind: 'out-of-range' });
  });

  test('of a closed case is refused', async () => {
    const id = await anOpenCase();
    await close(id);
    expect(await hold(id, daysBeforeT(20))).toEqual({ kind: 'closed' });
    expect(await resume(id)).toEqual({ kind: 'closed' });
  });

  test('asked for twice is one', async () => {
    const id = await anOpenCase();
    const request = uuidv7();
    const first = await hold(id, daysBeforeT(20), request);
    expect(await hold(id, daysBeforeT(20), request)).toEqual(first);
    await resume(id);
    expect(await hold(id, daysBeforeT(20), request)).toEqual({ kind: 'held' });
    expect(await book.renewal(id)).toMatchObject({ heldUntil: null });
    expect((await book.events(id)).filter((event) => event === 'held')).toHaveLength(1);
  });

  test('keeps a stage from ending, however the case asks, until its time has come', async () => {
    const id = await anOpenCase(31);
    await hold(id, daysBeforeT(25));
    await book.setTime(28);
    for (const why of ['calendar', 'hold-ended'] as const) {
      expect(await book.turn(id, why, { from: 'follow-up' })).toMatchObject({ kind: 'held' });
    }
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', escalated: false });
    await book.setTime(24);
    const turn = await book.turn(id, 'hold-ended', { from: 'follow-up' });
    expect(turn).toMatchObject({ kind: 'opened', stage: 'intensive-chase', escalated: false });
    expect(await book.renewal(id)).toMatchObject({ heldUntil: null, holdReason: null });
    expect(await book.events(id)).toContain('hold-ended');
  });

  test('gives nobody work when the expiry is corrected meanwhile, and moves its instants', async () => {
    const id = await anOpenCase(31);
    const before = (await book.tasks(id)).length;
    await hold(id, daysBeforeT(25));
    await book.db.update(renewals).set({ expiresOn: '2027-03-21', expiryRevision: 1 }).where(eq(renewals.id, id));
    const turn = await book.turn(id, 'expiry-corrected', { from: 'follow-up' });
    expect(turn).toMatchObject({ kind: 'opened', stage: 'follow-up', kept: true });
    expect(await book.tasks(id)).toHaveLength(before);
    expect(await book.renewal(id)).toMatchObject({ armedRevision: 1, nextAction: 'hold-ends' });
  });

  test('holds back a message that is claimed all the same', async () => {
    const id = await anOpenCase(15);
    await hold(id, daysBeforeT(14));
    const claim = await claimMessage(book.db, { renewalId: id, touch: 't-15', channel: 'sms' }, shanghai);
    expect(claim).toMatchObject({ kind: 'answered', outcome: { kind: 'waiting', reason: 'case-held' } });
  });

  test('lets the second round go on afterwards with the time that was left of it', async () => {
    const id = await anOpenCase();
    await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: uuidv7() });
    await book.setTime(39);
    await hold(id, daysBeforeT(30));
    const dueAt = (await book.renewal(id)).secondRoundDueAt!.getTime();
    expect(Math.round((dueAt - daysBeforeT(30)) / dayMs)).toBe(2);
    const task = (await book.tasks(id)).find(({ kind }) => kind === 'second-round');
    expect(task!.dueAt.getTime()).toBe(dueAt);
  });

  test.each([
    ['that a second one shortens', (id: string) => hold(id, daysBeforeT(30)), daysBeforeT(28)],
    ['that a second one lengthens', (id: string) => hold(id, daysBeforeT(10)), daysBeforeT(8)],
    ['that somebody ends', (id: string) => resume(id), daysBeforeT(37, { minute: 20 * 60 })],
  ])('%s leaves the second round what was left of it before', async (_, change, expected) => {
    const id = await anOpenCase();
    await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: uuidv7() });
    await book.setTime(39);
    await hold(id, daysBeforeT(20));
    await change(id);
    const dueAt = (await book.renewal(id)).secondRoundDueAt!.getTime();
    expect(Math.round((dueAt - expected) / 60_000)).toBe(0);
    const task = (await book.tasks(id)).find(({ kind }) => kind === 'second-round');
    expect(task!.dueAt.getTime()).toBe(dueAt);
    expect(await told(id)).toMatchObject({ notice: { secondRoundDueAt: expect.any(Number) as number } });
  });

  test('is what its case must hear until it has been told, each change anew', async () => {
    const id = await anOpenCase();
    expect(await told(id)).toBeUndefined();
    await hold(id, daysBeforeT(20));
    const first = await told(id);
    expect(first).toMatchObject({ revision: 1, notice: { kind: 'held', key: 'hold.1' } });
    await resume(id);
    await noteHoldTold(book.db, id, 1);
    expect(await told(id)).toEqual({ revision: 2, notice: { kind: 'resumed', key: 'hold.2', revision: 2 } });
    await noteHoldTold(book.db, id, 2);
    expect(await told(id)).toBeUndefined();
    expect((await forTheCase(id)).holdRevision).toBe(2);
  });

  test('whose early end nobody could tell does not end a stage with an escalation when the case is rebuilt', async () => {
    const id = await anOpenCase(31);
    await hold(id, daysBeforeT(20));
    await book.setTime(28);
    await resume(id);
    expect(await book.turn(id, 'entered')).toMatchObject({ stage: 'intensive-chase', escalated: false });
    expect((await book.events(id)).filter((event) => event.startsWith('escalated'))).toEqual([]);
  });

  test('gives a second round that begins meanwhile its days after the hold', async () => {
    const id = await anOpenCase();
    await hold(id, daysBeforeT(30));
    await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: uuidv7() });
    expect((await book.renewal(id)).secondRoundDueAt).toEqual(new Date(daysBeforeT(27)));
  });

  test('lets a promised call-back wait for its end', async () => {
    const id = await anOpenCase();
    await hold(id, daysBeforeT(30));
    await apply(book, id, { result: 'promised', callBackAt: new Date(daysBeforeT(38)) });
    expect(await book.renewal(id)).toMatchObject({ nextAction: 'hold-ends' });
    await book.setTime(37);
    expect(await book.steps.assignCallBack({ renewalId: id, stamp: '' })).toMatchObject({ kind: 'not-yet' });
    await book.setTime(29);
    expect(await book.steps.assignCallBack({ renewalId: id, stamp: '' })).toMatchObject({ kind: 'assigned' });
  });

  test('that somebody ends says again what the calendar brings', async () => {
    const id = await anOpenCase();
    await hold(id, daysBeforeT(20));
    expect(await resume(id)).toEqual({ kind: 'resumed' });
    expect(await book.renewal(id)).toMatchObject({ heldUntil: null, nextAction: 'stage:intensive-chase' });
    expect(await resume(id)).toEqual({ kind: 'not-held' });
  });
});

describe('another owner', () => {
  const give = (renewalId: string, ownerId: string, id = uuidv7()) =>
    book.db.transaction((tx) => giveToOwner(tx, { id, renewalId, ownerId, by: 'S1' }, shanghai));

  test('gets the open tasks of the agent, and the case goes to their team', async () => {
    const id = await anOpenCase();
    const request = uuidv7();
    await give(id, 'S2', request);
    await give(id, 'S2', request);
    expect(await book.renewal(id)).toMatchObject({ ownerId: 'S2', teamId: 'T2' });
    const ofAgent = (await book.tasks(id)).filter(({ role, state }) => role === 'agent' && state === 'open');
    expect(new Set(ofAgent.map(({ assigneeId }) => assigneeId))).toEqual(new Set(['S2']));
    expect((await book.events(id)).filter((event) => event === 'owner-changed')).toHaveLength(1);
  });

  test('is not given to an orphan that its hand-over decides about', async () => {
    const id = await anOpenCase();
    const handoverId = uuidv7();
    const soon = new Date(daysBeforeT(38));
    await book.db
      .insert(handovers)
      .values({ id: handoverId, agentId: 'A1', branchId: 'B01', state: 'open', dueAt: soon, openedAt: soon });
    await book.db.insert(handoverItems).values({ handoverId, renewalId: id, state: 'undecided' });
    await expect(give(id, 'A2')).rejects.toMatchObject({ code: 'owner-undecided' });
  });

  test('is not given to a closed case', async () => {
    const id = await anOpenCase();
    await close(id);
    await expect(give(id, 'A2')).rejects.toMatchObject({ code: 'case-closed' });
  });
});

describe('a call-back whose time comes before its result stands in the books', () => {
  test('is given to the agent once, and not forgotten', async () => {
    const id = await anOpenCase();
    const callBackAt = new Date(daysBeforeT(39));
    const row = await receive(book, id, { result: 'promised', callBackAt });
    await book.setTime(38);
    await book.steps.assignCallBack({ renewalId: id, stamp: '' });
    await book.db.transaction((tx) => applyResult(tx, row, shanghai));
    expect(await book.renewal(id)).toMatchObject({ callBackAt: null, nextAction: 'stage:intensive-chase' });
    expect((await book.tasks(id)).filter(({ kind }) => kind === 'call-back')).toHaveLength(1);
  });
});
