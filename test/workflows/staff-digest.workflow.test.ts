import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, Worker, type BundleOptions } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StaffMessageActivities, StaffSendActivities } from '../../activities/staff-messages.ts';
import { minuteMs } from '../../src/renewal/calendar.ts';
import type { StaffMessageKind } from '../../src/renewal/staff-message.ts';
import type { staffDigest } from '../../workflows/staff-digest.ts';
import { keepQuiet, quiet, workflowsPath } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';
import { shortHistories } from './short-histories.ts';

type Row = { id: string; channel: 'sms' | 'email'; dueAt: number; state: 'planned' | 'settled' };

let env: TestWorkflowEnvironment;
let books: Map<string, Row>;
/** Who is planned in which page. */
let pages: Row[][];
let attempts: string[];
let asked: { after: string; scheduledAt: number }[];
let killed: Set<string>;

const activities: StaffMessageActivities & StaffSendActivities = {
  planStaffMessages: async ({ after, scheduledAt }) => {
    asked.push({ after, scheduledAt });
    const turn = after === '' ? 0 : Number(after);
    for (const row of pages[turn] ?? []) if (!books.has(row.id)) books.set(row.id, row);
    const isLast = turn + 1 >= pages.length;
    return { kind: 'planned', day: '2026-11-30', planned: 1, after: isLast ? null : String(turn + 1) };
  },
  readDueStaffMessages: async () => {
    const now = await env.currentTimeMs();
    const planned = [...books.values()].filter(({ state }) => state === 'planned');
    const due = planned.filter(({ dueAt }) => dueAt <= now).map(({ id, channel }) => ({ messageId: id, channel }));
    const later = planned.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt > now);
    return { due: due.slice(0, 2), ...(later.length === 0 ? {} : { nextAt: Math.min(...later) }) };
  },
  sendStaffSms: (question) => send(question),
  sendStaffEmail: (question) => send(question),
};

/** The books' claim: whoever comes second sends nothing. */
async function send({ messageId }: { messageId: string }): Promise<void> {
  const row = books.get(messageId)!;
  if (row.state === 'settled') return;
  row.state = 'settled';
  attempts.push(messageId);
  if (killed.delete(messageId)) throw new Error('killed after the attempt');
}

async function startWorker(options: Partial<BundleOptions>): Promise<() => Promise<void>> {
  const { nativeConnection: connection } = env;
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: quiet, ...options });
  const workers = await Promise.all([
    Worker.create({ connection, taskQueue: 'batch', workflowBundle, activities }),
    ...['sms', 'email'].map((taskQueue) => Worker.create({ connection, taskQueue, activities })),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return async () => {
    for (const worker of workers) worker.shutdown();
    await running;
  };
}

beforeAll(async () => {
  keepQuiet();
  env = await createTimeSkippingEnvironment();
});
afterAll(() => env.teardown());
beforeEach(async () => {
  books = new Map();
  attempts = [];
  asked = [];
  killed = new Set();
});

const row = (id: string, channel: Row['channel'], dueAt: number): Row => ({ id, channel, dueAt, state: 'planned' });
let turn = 0;
async function live(kind: StaffMessageKind, options: Partial<BundleOptions> = {}) {
  const stop = await startWorker(options);
  const started = {
    taskQueue: 'batch',
    workflowId: `staff.${(turn += 1)}`,
    args: [{ kind }] as [{ kind: typeof kind }],
  };
  try {
    const handle = await env.client.workflow.start<typeof staffDigest>('staffDigest', started);
    const done = await handle.result();
    const { runId, startTime, closeTime } = await env.client.workflow.getHandle(handle.workflowId).describe();
    const lastedMs = (closeTime?.getTime() ?? Infinity) - startTime.getTime();
    return { done, lastedMs, runs: runId === handle.firstExecutionRunId ? 1 : 2 };
  } finally {
    await stop();
  }
}

describe.each([
  ['in one run', {}, 1],
  ['whose history grows long, in several runs', shortHistories, 2],
])('A morning %s', (_how, options, runs) => {
  test('is planned page by page, and every message of it is tried once, an SMS when it may go', async () => {
    const now = await env.currentTimeMs();
    pages = [
      [row('M1', 'email', now), row('M2', 'email', now), row('M3', 'email', now)],
      [row('M4', 'email', now), row('M5', 'sms', now + 90 * minuteMs)],
      [row('M6', 'email', now + 10 * minuteMs)],
    ];
    killed = new Set(['M2', 'M5']);
    const lived = await live('morning-digest', options);
    expect(lived.runs).toBe(runs);
    expect(lived.done).toMatchObject({ kind: 'planned', day: '2026-11-30' });
    expect(attempts.toSorted()).toEqual(['M1', 'M2', 'M3', 'M4', 'M5', 'M6']);
    expect(attempts.at(-1)).toBe('M5');
    expect(new Set(asked.map(({ scheduledAt }) => scheduledAt)).size).toBe(1);
  });
});

describe('A look at hand-overs', () => {
  test('does not wait for what is put off: the next one comes in minutes', async () => {
    const now = await env.currentTimeMs();
    pages = [[row('M1', 'email', now), row('M2', 'email', now + 10 * minuteMs)]];
    const { lastedMs } = await live('hand-over');
    expect(attempts).toEqual(['M1']);
    expect(lastedMs).toBeLessThan(9 * minuteMs);
  });
});
