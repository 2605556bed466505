import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { createSendActivities } from '../../activities/send.ts';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { renewalQueue, smsQueue } from '../../src/cases/task-queues.ts';
import type { Db } from '../../src/db/connection.ts';
import type { EmailPort, SmsMessage, SmsPort } from '../../src/messaging/provider-answer.ts';
import { takeWorkerTurn } from '../support/one-worker-at-a-time.ts';
import { connectTemporal } from '../support/temporal-server.ts';

/** A worker that sends SMS to a provider that takes everything; `sent` is what it took. */
export async function runSendingWorker(db: Db): Promise<{ sent: SmsMessage[]; stop: () => Promise<void> }> {
  const turn = await takeWorkerTurn();
  const { nativeConnection: connection, close } = await connectTemporal();
  const sent: SmsMessage[] = [];
  const sms: SmsPort = {
    name: 'twilio',
    send: async (message) => {
      sent.push(message);
      return { kind: 'http-answer', status: 201, id: `SM${sent.length}` };
    },
  };
  const email: EmailPort = { name: 'smtp', send: async () => ({ kind: 'no-answer', code: 'EUNUSED' }) };
  const calendar = businessCalendar('Asia/Shanghai');
  const { sendSms } = createSendActivities({ db, calendar, sms: [sms], email, reportMisconfigured: () => {} });
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath });
  const workers = await Promise.all([
    Worker.create({ connection, workflowBundle, taskQueue: renewalQueue }),
    Worker.create({ connection, taskQueue: smsQueue, activities: { sendSms } }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    sent,
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await close();
      await turn.release();
    },
  };
}
