import { fileURLToPath } from 'node:url';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type BundleOptions,
  type WorkerOptions,
} from '@temporalio/worker';
import { addDays, type Day, type Instant } from '../../src/renewal/calendar.ts';
import type { Notice } from '../../src/renewal/case-notice.ts';
import type { ResultNotice } from '../../src/renewal/case-state.ts';
import type { ContactResult, SecondRoundOutcome } from '../../src/renewal/contact-result.ts';
import type { Outcome } from '../../src/renewal/loss.ts';
import { caseState, correctResult, decideSecondRound, notice, recordResult } from '../../workflows/messages.ts';
import type { renewal } from '../../workflows/renewal.ts';
import { createFakeBooks, planOf, type FakeBooks, type FakeCase } from './fake-books.ts';
import { shanghai, unspread } from './given-plan.ts';
import { showSearchAttributes } from './search-attributes.ts';

type Handle = WorkflowHandleWithFirstExecutionRunId<typeof renewal>;

/** A case on the time-skipping server, seen with the eyes of the people and systems around it. */
export type RunningCase = {
  id: string;
  env: TestWorkflowEnvironment;
  books: FakeCase;
  handle: Handle;
  /** Lets time pass to a minute of the day so many days before T. */
  until: (daysBefore: number, minute?: number) => Promise<void>;
  says: (result: ContactResult, more?: Partial<ResultNotice>) => Promise<void>;
  /** Strikes a result out in the books, which then say this of those that remain, and tells the case. */
  corrects: (resultId: string, standing?: FakeCase['standing']) => Promise<void>;
  /** Holds the case until a minute of the day so many days before T. */
  holds: (daysBefore: number, minute?: number) => Promise<void>;
  resumes: () => Promise<void>;
  decides: (outcome: SecondRoundOutcome) => Promise<void>;
  hears: (notice: Notice) => Promise<void>;
  knows: () => Promise<Awaited<ReturnType<typeof queryState>>>;
  outcome: () => Promise<Outcome>;
};

export type RunningCases = {
  env: TestWorkflowEnvironment;
  open: (facts?: CaseFacts) => Promise<RunningCase>;
  startWorkers: () => Promise<void>;
  stopWorkers: () => Promise<void>;
  close: () => Promise<void>;
};

/** `openedOn` counts days before T; the case is first seen at noon of that day. */
export type CaseFacts = Partial<FakeCase> & { openedOn?: number };

export const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
const noon = 12 * 60;

/** A server whose time skips, with workers that run the real workflow over fake books. */
export async function startCases(
  createEnvironment: () => Promise<TestWorkflowEnvironment>,
  { bundle = {}, ...options }: { maxCachedWorkflows?: number; bundle?: Partial<BundleOptions> } = {},
): Promise<RunningCases> {
  keepQuiet();
  const env = await createEnvironment();
  await showSearchAttributes(env.connection);
  const books = createFakeBooks();
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: quiet, ...bundle });
  let stop = async (): Promise<void> => {};
  const startWorkers = async (): Promise<void> => {
    const shared = { connection: env.nativeConnection, activities: books.activities };
    const queues: WorkerOptions[] = [
      { ...shared, ...options, taskQueue: 'renewal', workflowBundle },
      { ...shared, taskQueue: 'sms' },
      { ...shared, taskQueue: 'email' },
    ];
    const workers = await Promise.all(queues.map((queue) => Worker.create(queue)));
    const running = Promise.all(workers.map((worker) => worker.run()));
    stop = async () => {
      for (const worker of workers) worker.shutdown();
      await running;
    };
  };
  await startWorkers();
  let opened = 0;
  return {
    env,
    startWorkers,
    stopWorkers: () => stop(),
    open: (facts = {}) => openCase({ env, books }, { ...facts, id: `renewal.P${(opened += 1)}.20260401` }),
    close: async () => {
      await stop();
      await env.teardown();
    },
  };
}

let isQuiet = false;

/** Only errors belong into the report of a test run. */
export function keepQuiet(): void {
  if (isQuiet) return;
  isQuiet = true;
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
}

export const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

type Parts = { env: TestWorkflowEnvironment; books: FakeBooks };

async function openCase({ env, books }: Parts, { id, openedOn = 61, ...facts }: CaseFacts & { id: string }) {
  const expiresOn = facts.expiresOn ?? '2027-03-31';
  const wallNow = await env.currentTimeMs();
  const row: FakeCase = {
    expiresOn,
    stagePlan: unspread,
    planVersion: 1,
    revision: 0,
    epoch: 1,
    behind: 0,
    handedOut: true,
    refusedContact: false,
    escalated: false,
    confirmBy: ['sms'],
    heldUntil: {},
    during: {},
    sent: [],
    asked: {},
    story: [],
    ahead: instantBefore(expiresOn, openedOn) - wallNow,
    ...facts,
  };
  books.cases.set(id, row);
  const opensAt = Math.max(planOf(row).stages[0]!.opensAt - row.ahead, wallNow);
  const handle = await env.client.workflow.start<typeof renewal>('renewal', {
    taskQueue: 'renewal',
    workflowId: id,
    args: [{ renewalId: id, opensAt, stage: 'preparation', planVersion: 1 }],
  });
  return describeCase(env, { id, row, handle });
}

function describeCase(
  env: TestWorkflowEnvironment,
  { id, row, handle }: { id: string; row: FakeCase; handle: Handle },
): RunningCase {
  let said = 0;
  const nextId = (): string => `${id}.${(said += 1)}`;
  return {
    id,
    env,
    books: row,
    handle,
    until: async (daysBefore, minute = noon) => {
      const wait = instantBefore(row.expiresOn, daysBefore, minute) - row.ahead - (await env.currentTimeMs());
      if (wait > 0) await env.sleep(wait);
    },
    says: async (result, more = {}) => {
      const resultId = more.resultId ?? nextId();
      if (result === 'refused-contact') row.refusedContact = true;
      if (more.callBackAt !== undefined) row.callBackAt = more.callBackAt + row.ahead;
      const args = [{ resultId, result, stage: row.stage ?? 'preparation', ...more }] as [ResultNotice];
      await handle.executeUpdate(recordResult, { args, updateId: resultId });
    },
    corrects: async (resultId, standing = {}) => {
      row.standing = standing;
      await handle.executeUpdate(correctResult, { args: [{ resultId }], updateId: `${resultId}.corrected` });
    },
    holds: async (daysBefore, minute = noon) => {
      row.caseHeldUntil = instantBefore(row.expiresOn, daysBefore, minute);
      await handle.signal(notice, { key: nextId(), kind: 'held', until: row.caseHeldUntil - row.ahead });
    },
    resumes: async () => {
      delete row.caseHeldUntil;
      await handle.signal(notice, { key: nextId(), kind: 'resumed' });
    },
    decides: async (outcome) => {
      const resultId = nextId();
      await handle.executeUpdate(decideSecondRound, { args: [{ resultId, outcome }], updateId: resultId });
    },
    hears: (heard) => handle.signal(notice, heard),
    knows: () => queryState(handle),
    outcome: () => handle.result(),
  };
}

function queryState(handle: Handle) {
  return handle.query(caseState);
}

/** The business instant at a minute of the day so many days before T. */
export function instantBefore(expiresOn: Day, daysBefore: number, minute = noon): Instant {
  return shanghai.instantOf(addDays(expiresOn, -daysBefore), minute);
}
