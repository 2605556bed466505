import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyResult } from '../../src/db/results/apply-result.ts';
import { receiveResult } from '../../src/db/results/result-records.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { addPerson } from '../support/given-work.ts';

let book: Book;
let fleet = 0;

beforeAll(async () => {
  book = await openBook();
  await addPerson(book.db, { id: 'M1', role: 'channel-manager' });
});
beforeEach(() => {
  fleet += 1;
});
afterAll(() => book.close());

/** A case of this test's fleet in follow-up. */
async function vehicle(facts: { expiresOn?: string } = {}): Promise<string> {
  const id = await book.openCase({ fleetNumber: `F${fleet}`, ...facts });
  await book.turn(id, 'entered');
  return id;
}

const openKinds = async (id: string) =>
  (await book.tasks(id)).filter(({ state }) => state === 'open').map(({ kind }) => kind);

async function quoted(renewalId: string): Promise<void> {
  const row = { id: uuidv7(), renewalId, kind: 'contact', result: 'quoted', recordedBy: 'A1' } as const;
  const received = await book.db.transaction((tx) => receiveResult(tx, row, shanghai));
  await book.db.transaction((tx) => applyResult(tx, received, shanghai));
}

const lost = { cause: 'second-round', outcome: { kind: 'lost', reason: 'price', renewable: true } } as const;
const close = (renewalId: string) => book.steps.closeCase({ renewalId, stamp: '', ending: lost });

describe('A fleet', () => {
  test('is contacted once: the first vehicle’s case has the task', async () => {
    await book.setTime(45);
    const [first, second] = [await vehicle(), await vehicle()];
    expect(await openKinds(first)).toEqual(['first-contact']);
    expect(await openKinds(second)).toEqual([]);
    const [task] = await book.tasks(first);
    expect(task?.fleetId).toBe((await book.renewal(second)).fleetId);
  });

  test('hands the task to the next vehicle when the first one’s case closes, and says so', async () => {
    await book.setTime(45);
    const [first, second] = [await vehicle(), await vehicle()];
    await close(first);
    expect(await openKinds(second)).toEqual(['first-contact']);
    const entries = await book.db.select().from(journal).where(eq(journal.chain, second)).orderBy(journal.sequence);
    expect(entries.map(({ event }) => event)).toContain('task-passed-on:first-contact');
  });

  test('drops the task with the last case', async () => {
    await book.setTime(45);
    const only = await vehicle();
    await close(only);
    expect((await book.tasks(only)).map(({ droppedReason }) => droppedReason)).toEqual(['case-closed:lost']);
  });

  test('that was reached through one vehicle is not escalated through another', async () => {
    await book.setTime(45);
    const [first, second] = [await vehicle(), await vehicle()];
    await quoted(second);
    expect(await openKinds(first)).toEqual([]);
    await book.setTime(30);
    await book.turn(first, 'calendar', { from: 'follow-up' });
    expect((await book.renewal(first)).escalated).toBe(false);
  });

  test('checks and calls each vehicle by itself', async () => {
    await book.setTime(60);
    const [first, second] = [await vehicle(), await vehicle()];
    expect((await openKinds(first)).toSorted()).toEqual(['accept-entry', 'file-check', 'indicative-quote']);
    expect((await openKinds(second)).toSorted()).toEqual(['accept-entry', 'file-check']);
  });
});

test('the manager in charge joins every task of a key customer, whom the specialist visits', async () => {
  await book.setTime(30);
  const id = await book.openCase({ premium: '50000.00' });
  await book.turn(id, 'entered');
  const rows = await book.db.select().from(tasks).where(eq(tasks.renewalId, id));
  expect(rows.map(({ kind, managerId, value }) => `${kind} ${managerId} ${value}`).toSorted()).toEqual([
    'firm-quote M1 50000.00',
    'key-client-visit M1 50000.00',
    'phone-attempt M1 50000.00',
  ]);
});
