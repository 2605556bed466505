import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker, type WorkerOptions } from '@temporalio/worker';
import { createCaseActivities } from '../../activities/case.ts';
import { createConcessionActivities } from '../../activities/concession.ts';
import { createHandoverActivities } from '../../activities/handover.ts';
import { createIntakeActivities } from '../../activities/intake.ts';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { connectTemporal as connectClient, type CaseDeps } from '../../src/cases/connect.ts';
import { collectOrphans } from '../../src/cases/departures.ts';
import { wakeCase } from '../../src/cases/wake-case.ts';
import { startCase } from '../../src/cases/start-case.ts';
import { batchQueue, renewalQueue } from '../../src/cases/task-queues.ts';
import type { Db } from '../../src/db/connection.ts';
import { takeWorkerTurn } from '../support/one-worker-at-a-time.ts';
import { connectTemporal } from '../support/temporal-server.ts';

/** A worker for the cases and the batches of one database; customers are not written to. */
export async function runWorker(db: Db, address: string): Promise<{ stop: () => Promise<void> }> {
  const turn = await takeWorkerTurn();
  const { nativeConnection: connection, close } = await connectTemporal();
  const temporal = connectClient({ temporal: { address, namespace: 'default', uiUrl: '', tls: false } });
  const deps: CaseDeps = { db, temporal, calendar: businessCalendar('Asia/Shanghai') };
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath });
  const start = (renewalId: string): Promise<void> => startCase(deps, renewalId);
  const collect = (today: string): Promise<void> => collectOrphans(deps, today);
  const batch = {
    ...createIntakeActivities({ ...deps, startCase: start, collectOrphans: collect }),
    ...createHandoverActivities({ ...deps, notifyCase: wakeCase.bind(undefined, deps) }),
    ...createConcessionActivities(deps),
  };
  const queues: Pick<WorkerOptions, 'taskQueue' | 'activities'>[] = [
    { taskQueue: renewalQueue, activities: createCaseActivities(deps) },
    { taskQueue: batchQueue, activities: batch },
  ];
  const workers = await Promise.all(queues.map((queue) => Worker.create({ connection, workflowBundle, ...queue })));
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await temporal.close();
      await close();
      await turn.release();
    },
  };
}
