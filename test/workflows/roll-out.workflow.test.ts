import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RolloutActivities, RolloutProgress } from '../../activities/rollout.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { rolloutSteered } from '../../workflows/replan-messages.ts';
import type { replan } from '../../workflows/replan.ts';
import { keepQuiet, workflowsPath } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

type Known = Exclude<RolloutProgress, { state: 'unknown' }>;

/** What the books know of a roll-out; each stretch comes to ten cases. */
type Books = Known & { stretches: number; during?: () => Promise<void>; after?: () => Promise<void> };

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
const known = new Map<string, Books>();

const activities: RolloutActivities = {
  async followPlan({ rolloutId }) {
    const books = known.get(rolloutId);
    if (!books) return { state: 'unknown' };
    books.stretches += 1;
    await books.during?.();
    if (books.state === 'running') {
      books.looked = Math.min(books.total, books.looked + 10);
      if (books.looked === books.total) books.state = 'completed';
    }
    const { state, planVersion, total, looked, followed, nudged } = books;
    await books.after?.();
    return { state, planVersion, total, looked, followed, nudged };
  },
};

beforeAll(async () => {
  keepQuiet();
  env = await createTimeSkippingEnvironment();
  worker = await Worker.create({ connection: env.nativeConnection, taskQueue: 'batch', workflowsPath, activities });
  running = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});

async function rollOut(name: string, facts: Partial<Books> = {}) {
  const counts = { total: 30, looked: 0, followed: 0, nudged: 0 };
  const books: Books = { state: 'running', planVersion: 2, ...counts, stretches: 0, ...facts };
  known.set(name, books);
  const handle = await start(name);
  const resume = async (): Promise<void> => {
    books.state = 'running';
    await handle.signal(rolloutSteered);
  };
  return { books, handle, resume };
}

function start(rolloutId: string) {
  return env.client.workflow.start<typeof replan>('replan', {
    taskQueue: 'batch',
    workflowId: `replan.${rolloutId}`,
    args: [{ rolloutId }],
  });
}

describe('A roll-out', () => {
  test('goes on stretch by stretch until every case follows', async () => {
    const { books, handle } = await rollOut('whole');
    expect(await handle.result()).toMatchObject({ state: 'completed', looked: 30 });
    expect(books.stretches).toBe(3);
  });

  test('that is paused stands still, however long, and goes on where it stood when somebody resumes it', async () => {
    const { books, handle, resume } = await rollOut('paused', { looked: 10, state: 'paused' });
    await env.sleep(3 * dayMs);
    expect(books.looked).toBe(10);
    await resume();
    expect(await handle.result()).toMatchObject({ state: 'completed', looked: 30 });
  });

  test('does not miss that somebody resumes it while it is about to stand still', async () => {
    const { books, handle } = await rollOut('quickly', { state: 'paused' });
    books.after = async () => {
      delete books.after;
      books.state = 'running';
      await handle.signal(rolloutSteered);
    };
    await handle.result();
    const { startTime, closeTime } = await handle.describe();
    expect(closeTime!.getTime() - startTime.getTime()).toBeLessThan(dayMs);
  });

  test('ends when a newer plan took its place, and leaves the rest to that one', async () => {
    const { books, handle } = await rollOut('replaced');
    books.during = async () => {
      if (books.stretches === 2) books.state = 'superseded';
    };
    expect(await handle.result()).toMatchObject({ state: 'superseded', looked: 10 });
    expect(books.stretches).toBe(2);
  });

  test('that is paused ends as well when a newer plan took its place, without a word from anybody', async () => {
    const { books, handle } = await rollOut('paused-and-replaced', { state: 'paused' });
    await env.sleep('1 hour');
    books.state = 'superseded';
    expect(await handle.result()).toMatchObject({ state: 'superseded' });
  });

  test('that the books do not know ends at once', async () => {
    const handle = await start('nobody');
    expect(await handle.result()).toEqual({ state: 'unknown' });
  });
});
