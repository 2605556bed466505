import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeTask } from '../../src/cases/complete-task.ts';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { recordResult } from '../../src/cases/record-result.ts';
import type { Ending } from '../../src/renewal/case-state.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

/** What a case answers to an Update, in the place of its workflow. */
function toldTo(executeUpdate: () => Promise<void>): CaseDeps {
  const client = {
    withDeadline: (_: number, ask: () => Promise<void>) => ask(),
    workflow: { getHandle: () => ({ executeUpdate }) },
  };
  return { db: book.db, calendar: shanghai, temporal: { client } as unknown as CaseDeps['temporal'] };
}

async function inWrapUp(): Promise<string> {
  const id = await book.openCase();
  await book.setTime(5);
  await book.turn(id, 'entered');
  return id;
}

const close = (id: string, ending: Ending) => book.steps.closeCase({ renewalId: id, stamp: '', ending });
const renewed: Ending = { outcome: { kind: 'renewed', early: false }, cause: 'result:renewed' };
const notRenewable: Ending = {
  outcome: { kind: 'lost', reason: 'sold-or-scrapped', renewable: false },
  cause: 'result:not-renewable',
};
const lastOffer = async (id: string) => (await book.tasks(id)).find(({ kind }) => kind === 'last-offer')!;

describe('a result that loses against another one', () => {
  const closed = ApplicationFailure.nonRetryable('The case has closed.', 'case-closed');
  const refusing = (then: () => void) =>
    toldTo(async () => {
      then();
      throw new WorkflowUpdateFailedError('refused', closed);
    });

  test('a moment before the close is in the books is answered as late, with the outcome', async () => {
    const id = await inWrapUp();
    let closing: Promise<unknown> | undefined;
    const deps = refusing(() => {
      closing = new Promise((resolve) => setTimeout(resolve, 300)).then(() => close(id, renewed));
    });
    const answer = await recordResult(deps, {
      id: uuidv7(),
      renewalId: id,
      recordedBy: 'A1',
      result: 'not-renewable',
    });
    await closing;
    expect(answer).toMatchObject({ kind: 'late', outcome: { kind: 'renewed' } });
  });

  test('whose close is never written may be sent again', async () => {
    const id = await inWrapUp();
    const answer = await recordResult(
      refusing(() => {}),
      { id: uuidv7(), renewalId: id, recordedBy: 'A1', result: 'renewed' },
    );
    expect(answer).toMatchObject({ kind: 'unavailable' });
  });
});

describe('a task completed with a result that takes it away', () => {
  test.each([
    ['renewed', renewed],
    ['not-renewable', notRenewable],
    ['refused-contact', undefined],
  ] as const)('%s is completed, and answers the same the second time', async (result, ending) => {
    const id = await inWrapUp();
    const deps = toldTo(async () => void (ending && (await close(id, ending))));
    const task = await lastOffer(id);
    const done = { taskId: task.id, completion: { result }, completedBy: 'A1', id: uuidv7() };
    const first = await completeTask(deps, done);
    expect(first).toMatchObject({ kind: 'completed', task: { state: 'completed', completion: { result } } });
    expect(await completeTask(deps, done)).toEqual(first);
  });

  test('is completed by the second try when the first one stopped in between', async () => {
    const id = await inWrapUp();
    const deps = toldTo(async () => void (await close(id, renewed)));
    const task = await lastOffer(id);
    const done = { taskId: task.id, completion: { result: 'renewed' as const }, completedBy: 'A1', id: uuidv7() };
    await recordResult(deps, { id: done.id, renewalId: id, recordedBy: 'A1', result: 'renewed' });
    expect(await completeTask(deps, done)).toMatchObject({ kind: 'completed' });
  });

  test('stays dropped for somebody else’s result', async () => {
    const id = await inWrapUp();
    const task = await lastOffer(id);
    await close(id, renewed);
    const done = { taskId: task.id, completion: { result: 'quoted' as const }, completedBy: 'A1', id: uuidv7() };
    expect(
      await completeTask(
        toldTo(async () => {}),
        done,
      ),
    ).toEqual({ kind: 'dropped', reason: 'case-closed:renewed' });
  });
});
