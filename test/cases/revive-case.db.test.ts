import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { reviveCase } from '../../src/cases/revive-case.ts';
import { startCase } from '../../src/cases/start-case.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { policies } from '../../src/db/schema/policies.ts';
import type { Outcome } from '../../src/renewal/loss.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply, strike } from '../support/given-results.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

/** A Temporal in which every case has completed. */
function completedWith(outcome: Outcome): CaseDeps {
  const handle = { describe: async () => ({ status: { name: 'COMPLETED' } }), result: async () => outcome };
  const client = { workflow: { getHandle: () => handle } };
  const temporal = { client, close: async () => {} } as unknown as CaseDeps['temporal'];
  return { db: book.db, calendar: shanghai, temporal };
}

test('a case whose workflow completed unseen closes like any other: nobody has a task and no message goes out', async () => {
  const id = await book.openCase();
  await book.setTime(45);
  await book.turn(id, 'entered');
  const [policy] = await book.db.select().from(policies);
  await book.db.insert(messages).values({
    id: uuidv7(),
    renewalId: id,
    touch: 't-30',
    channel: 'sms',
    customerId: policy!.customerId,
    template: 't-30',
    state: 'planned',
    dueAt: new Date(),
    latestAt: new Date(),
  });
  expect((await book.tasks(id)).map(({ state }) => state)).toContain('open');
  expect((await book.messages(id)).map(({ state }) => state)).toContain('planned');
  const outcome: Outcome = { kind: 'lost', reason: 'price', renewable: true };
  expect(await reviveCase(completedWith(outcome), id)).toBe(true);
  expect(await book.renewal(id)).toMatchObject({ outcome: 'lost', lossReason: 'price' });
  expect((await book.tasks(id)).map(({ state }) => state)).not.toContain('open');
  expect((await book.messages(id)).map(({ state }) => state)).not.toContain('planned');
});

describe('a case that a correction opened again', () => {
  async function reopened(): Promise<string> {
    const id = await book.openCase();
    await book.setTime(20);
    await book.turn(id, 'entered');
    const row = await apply(book, id, { result: 'not-renewable', evidence: 'sold' });
    const outcome = { kind: 'lost', reason: 'sold-or-scrapped', renewable: false } as const;
    await book.steps.closeCase({ renewalId: id, stamp: '', ending: { outcome, cause: 'test', resultId: row.id } });
    await strike(book, row);
    return id;
  }

  /** A Temporal whose last run of every case began an hour ago, or now; answers what it was asked to do. */
  function runningSince(startTime: Date, name: 'RUNNING' | 'COMPLETED') {
    const asked: string[] = [];
    const handle = {
      describe: async () => ({ status: { name }, startTime, runId: 'former' }),
      terminate: async () => void asked.push('terminate'),
    };
    const getHandle = (_: string, runId?: string) => (runId === undefined ? { ...handle, terminate: fail } : handle);
    const start = async (_: string, options: { workflowIdReusePolicy: string }) =>
      void asked.push(`start ${options.workflowIdReusePolicy}`);
    const temporal = { client: { workflow: { getHandle, start } } } as unknown as CaseDeps['temporal'];
    return { asked, deps: { db: book.db, calendar: shanghai, temporal } satisfies CaseDeps };
  }
  const fail = () => Promise.reject(new Error('a run must be named'));
  const hourAgo = (): Date => new Date(Date.now() - 3_600_000);

  test('starts a new run beside the one that completed; the row is not closed by that one’s outcome', async () => {
    const id = await reopened();
    const { asked, deps } = runningSince(hourAgo(), 'COMPLETED');
    expect(await reviveCase(deps, id)).toBe(true);
    expect(asked).toEqual(['start ALLOW_DUPLICATE']);
    expect(await book.renewal(id)).toMatchObject({ outcome: null });
    expect((await book.renewal(id)).workflowStartedAt).not.toBeNull();
  });

  test('ends the former run first where that still waits to confirm a renewal', async () => {
    const id = await reopened();
    const { asked, deps } = runningSince(hourAgo(), 'RUNNING');
    await startCase(deps, id);
    expect(asked).toEqual(['terminate', 'start ALLOW_DUPLICATE']);
  });

  test('leaves the new run alone that somebody else started in the same moment', async () => {
    const id = await reopened();
    const { asked, deps } = runningSince(new Date(Date.now() + 1_000), 'RUNNING');
    await startCase(deps, id);
    expect(asked).toEqual(['start ALLOW_DUPLICATE']);
  });

  test('is a case like any other once its new run has started', async () => {
    const id = await reopened();
    const { asked, deps } = runningSince(hourAgo(), 'RUNNING');
    await startCase(deps, id);
    asked.length = 0;
    expect(await reviveCase(deps, id)).toBe(false);
    expect(asked).toEqual([]);
  });
});
