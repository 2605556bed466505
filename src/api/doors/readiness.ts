import { sql } from 'drizzle-orm';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TemporalConnection } from '../../cases/connect.ts';
import { renewalQueue } from '../../cases/task-queues.ts';
import type { Db } from '../../db/connection.ts';

export type PartState = 'up' | 'missing';
export type Readiness = { postgresql: PartState; temporal: PartState; workers: PartState };

const patienceMs = 2_000;
const pollerSeenWithinMs = 150_000;
const workflowTasks = 1;

/** Whether PostgreSQL and Temporal answer and a worker polls for cases. */
export async function readReadiness(parts: { db: Db; temporal: TemporalConnection }): Promise<Readiness> {
  const [postgresql, temporal, workers] = await Promise.all([
    holds(async () => Boolean(await parts.db.execute(sql`select 1`))),
    holds(async () => Boolean(await parts.temporal.client.workflowService.getSystemInfo({}))),
    holds(() => someWorkerPolls(parts.temporal)),
  ]);
  return { postgresql, temporal, workers };
}

async function holds(check: () => Promise<boolean>): Promise<PartState> {
  const inTime = await Promise.race([check().catch(() => false), sleep(patienceMs, false, { ref: false })]);
  return inTime ? 'up' : 'missing';
}

async function someWorkerPolls({ client }: TemporalConnection): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: renewalQueue },
    taskQueueType: workflowTasks,
  });
  const since = Date.now() - pollerSeenWithinMs;
  return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > since);
}
