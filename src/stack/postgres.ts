import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { clusterFolder, postgresPrograms } from './postgres-folders.ts';
import { postgresUser, type SystemUser } from './postgres-user.ts';
import { startProcess, untilReady, type RunningProcess } from './process.ts';

export type PostgresOptions = {
  dataDir: string;
  port: number;
  logFile: string;
  /** Gives up durability for speed: tests and rehearsals only. */
  throwaway?: boolean;
  say?: (line: string) => void;
};

export type Postgres = {
  superuserUrl: (database?: string) => string;
  ownerUrl: (database?: string) => string;
  databaseUrl: (database?: string) => string;
  /** The folder outside the data folder that PostgreSQL had to use, if any. */
  folder: string;
  start: () => Promise<RunningProcess>;
};

type Passwords = { superuser: string; owner: string; application: string };
type Cluster = { folder: string; programs: string; user: SystemUser | undefined; passwords: Passwords };

const everyStart = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  jit: 'off',
  // What a row holds that is refused stands in the detail and in the statement: no log is the place for it.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};
const withoutDurability = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Prepares a cluster in the data folder (made at the first time); `start` brings the server up and waits until it answers. */
export function preparePostgres(options: PostgresOptions): Postgres {
  const say = options.say ?? (() => {});
  const user = postgresUser();
  const cluster = {
    user,
    programs: postgresPrograms(user, say),
    folder: clusterFolder(options.dataDir, user, say),
    passwords: readPasswords(join(options.dataDir, 'postgres-passwords.json')),
  };
  if (!existsSync(join(cluster.folder, 'cluster', 'PG_VERSION'))) initialise(cluster);
  const url = (role: string, password: string) => (database: string) =>
    `postgres://${role}:${password}@127.0.0.1:${options.port}/${database}`;
  const superuserUrl = url('postgres', cluster.passwords.superuser);
  return {
    superuserUrl: (database = 'postgres') => superuserUrl(database),
    ownerUrl: (database = 'xubao') => url('xubao_owner', cluster.passwords.owner)(database),
    databaseUrl: (database = 'xubao') => url('xubao_app', cluster.passwords.application)(database),
    folder: cluster.folder,
    start: async () => {
      await endForgottenServer(join(cluster.folder, 'cluster'));
      const running = await startServer(cluster, options);
      await untilReady(running, options.logFile, {
        isReady: () => answers(superuserUrl('postgres')),
        withinMs: 60_000,
      });
      await createOwner(superuserUrl('postgres'), cluster.passwords.owner);
      return running;
    },
  };
}

function readPasswords(file: string): Passwords {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  const random = (): string => randomBytes(18).toString('hex');
  const passwords = { superuser: random(), owner: random(), application: random() };
  writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

function initialise({ folder, programs, user, passwords }: Cluster): void {
  const passwordFile = join(folder, 'first-password');
  rmSync(join(folder, 'cluster'), { recursive: true, force: true });
  writeFileSync(passwordFile, passwords.superuser, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const made = spawnSync(
    join(programs, 'initdb'),
    [
      `--pgdata=${join(folder, 'cluster')}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { cwd: folder, env: { ...process.env, LC_ALL: 'C' }, encoding: 'utf8', ...user },
  );
  rmSync(passwordFile);
  if (made.status === 0) return;
  rmSync(join(folder, 'cluster'), { recursive: true, force: true });
  throw new Error(`PostgreSQL could not make its data folder in ${folder}:\n${made.stderr ?? made.error?.message}`);
}

function startServer({ folder, programs, user }: Cluster, options: PostgresOptions): Promise<RunningProcess> {
  const settings = { ...everyStart, ...(options.throwaway ? withoutDurability : {}), port: String(options.port) };
  return startProcess({
    name: 'PostgreSQL',
    command: join(programs, 'postgres'),
    args: [
      '-D',
      join(folder, 'cluster'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { ...(process.env as Record<string, string>), LC_ALL: 'C' },
    logFile: options.logFile,
    cwd: folder,
    stopSignal: 'SIGINT',
    ...(user ? { user } : {}),
  });
}

// After a crash the file may name a server that still runs on this cluster, or a process that only got its id.
async function endForgottenServer(clusterPath: string): Promise<void> {
  const pidFile = join(clusterPath, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  const isServer = (): boolean => commandLine(pid).includes(clusterPath);
  if (isServer()) process.kill(pid, 'SIGINT');
  for (let waited = 0; isServer() && waited < 30_000; waited += 100) await sleep(100);
  if (isServer())
    throw new Error(`A PostgreSQL server (process ${pid}) still runs on ${clusterPath} and does not stop`);
  rmSync(pidFile, { force: true });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return existsSync('/proc/self')
      ? ''
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
}

async function answers(url: string): Promise<boolean> {
  await withClient(url, (client) => client.query('select 1'));
  return true;
}

async function createOwner(superuserUrl: string, password: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const role = await client.query("select 1 from pg_roles where rolname = 'xubao_owner'");
    if (role.rowCount === 0)
      await client.query(`create role xubao_owner login createrole createdb password '${password}'`);
    const database = await client.query("select 1 from pg_database where datname = 'xubao'");
    if (database.rowCount === 0) await client.query('create database xubao owner xubao_owner');
  });
}

/** @internal */
export async function withClient<Answer>(url: string, use: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
