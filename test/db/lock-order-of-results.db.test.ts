import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { completeTask } from '../../src/cases/complete-task.ts';
import { recordFinding } from '../../src/db/losses/loss-finding-records.ts';
import { applyResult } from '../../src/db/results/apply-result.ts';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { deadlocksOf } from '../support/at-the-same-time.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply, receive, strike } from '../support/given-results.ts';
import { silentTemporal } from '../support/silent-temporal.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const lost = { cause: 'second-round', outcome: { kind: 'lost', reason: 'price', renewable: true } } as const;

/** Cases of one customer, in follow-up. */
async function casesOfOneCustomer(count: number): Promise<string[]> {
  await book.setTime(45);
  const { customerId } = await book.addPolicy();
  const ids: string[] = [];
  for (let turn = 0; turn < count; turn += 1) ids.push(await book.openCase({ customerId }));
  for (const id of ids) await book.turn(id, 'entered');
  return ids;
}

describe('A customer who refuses contact', () => {
  test('in all of their cases at the same moment is heard in each, while the stages of these turn', async () => {
    let deadlocks = 0;
    for (let customer = 0; customer < 8; customer += 1) {
      const ids = await casesOfOneCustomer(5);
      const rows = [];
      for (const id of ids) rows.push(await receive(book, id, { result: 'refused-contact' }));
      await book.setTime(30);
      const refusals = rows.map((row) => () => book.db.transaction((tx) => applyResult(tx, row, shanghai)));
      const turns = ids.map((id) => () => book.turn(id, 'calendar', { from: 'follow-up' }));
      deadlocks += await deadlocksOf([...refusals, ...turns]);
    }
    expect(deadlocks).toBe(0);
  });

  test('after the close of one case and before that of another is heard in both, and taken back in both', async () => {
    let deadlocks = 0;
    for (let customer = 0; customer < 8; customer += 1) {
      const ids = await casesOfOneCustomer(4);
      const closed = ids.slice(0, 2);
      for (const id of closed) await book.steps.closeCase({ renewalId: id, stamp: '', ending: lost });
      const mistaken = await apply(book, ids[2]!, { result: 'refused-contact' });
      const late = closed.map((id) => () => receive(book, id, { result: 'refused-contact' }));
      const row = await receive(book, ids[3]!, { result: 'refused-contact' });
      const open = () => book.db.transaction((tx) => applyResult(tx, row, shanghai));
      deadlocks += await deadlocksOf([...late, open, () => strike(book, mistaken)]);
    }
    expect(deadlocks).toBe(0);
  });
});

test('a call-back that finds another reason and a correction of the books wait for each other', async () => {
  let deadlocks = 0;
  for (let turn = 0; turn < 12; turn += 1) {
    const [id] = (await casesOfOneCustomer(1)) as [string];
    const row = await apply(book, id, { result: 'declined', lossReason: 'price' });
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...lost, resultId: row.id } });
    const checkId = uuidv7();
    const at = new Date('2027-03-01T01:00:00Z');
    const drawn = { month: '2027-03', seed: 'x', branchId: 'B01', agentId: 'A1', lossReason: 'price', state: 'open' };
    await book.db.insert(lossChecks).values({ id: checkId, renewalId: id, ...drawn, dueAt: at, drawnAt: at });
    const finding = { checkId, by: 'S1', note: 'asked', confirmed: false, actualReason: 'moved-away' } as const;
    deadlocks += await deadlocksOf([
      () => book.db.transaction((tx) => recordFinding(tx, finding)),
      () => strike(book, row, { replacement: { result: 'renewed', newPolicyNumber: `N-${turn}` } }),
    ]);
    expect(await book.renewal(id)).toMatchObject({ outcome: 'renewed', lossReason: null });
    const [check] = await book.db.select().from(lossChecks).where(eq(lossChecks.id, checkId));
    expect(check?.state).not.toBe('open');
  }
  expect(deadlocks).toBe(0);
});

test('a task is completed while the stage of its case turns', async () => {
  const deps: CaseDeps = { db: book.db, calendar: shanghai, temporal: silentTemporal };
  let deadlocks = 0;
  for (let turn = 0; turn < 6; turn += 1) {
    const ids = await casesOfOneCustomer(4);
    const open = (await Promise.all(ids.map((id) => book.tasks(id)))).flat().filter(({ state }) => state === 'open');
    await book.setTime(30);
    const done = open.map(
      (task) => () => completeTask(deps, { taskId: task.id, id: uuidv7(), completedBy: 'A1', completion: {} }),
    );
    deadlocks += await deadlocksOf([
      ...ids.map((id) => () => book.turn(id, 'calendar', { from: 'follow-up' })),
      ...done,
    ]);
  }
  expect(deadlocks).toBe(0);
});
