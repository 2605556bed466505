import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { present } from '../config/config.ts';
import type { StackPorts } from '../config/stack-settings.ts';
import { migrate } from '../db/migrate.ts';
import { businessToday, keepBusinessTime, setBusinessClock } from './business-day.ts';
import { takeDataFolder, type DataFolder } from './data-folder.ts';
import { cleanEnvironment, deploymentVariables, standInAccount, type Variables } from './environment.ts';
import { keepAlive } from './keep-alive.ts';
import { keptSecret } from './kept-secret.ts';
import { startMailCatcher } from './mail-catcher.ts';
import { choosePorts } from './ports.ts';
import { preparePostgres } from './postgres.ts';
import { startProcess, untilReady, type RunningProcess } from './process.ts';
import { silentProgress, type Progress } from './progress.ts';
import { startSmsStandIn } from './sms-stand-in.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { startTemporalServer } from './temporal-server.ts';

export type StackOptions = {
  dataDir: string;
  /** Ports left out, or 0, become any free ones. */
  ports?: Partial<StackPorts>;
  zone?: string;
  /** The business date on which a new data folder starts. */
  today?: string;
  /** How long a business day lasts, in milliseconds. */
  dayMs?: number;
  /** For tests and rehearsals: fast, in memory where possible, worthless after a crash. */
  throwaway?: boolean;
  temporalBinary?: string;
  logLevel?: string;
  /** Further variables for API and worker. */
  variables?: Variables;
  /** Brings up the servers only, without API and worker. */
  serversOnly?: boolean;
  progress?: Progress;
  /** Gives up a start that is under way. */
  signal?: AbortSignal;
};

export type StackUrls = { api: string; docs: string; temporalUi: string; mail: string; sms: string };

export type Stack = {
  urls: StackUrls;
  ports: StackPorts;
  /** The settings with which any command of ours finds this stack; carries passwords. */
  env: Variables;
  pids: () => Record<string, number>;
  /** The date on which business stands now (`YYYY-MM-DD`). */
  today: () => Promise<string>;
  /** Does the work unless it was done on this data folder before. */
  once: (milestone: string, work: () => Promise<void>) => Promise<void>;
  stop: () => Promise<void>;
};

type Started = { name: string; pid?: () => number; stop: () => Promise<void> };
type Site = { options: StackOptions; folder: DataFolder; ports: StackPorts; progress: Progress; started: Started[] };

const anyPort: StackPorts = { api: 0, temporal: 0, temporalUi: 0, postgres: 0, smtp: 0, mail: 0, sms: 0 };

/** Brings everything up in order, on 127.0.0.1 only. What ends by itself is started again until `stop`. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = await takeDataFolder(options.dataDir);
  const progress = options.progress ?? silentProgress;
  const site: Site = { options, folder, ports: anyPort, progress, started: [] };
  try {
    site.ports = await choosePorts({ ...anyPort, ...options.ports });
    folder.runWith({ ports: site.ports, zone: zoneOf(options), ...present({ dayMs: options.dayMs }) });
    const env = await startServers(site);
    if (!options.serversOnly) await startOurs(site, env);
    await once(folder, 'business-clock', () => startBusiness(site, env));
    return describe(site, env);
  } catch (error) {
    await stopAll(site);
    throw error;
  }
}

function describe(site: Site, env: Variables): Stack {
  const { ports, folder, started } = site;
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    urls: {
      api: at(ports.api),
      docs: `${at(ports.api)}/docs`,
      temporalUi: at(ports.temporalUi),
      mail: at(ports.mail),
      sms: at(ports.sms),
    },
    ports,
    env,
    pids: () => Object.fromEntries(started.flatMap(({ name, pid }) => (pid ? [[name, pid()]] : []))),
    today: () => businessToday(env['XUBAO_DATABASE_OWNER_URL'] ?? '', env['XUBAO_ZONE'] ?? ''),
    once: (milestone, work) => once(folder, milestone, work),
    stop: () => stopAll(site),
  };
}

async function startServers(site: Site): Promise<Variables> {
  const { options, folder, ports, progress } = site;
  const { say } = progress;
  const throwaway = options.throwaway ?? false;
  const binary = await findTemporalBinary(options.temporalBinary, progress, options.signal);
  const dataDir = folder.path;
  const postgres = preparePostgres({ dataDir, port: ports.postgres, logFile: logOf(site, 'postgres'), throwaway, say });
  if (throwaway) site.started.push(removalOf(postgres.folder, dataDir));
  await keep(site, () => postgres.start());
  say('PostgreSQL is up');
  await migrate(postgres.ownerUrl(), postgres.databaseUrl());
  const day = { zone: zoneOf(options), ...present({ today: options.today, dayMs: options.dayMs }) };
  await setBusinessClock(postgres.ownerUrl(), { ...day, isNew: !isDone(folder, 'business-clock') });
  if (options.dayMs !== undefined)
    site.started.push({ name: 'business time', ...keepBusinessTime(postgres.ownerUrl()) });
  await keep(site, () => {
    const memory = { binary, port: ports.temporal, uiPort: ports.temporalUi, logFile: logOf(site, 'temporal') };
    return startTemporalServer(
      throwaway ? memory : { ...memory, databaseFile: join(folder.privately('temporal'), 'temporal.db') },
    );
  });
  say('Temporal is up');
  await startProviders(site);
  say('Mail catcher and SMS stand-in are up');
  return deploymentVariables({
    ports,
    ...day,
    logLevel: options.logLevel ?? 'info',
    devKeysFile: folder.inside('dev-issuer-keys.json'),
    unsubscribeSecret: keptSecret(folder.inside('unsubscribe-secret')),
    databaseUrl: postgres.databaseUrl(),
    ownerUrl: postgres.ownerUrl(),
  });
}

function zoneOf({ zone }: StackOptions): string {
  return zone ?? 'Asia/Shanghai';
}

// Worker and API take half a minute on a busy machine: on a new folder the first day must not be over by then.
function startBusiness({ options }: Site, env: Variables): Promise<void> {
  const day = {
    zone: env['XUBAO_ZONE'] ?? '',
    ...present({ today: options.today, dayMs: options.dayMs }),
    isNew: true,
  };
  return setBusinessClock(env['XUBAO_DATABASE_OWNER_URL'] ?? '', day);
}

/** How long the stand-in takes to deliver a text message. */
const deliveryMs = 300;

async function startProviders(site: Site): Promise<void> {
  const { folder, ports } = site;
  const mail = {
    smtpPort: ports.smtp,
    pagePort: ports.mail,
    folder: folder.privately('mails'),
    logFile: logOf(site, 'mail'),
  };
  await keep(site, () => startMailCatcher(mail));
  const sms = await startSmsStandIn({
    port: ports.sms,
    ...standInAccount,
    file: join(folder.privately('sms'), 'messages.jsonl'),
    delivery: { status: 'delivered', afterMs: deliveryMs },
    inboundUrl: `http://127.0.0.1:${ports.api}/v1/webhooks/twilio/inbound`,
  });
  site.started.push({ name: 'SMS stand-in', stop: sms.stop });
}

async function startOurs(site: Site, env: Variables): Promise<void> {
  const { progress, ports, options } = site;
  const run = (name: string, program: string): Promise<RunningProcess> =>
    startProcess({
      name,
      command: process.execPath,
      args: [programPath(program)],
      env: { ...cleanEnvironment(), ...env, ...options.variables },
      logFile: logOf(site, name),
    });
  const untilAnswers = (path: string) => async (running: RunningProcess) => {
    const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${ports.api}${path}`)).ok;
    await untilReady(running, logOf(site, running.name), { isReady, withinMs: 90_000 });
    return running;
  };
  await keep(site, () => run('api', 'main-api').then(untilAnswers('/livez')));
  // Only at the first start: a worker that comes back must not wait for an API that is down.
  let isReady = untilAnswers('/readyz');
  await keep(site, () => run('worker', 'main-worker').then(isReady));
  isReady = (running) => Promise.resolve(running);
  progress.say('API and worker are up');
}

// The same code runs from the sources and from the compiled output.
function programPath(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`../${name}.${extension}`, import.meta.url));
}

async function keep(site: Site, start: () => Promise<RunningProcess>): Promise<void> {
  const { folder, progress, options } = site;
  options.signal?.throwIfAborted();
  const kept = await keepAlive({ start, say: progress.say, onStart: ({ name, pid }) => folder.remember(name, pid) });
  site.started.push(kept);
}

async function stopAll(site: Site): Promise<void> {
  for (let last = site.started.pop(); last; last = site.started.pop()) await last.stop();
  site.folder.release();
}

function removalOf(folder: string, dataDir: string): Started {
  const isElsewhere = !folder.startsWith(dataDir);
  return {
    name: 'data',
    stop: async () => (isElsewhere ? rmSync(folder, { recursive: true, force: true }) : undefined),
  };
}

function logOf({ folder }: Site, name: string): string {
  return join(folder.privately('logs'), `${name}.log`);
}

function isDone(folder: DataFolder, milestone: string): boolean {
  return existsSync(folder.inside('done', milestone));
}

async function once(folder: DataFolder, milestone: string, work: () => Promise<void>): Promise<void> {
  if (isDone(folder, milestone)) return;
  await work();
  mkdirSync(folder.inside('done'), { recursive: true });
  writeFileSync(join(folder.inside('done'), milestone), new Date().toISOString());
}
