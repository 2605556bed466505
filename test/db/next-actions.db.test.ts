import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { monday, openHandoverBook, type HandoverBook } from '../support/given-handover.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { apply } from '../support/given-results.ts';

let book: HandoverBook;
beforeAll(async () => {
  book = await openHandoverBook();
});
afterAll(() => book.close());

async function inChase(): Promise<string> {
  const id = await book.openCase();
  await book.setTime(20);
  await book.turn(id, 'entered');
  return id;
}

const nextOf = async (id: string) => {
  const { nextAction, nextActionAt } = await book.renewal(id);
  return [nextAction, nextActionAt?.getTime()];
};

describe('What lists say a case does next', () => {
  test('is the newest promise, also when it is later than the one before', async () => {
    const id = await inChase();
    await apply(book, id, { result: 'considering' });
    const later = daysBeforeT(16);
    await apply(book, id, { result: 'promised', callBackAt: new Date(later) });
    expect(await nextOf(id)).toEqual(['call-back', later]);
  });

  test('is the plan’s own next step, when the promise lies behind it', async () => {
    const id = await inChase();
    await apply(book, id, { result: 'considering' });
    await apply(book, id, { result: 'promised', callBackAt: new Date(daysBeforeT(2)) });
    expect((await book.renewal(id)).nextAction).toBe('touch:t-15');
  });
});

const evening = 20 * 60;

/** Cases in follow-up whose agent leaves on Monday. */
async function orphansOf(agentId: string, cases: number) {
  await book.at('2027-02-20');
  const ids: string[] = [];
  for (let turn = 0; turn < cases; turn += 1) ids.push(await book.openCase({ agentId }));
  for (const id of ids) await book.turn(id, 'entered');
  await book.at(monday);
  return { ids, handoverId: (await book.leaves(agentId)).id! };
}

describe('A customer who considers in the last day of the grace', () => {
  test('is not promised a call that the close would come before', async () => {
    await book.setTime(0);
    const id = await book.openCase();
    await book.turn(id, 'entered');
    await book.setTime(-2);
    const row = await apply(book, id, { result: 'considering' });
    expect(row.callBackAt).toBeNull();
    expect(await book.renewal(id)).toMatchObject({ callBackAt: null, nextAction: 'grace-ends' });
  });
});

describe('What an orphan does next', () => {
  test('is the next stage or the decision on its hand-over, never a message', async () => {
    const { handoverId, ids } = await orphansOf('A1', 2);
    const [first, second] = ids as [string, string];
    const [handover] = await book.handoverTasks(handoverId);
    await book.at(monday, evening);
    await book.turn(first, 'calendar', { from: 'follow-up' });
    expect(await nextOf(first)).toEqual(['hand-over-ends', handover!.dueAt.getTime()]);
    await book.decide(handoverId, { kind: 'take-over' }, { renewalIds: [first] });
    expect((await book.renewal(first)).nextAction).toBe('touch:t-15');
    await book.at('2027-03-02');
    await book.turn(second, 'calendar', { from: 'follow-up' });
    await book.decide(handoverId, { kind: 'offer', channel: 'cross-sales' }, { renewalIds: [second] });
    const [action, at] = await nextOf(second);
    expect([action, shanghai.dayOf(Number(at))]).toEqual(['hand-over-ends', '2027-03-04']);
  });

  test('is the answer of the call centre once the supervisor has stayed silent', async () => {
    const { handoverId, ids } = await orphansOf('A2', 1);
    await book.at('2027-03-04');
    await book.turn(ids[0]!, 'calendar', { from: 'follow-up' });
    await book.silence(handoverId);
    const [action, at] = await nextOf(ids[0]!);
    expect([action, shanghai.dayOf(Number(at))]).toEqual(['hand-over-ends', '2027-03-08']);
  });
});
