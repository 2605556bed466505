import { Worker } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConcessionActivities } from '../../activities/concession.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { levelAbove, type ConcessionLevel } from '../../src/renewal/concession.ts';
import { concessionChanged } from '../../workflows/concession-messages.ts';
import type { concession } from '../../workflows/concession.ts';
import { keepQuiet, workflowsPath } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

/** What the books know of one concession; its levels have a day each. */
type Books = {
  level: ConcessionLevel;
  state: string;
  dueAt: number;
  asked: number;
  behind: number;
  endedAt: number;
  story: string[];
};

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
const known = new Map<string, Books>();

const activities: ConcessionActivities = {
  async actOnDeadline({ concessionId }) {
    const books = known.get(concessionId)!;
    books.asked += 1;
    const now = (await env.currentTimeMs()) - books.behind;
    if (books.state === 'pending' && now >= books.dueAt) passOn(books, now);
    if (books.state !== 'pending') books.endedAt = now;
    return books.state === 'pending'
      ? { kind: 'waiting', level: books.level, until: books.dueAt }
      : { kind: 'settled', state: books.state };
  },
};

function passOn(books: Books, now: number): void {
  const above = levelAbove(books.level);
  books.story.push(`silence of the ${books.level}`);
  if (above === undefined) books.state = 'lapsed';
  else Object.assign(books, { level: above, dueAt: now + dayMs });
}

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

async function ask(concessionId: string, level: ConcessionLevel) {
  const dueAt = (await env.currentTimeMs()) + dayMs;
  const books: Books = { level, state: 'pending', dueAt, asked: 0, behind: 0, endedAt: 0, story: [] };
  known.set(concessionId, books);
  const handle = await env.client.workflow.start<typeof concession>('concession', {
    taskQueue: 'batch',
    workflowId: `concession.${concessionId}`,
    args: [{ concessionId }],
  });
  return { books, handle };
}

describe('A concession that waits for its decision', () => {
  test('goes up level by level while everybody is silent, and lapses at the top', async () => {
    const { books, handle } = await ask('silent', 'specialist');

    expect(await handle.result()).toBe('lapsed');
    expect(books.story).toEqual([
      'silence of the specialist',
      'silence of the channel-manager',
      'silence of the general-manager',
    ]);
    expect(books.asked).toBe(4);
  });

  test('is over as soon as somebody decides, long before its deadline', async () => {
    const { books, handle } = await ask('decided', 'channel-manager');
    await env.sleep(dayMs / 4);
    books.state = 'approved';
    await handle.signal(concessionChanged);

    expect(await handle.result()).toBe('approved');
    expect(books.endedAt).toBeLessThan(books.dueAt);
  });

  test('that is told of what is not in the books yet keeps waiting', async () => {
    const { books, handle } = await ask('told', 'general-manager');
    await handle.signal(concessionChanged);

    expect(await handle.result()).toBe('lapsed');
    expect(books.story).toEqual(['silence of the general-manager']);
  });

  test('does not ask hotly when the books’ clock is slow', async () => {
    const { books, handle } = await ask('slow', 'general-manager');
    books.behind = 5_000;

    expect(await handle.result()).toBe('lapsed');
    expect(books.asked).toBeLessThan(40);
  });
});
