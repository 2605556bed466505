import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import { migrate } from '../src/db/migrate.ts';
import { freePort } from '../src/stack/ports.ts';
import { preparePostgres, withClient } from '../src/stack/postgres.ts';

// How long the newest migrations hold a large book, with fsync on: node bench/migrations.ts [messages] [last migration before]
const messages = Number(process.argv[2] ?? 1_000_000);
const last = Number(process.argv[3] ?? 16);
const cases = Math.ceil(messages / 4);

/** The migrations up to one, in a folder of their own. */
function olderMigrations(folder: string): string {
  const older = join(folder, 'drizzle');
  cpSync(fileURLToPath(new URL('../drizzle', import.meta.url)), older, { recursive: true });
  const file = join(older, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { idx: number }[] };
  const entries = journal.entries.filter(({ idx }) => idx <= last);
  writeFileSync(file, JSON.stringify({ ...journal, entries }));
  return older;
}

const id = (kind: number, turn: string): string =>
  `('00000000-0000-7000-800${kind}-' || lpad((${turn})::text, 12, '0'))::uuid`;
const touches = ['t-30', 't-15', 't-7', 't-1'];

/** Cases of customers of their own, each with four messages: three that went and one that waits; and a journal. */
const book = [
  `insert into business_clock (id, wall_at, business_at, speed, epoch) values (1, now(), '2027-03-16T10:00:00+08:00', 1, 1) on conflict do nothing`,
  `insert into branches (id, name) values ('B1', 'B1')`,
  `insert into staff (id, name, roles, branch_id) values ('A1', 'A1', '{agent}', 'B1')`,
  `insert into customers (id, key, name, phone, email, sms_consent, email_consent)
    select ${id(1, 't')}, 'K' || t, '王芳', '+86138' || lpad(t::text, 8, '0'), 'k' || t || '@example.com', true, t % 2 = 0
    from generate_series(1, ${cases}) t`,
  `insert into policies (id, policy_number, starts_on, expires_on, term_days, cover_type, plate, premium, branch_id, agent_id, customer_id)
    select ${id(2, 't')}, 'P' || t, '2026-04-01', '2027-03-31', 365, 'commercial', 'P' || t, 4200, 'B1', 'A1', ${id(1, 't')}
    from generate_series(1, ${cases}) t`,
  `insert into renewals (id, policy_id, segment, priority, branch_id, owner_id, expires_on, opened_at, plan_version, stage)
    select 'renewal.P' || t, ${id(2, 't')}, 'claim-free', 10, 'B1', 'A1', '2027-03-31', '2027-01-30T01:00:00Z', 1, 'intensive-chase'
    from generate_series(1, ${cases}) t`,
  ...touches.map(
    (
      touch,
      turn,
    ) => `insert into messages (id, renewal_id, touch, channel, customer_id, template, state, due_at, latest_at
      ${turn < 3 ? ', attempt_id, claimed_at, address, subject, body, provider_id, answer, settled_at' : ''})
    select ${id(3 + turn, 't')}, 'renewal.P' || t, '${touch}', 'sms', ${id(1, 't')}, 'expiry-near', '${turn < 3 ? 'accepted' : 'planned'}',
      '2027-03-16T01:30:00Z', '2027-03-17T01:30:00Z'
      ${turn < 3 ? `, ${id(3 + turn, 't')}, '2027-03-16T01:30:00Z', '+86138' || t, '', repeat('您的保单即将到期。', 8), 'SM' || t, 'http-201', '2027-03-16T01:30:00Z'` : ''}
    from generate_series(1, ${cases}) t`,
  ),
];

/** Asks as the product does while the tables are locked, and keeps the longest wait. */
async function longestWait(url: string, ask: string, during: Promise<unknown>): Promise<number> {
  const end = during.then(
    () => 'over',
    () => 'over',
  );
  return withClient(url, async (client) => {
    let longest = 0;
    do {
      const asked = performance.now();
      await client.query(ask);
      longest = Math.max(longest, performance.now() - asked);
    } while ((await Promise.race([end, sleep(20)])) !== 'over');
    return longest;
  });
}

/** The files in which tables lie; a table that is written anew lies in another one. */
async function filesOfTables(): Promise<Map<string, string>> {
  return withClient(postgres.ownerUrl(), async (client) => {
    const { rows } = await client.query<{ name: string; file: string }>(
      `select relname as name, pg_relation_filenode(oid) as file from pg_class
       where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    return new Map(rows.map(({ name, file }) => [name, file]));
  });
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const dataDir = mkdtempSync(join(tmpdir(), 'xubao-bench-'));
chmodSync(dataDir, 0o711);
const logFile = join(dataDir, 'postgres.log');
const postgres = preparePostgres({ dataDir, port: await freePort(), logFile });
const server = await postgres.start();
try {
  await withClient(postgres.ownerUrl(), (client) =>
    runMigrations(drizzle(client), { migrationsFolder: olderMigrations(dataDir) }),
  );
  await withClient(postgres.ownerUrl(), async (client) => {
    for (const part of book) await client.query(part);
    await client.query('analyze');
  });
  await withClient(postgres.superuserUrl(), async (client) => {
    await client.query('checkpoint');
    await client.query(`alter database xubao set log_min_duration_statement = 500`);
  });
  const before = await filesOfTables();
  const started = performance.now();
  const migrating = migrate(postgres.ownerUrl(), postgres.databaseUrl());
  const waits = ['messages', 'customers', 'renewals', 'journal'].map(async (table) => {
    const longest = await longestWait(postgres.ownerUrl(), `select 1 from ${table} limit 1`, migrating);
    console.log(`${table} could not be read for ${seconds(longest)}`);
  });
  await migrating;
  console.log(
    `${messages} messages, ${cases} cases: migrations after ${last} took ${seconds(performance.now() - started)}`,
  );
  await Promise.all(waits);
  const after = await filesOfTables();
  const rewritten = [...before].filter(([name, file]) => after.get(name) !== file).map(([name]) => name);
  console.log(`tables written anew: ${rewritten.join(', ') || 'none'}`);
  const slow = readFileSync(logFile, 'utf8').match(/duration: \d+\.\d+ ms .{0,110}/g) ?? [];
  console.log(slow.filter((line) => !line.includes('select 1 from')).join('\n'));
} finally {
  await server.stop();
  for (const folder of [dataDir, postgres.folder]) rmSync(folder, { recursive: true, force: true });
}
