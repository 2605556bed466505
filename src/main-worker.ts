import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type PatchActivationInput,
  type WorkerOptions,
} from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { beating } from '../activities/beating.ts';
import { createCaseActivities } from '../activities/case.ts';
import { createConcessionActivities } from '../activities/concession.ts';
import { createHandoverActivities } from '../activities/handover.ts';
import { failingInCodes } from '../activities/in-codes.ts';
import { createIntakeActivities } from '../activities/intake.ts';
import { createLossReviewActivities } from '../activities/loss-review.ts';
import { createRolloutActivities } from '../activities/rollout.ts';
import { createSendActivities } from '../activities/send.ts';
import { createSettleActivities } from '../activities/settle.ts';
import { createStaffMessageActivities, createStaffSendActivities } from '../activities/staff-messages.ts';
import { createStrayActivities } from '../activities/strays.ts';
import { createSweepActivities } from '../activities/sweep.ts';
import { businessCalendar } from './calendar/business-calendar.ts';
import { followCalendarSetting } from './calendar/follow-setting.ts';
import { openWorkingDays, unknownYear } from './calendar/working-days.ts';
import { tellConcession } from './cases/concessions.ts';
import { connectTemporal, type CaseDeps } from './cases/connect.ts';
import { collectOrphans, tellHandover } from './cases/departures.ts';
import { tellHold } from './cases/hold-case.ts';
import { settleResult } from './cases/record-result.ts';
import { resendMessage } from './cases/resend-message.ts';
import { reviveCase } from './cases/revive-case.ts';
import { startRollout } from './cases/rollouts.ts';
import { keepSchedules } from './cases/schedules.ts';
import { startCase } from './cases/start-case.ts';
import { wakeCase } from './cases/wake-case.ts';
import { batchQueue, emailQueue, renewalQueue, smsQueue } from './cases/task-queues.ts';
import { readConfig, type Config } from './config/config.ts';
import { readSecrets } from './config/secrets.ts';
import { connectDatabase } from './db/connection.ts';
import { publishDefaultPlan } from './db/cases/plan-records.ts';
import { readSetting } from './db/settings-records.ts';
import { mailsAtOnce, smtpEmail, type SmtpSettings } from './messaging/email-smtp.ts';
import type { SmsPort } from './messaging/provider-answer.ts';
import { twilioSms } from './messaging/sms-twilio.ts';
import { staffLists } from './reporting/staff-lists.ts';

const config = readConfig(process.env);
const secrets = readSecrets(process.env);
const log = pino({ level: config.logLevel, name: 'worker' });

installRuntime(config);
const database = connectDatabase(secrets.databaseUrl, { connections: 30 });
const temporal = connectTemporal({ ...config, ...secrets });
const workingDays = openWorkingDays((year) => log.warn({ year }, unknownYear));
const stopFollowing = await followCalendarSetting(workingDays, {
  readDays: async () => (await readSetting(database.db, 'calendar')).content,
  onFailure: (err) => log.warn({ err }, 'the calendar setting cannot be read; the days stay as they were'),
});
const deps: CaseDeps = { db: database.db, temporal, calendar: businessCalendar(config.clock.zone, workingDays) };
const connection = await NativeConnection.connect({
  address: config.temporal.address,
  tls: config.temporal.tls,
  ...(secrets.temporalApiKey ? { apiKey: secrets.temporalApiKey } : {}),
});

const sms = await openSmsProviders();
const email = smtpEmail({ ...config.smtp, ...smtpLogin(), ...wayOut() });
const providers = {
  ...deps,
  sms,
  email,
  caps: config.providersPerSecond,
  reportMisconfigured: (problem: object) =>
    log.error(problem, 'a provider refuses us: look at its settings, credentials and credit'),
};
const send = beating(createSendActivities(providers));
const { publicUrl } = config.api;
const sendToStaff = beating(createStaffSendActivities({ ...providers, lists: staffLists, publicUrl }));

await publishDefaultPlan(deps.db);
const workers = await createWorkers();
await keepSchedules(deps);
const running = Promise.all(workers.map((worker) => worker.run()));
log.info('the worker polls');

closeWithGrace({ delay: 30_000, logger: log }, async () => {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await running;
  stopFollowing();
  email.close();
  await Promise.all([connection.close(), temporal.close(), database.close()]);
});
await running;

async function createWorkers(): Promise<Worker[]> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const workflowsPath = fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath });
  const { namespace } = config.temporal;
  const shared = { connection, namespace, shutdownGraceTime: '20s', ...releaseOf(config) } as const;
  const queues: WorkerOptions[] = [
    {
      taskQueue: renewalQueue,
      workflowBundle,
      activities: failingInCodes(createCaseActivities(deps)),
      maxConcurrentActivityTaskExecutions: 15,
      ...(config.worker.maxCachedWorkflows === undefined
        ? {}
        : { maxCachedWorkflows: config.worker.maxCachedWorkflows }),
    },
    {
      taskQueue: smsQueue,
      activities: { sendSms: send.sendSms, sendStaffSms: sendToStaff.sendStaffSms },
      maxConcurrentActivityTaskExecutions: 20,
      ...rateOf(config.worker.smsPerSecond),
    },
    {
      taskQueue: emailQueue,
      activities: { sendEmail: send.sendEmail, sendStaffEmail: sendToStaff.sendStaffEmail },
      maxConcurrentActivityTaskExecutions: mailsAtOnce,
      ...rateOf(config.worker.emailsPerSecond),
    },
    { taskQueue: batchQueue, workflowBundle, activities: batchActivities(), maxConcurrentActivityTaskExecutions: 5 },
  ];
  return Promise.all(queues.map((queue) => Worker.create({ ...shared, ...queue })));
}

function batchActivities(): object {
  const start = (renewalId: string): Promise<void> => startCase(deps, renewalId);
  const wake = wakeCase.bind(undefined, deps);
  return failingInCodes({
    ...createIntakeActivities({ ...deps, startCase: start, collectOrphans: (today) => collectOrphans(deps, today) }),
    ...createHandoverActivities({ ...deps, notifyCase: wake }),
    ...createLossReviewActivities(deps),
    ...createStaffMessageActivities(deps),
    ...createSettleActivities({
      ...deps,
      providers: sms,
      settlingMs: config.worker.settleAfterMs,
      resend: (messageId) => resendMessage(deps, messageId),
    }),
    ...createConcessionActivities(deps),
    ...beating(createRolloutActivities({ ...deps, notifyCase: wake })),
    ...createStrayActivities({ ...deps, notifyCase: wake }),
    ...createSweepActivities({
      ...deps,
      startCase: start,
      reviveCase: (renewalId) => reviveCase(deps, renewalId),
      settleResult: (row) => settleResult(deps, row),
      notifyCase: wake,
      tellHold: (renewalId) => tellHold(deps, renewalId),
      tellHandover: (handoverId) => tellHandover(deps, handoverId),
      tellConcession: (concessionId) => tellConcession(deps, concessionId),
      startRollout: (rolloutId) => startRollout(deps, rolloutId),
    }),
  });
}

/** Which version of the code this is, and which of its patches cases do not take yet (docs/operations.md, Deploying). */
function releaseOf({
  worker: { deployment, buildId, heldPatches = [] },
}: Config): Pick<WorkerOptions, 'workerDeploymentOptions' | 'patchActivationCallback'> {
  const patchActivationCallback = ({ patchId }: PatchActivationInput): boolean => !heldPatches.includes(patchId);
  if (deployment === undefined || buildId === undefined) return { patchActivationCallback };
  return {
    patchActivationCallback,
    workerDeploymentOptions: {
      version: { deploymentName: deployment, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/** The provider's cap holds for all workers of the queue together. */
function rateOf(perSecond: number | undefined): Pick<WorkerOptions, 'maxTaskQueueActivitiesPerSecond'> {
  return perSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: perSecond };
}

async function openSmsProviders(): Promise<SmsPort[]> {
  const twilio = twilioSms({ ...config.sms, authToken: secrets.twilioAuthToken });
  const { aliyunAccessKeySecret: accessKeySecret } = secrets;
  if (config.aliyun === undefined || accessKeySecret === undefined) return [twilio];
  // Its SDK is large: whoever has no account there does not load it.
  const { aliyunSms } = await import('./messaging/sms-aliyun.ts');
  return [twilio, aliyunSms({ ...config.aliyun, accessKeySecret })];
}

/** Without a secret, as a development machine may have none, mails carry no link out. */
function wayOut(): Pick<SmtpSettings, 'unsubscribe'> {
  const { unsubscribeSecret: secret } = secrets;
  return secret === undefined ? {} : { unsubscribe: { publicUrl: config.api.publicUrl, secret } };
}

function smtpLogin(): { user?: string; password?: string } {
  const { smtpUser, smtpPassword } = secrets;
  return smtpUser === undefined || smtpPassword === undefined ? {} : { user: smtpUser, password: smtpPassword };
}

function installRuntime({ worker }: Config): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => log.warn({ level, ...meta }, message));
  const metrics =
    worker.metricsPort === undefined
      ? {}
      : { metrics: { prometheus: { bindAddress: `0.0.0.0:${worker.metricsPort}` } } };
  Runtime.install({ logger, telemetryOptions: metrics, shutdownSignals: [] });
}
