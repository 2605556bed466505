import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HandoverActivities } from '../../activities/handover.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { afterNoAcceptance, afterSilence, type ReceivingChannel } from '../../src/renewal/orphan.ts';
import { handoverChanged } from '../../workflows/handover-messages.ts';
import type { handover } from '../../workflows/handover.ts';
import { keepQuiet, workflowsPath } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

/** What the books know of a hand-over whose cases all go the same way; everybody has two days. */
type Books = {
  cases: number;
  state: 'undecided' | 'offered' | 'assigned' | 'handed-off';
  channel: ReceivingChannel | undefined;
  dueAt: number;
  asked: number;
  /** How much slower the books' clock is than the timers'. */
  behind: number;
  story: string[];
  /** When the cases heard of something last. */
  toldAt: number;
};

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
const known = new Map<string, Books>();

const activities: HandoverActivities = {
  async notifyCases({ handoverId }) {
    const books = known.get(handoverId)!;
    const { state, cases, dueAt, story } = books;
    if (story.at(-1) !== `told: ${state}`) story.push(`told: ${state}`);
    books.toldAt = await env.currentTimeMs();
    const [undecided, offered] = [state === 'undecided' ? cases : 0, state === 'offered' ? cases : 0];
    const isWaiting = undecided + offered > 0;
    return { total: cases, undecided, offered, unnotified: 0, ...(isWaiting ? { nextDeadlineAt: dueAt } : {}) };
  },
  async actOnSilence({ handoverId }) {
    const books = known.get(handoverId)!;
    books.asked += 1;
    const now = (await env.currentTimeMs()) - books.behind;
    if (now < books.dueAt) return;
    const step = books.state === 'undecided' ? afterSilence() : afterNoAcceptance(books.channel ?? 'call-centre');
    books.dueAt = now + 2 * dayMs;
    if (step.kind === 'offer') Object.assign(books, { state: 'offered', channel: step.channel });
    if (step.kind === 'hand-off') Object.assign(books, { state: 'handed-off', channel: step.channel });
    if (step.kind === 'back') Object.assign(books, { state: 'undecided', channel: undefined });
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

async function leave(handoverId: string) {
  const openedAt = await env.currentTimeMs();
  const dueAt = openedAt + 2 * dayMs;
  const books: Books = {
    cases: 80,
    state: 'undecided',
    channel: undefined,
    dueAt,
    asked: 0,
    behind: 0,
    story: [],
    toldAt: 0,
  };
  known.set(handoverId, books);
  const handle = await env.client.workflow.start<typeof handover>('handover', {
    taskQueue: 'batch',
    workflowId: `handover.${handoverId}`,
    args: [{ handoverId }],
  });
  const decide = async (decided: Partial<Books>): Promise<void> => {
    Object.assign(books, decided);
    await handle.signal(handoverChanged);
  };
  const daysTaken = (): number => Math.round((books.toldAt - openedAt) / dayMs);
  return { books, handle, decide, daysTaken };
}

describe('A hand-over', () => {
  test('that nobody answers is offered to the call centre at its deadline, and is the call centre’s at the next', async () => {
    const { books, handle, daysTaken } = await leave('silent');
    await handle.result();
    expect(books.story).toEqual(['told: undecided', 'told: offered', 'told: handed-off']);
    expect(books.channel).toBe('call-centre');
    expect(books.asked).toBe(2);
    expect(daysTaken()).toBe(4);
  });

  test('is over as soon as everything is decided, long before its deadline', async () => {
    const { books, handle, decide, daysTaken } = await leave('decided');
    await env.sleep(dayMs / 4);
    await decide({ state: 'assigned' });
    await handle.result();
    expect(books.story).toEqual(['told: undecided', 'told: assigned']);
    expect(books.asked).toBe(0);
    expect(daysTaken()).toBe(0);
  });

  test('that was offered comes back when the channel stays silent, and the supervisor has two days again', async () => {
    const { books, handle, decide, daysTaken } = await leave('offered');
    await env.sleep(dayMs);
    await decide({ state: 'offered', channel: 'cross-sales', dueAt: books.dueAt + dayMs });
    await env.sleep(2.5 * dayMs);
    expect(books.state).toBe('undecided');
    await decide({ state: 'assigned' });
    await handle.result();
    expect(books.story).toEqual(['told: undecided', 'told: offered', 'told: undecided', 'told: assigned']);
    expect(daysTaken()).toBeLessThan(5);
  });

  test('asks calmly when the clock of the books is slower than its timer', async () => {
    const { books, handle, decide } = await leave('slow');
    books.behind = 3_600_000;
    await env.sleep(2 * dayMs + 3_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(books.asked).toBeGreaterThan(0);
    expect(books.asked).toBeLessThan(25);
    await decide({ state: 'assigned' });
    await handle.result();
  });
});
