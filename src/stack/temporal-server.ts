import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { cleanEnvironment } from './environment.ts';
import { startProcess, untilReady, type RunningProcess } from './process.ts';

// A store in memory makes the garbage collector go through all of it; a tenth of the server's time otherwise.
const inMemory = { GOGC: '400' };

/** What operations staff filter cases by; every server that runs Xubao needs them. @internal */
export const searchAttributeTypes = {
  RenewalStage: 'Keyword',
  RenewalOutcome: 'Keyword',
  LossReason: 'Keyword',
  AgentId: 'Keyword',
  BranchId: 'Keyword',
  Segment: 'Keyword',
  ExpiryAt: 'Datetime',
  StageEndsAt: 'Datetime',
  PlanVersion: 'Int',
  Escalated: 'Bool',
} as const;

export type TemporalServerOptions = {
  binary: string;
  port: number;
  uiPort: number;
  logFile: string;
  /** Without it everything is in memory and gone at the end. */
  databaseFile?: string;
};

const namespace = 'default';
const retentionDays = 90;

// The presets guard a shared cluster (2,400 calls a second); here a whole book may move at the same business instant.
const limits = {
  'frontend.rps': 20_000,
  'frontend.namespaceRPS': 20_000,
  'frontend.namespaceRPS.visibility': 1_000,
  'frontend.namespaceCount': 10_000,
  'frontend.persistenceMaxQPS': 50_000,
  'history.rps': 50_000,
  'history.persistenceMaxQPS': 50_000,
  'matching.rps': 50_000,
  'matching.persistenceMaxQPS': 50_000,
  // One process: partitions would only forward tasks to each other.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'worker.persistenceMaxQPS': 10_000,
  // The books' steps go to the worker with the answer that asked for them: one round trip less each.
  'system.enableActivityEagerExecution': true,
  'system.visibilityPersistenceMaxReadQPS': 50_000,
  'system.visibilityPersistenceMaxWriteQPS': 50_000,
};

/** Starts Temporal's development server and waits until its namespace keeps closed cases for 90 days and takes work. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<RunningProcess> {
  const running = await startProcess({
    name: 'Temporal',
    command: options.binary,
    args: serverArguments(options),
    logFile: options.logFile,
    stopSignal: 'SIGINT',
    ...(options.databaseFile === undefined ? { env: { ...cleanEnvironment(), ...inMemory } } : {}),
  });
  const address = `127.0.0.1:${options.port}`;
  await untilReady(running, options.logFile, { isReady: () => isServing(address), withinMs: 120_000 });
  await keepClosedCases(options.binary, address);
  return running;
}

function serverArguments(options: TemporalServerOptions): string[] {
  const pairs = (flag: string, values: object): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${String(value)}`]);
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${options.port}`,
    `--ui-port=${options.uiPort}`,
    '--log-level=warn',
    '--log-format=json',
    ...(options.databaseFile ? [`--db-filename=${options.databaseFile}`] : []),
    // The default journal of the database file is too slow for real work.
    ...pairs('--sqlite-pragma', options.databaseFile ? { journal_mode: 'WAL', synchronous: 'NORMAL' } : {}),
    ...pairs('--search-attribute', searchAttributeTypes),
    ...pairs('--dynamic-config-value', limits),
  ];
}

async function isServing(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.workflowService.listWorkflowExecutions({
      namespace,
      pageSize: 1,
      query: "RenewalStage = 'follow-up'",
    });
    return true;
  } finally {
    await connection.close();
  }
}

async function keepClosedCases(binary: string, address: string): Promise<void> {
  const update = ['operator', 'namespace', 'update', '--namespace', namespace, '--retention', `${retentionDays * 24}h`];
  await promisify(execFile)(binary, [...update, '--address', address]);
  const days = await retentionOf(address);
  if (days < retentionDays)
    throw new Error(`Temporal keeps closed cases for ${days} days only instead of ${retentionDays}`);
}

async function retentionOf(address: string): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
  } finally {
    await connection.close();
  }
}
