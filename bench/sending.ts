import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createSendActivities } from '../activities/send.ts';
import { connectDatabase } from '../src/db/connection.ts';
import { migrate } from '../src/db/migrate.ts';
import type { EmailPort } from '../src/messaging/provider-answer.ts';
import { connectTwilio, twilioSms } from '../src/messaging/sms-twilio.ts';
import { standInAccount } from '../src/stack/environment.ts';
import { freePort } from '../src/stack/ports.ts';
import { preparePostgres, withClient } from '../src/stack/postgres.ts';
import { cpuSecondsOfTree } from './cpu-of-postgres.ts';
import { addDueMessages, calendar, openBook, touch } from './sending-book.ts';

// The whole sending path (claim, provider, record) beside a bare loop of Twilio's SDK on the same stand-in, in rounds that
// take turns: npx node bench/sending.ts [messages a round] [rounds]
const perRound = Number(process.argv[2] ?? 1_000);
const rounds = Number(process.argv[3] ?? 5);
const atOnce = 20;
const warmUp = 200;

const dataDir = mkdtempSync(join(tmpdir(), 'xubao-bench-'));
chmodSync(dataDir, 0o711);
const postgres = preparePostgres({
  dataDir,
  port: await freePort(),
  logFile: join(dataDir, 'postgres.log'),
  throwaway: true,
});
const server = await postgres.start();
await migrate(postgres.ownerUrl(), postgres.databaseUrl());
const connection = connectDatabase(postgres.databaseUrl(), { connections: 30 });
const standIn = fork(fileURLToPath(new URL('sms-stand-in-process.ts', import.meta.url)));
const [baseUrl] = (await once(standIn, 'message')) as [string];
const account = { ...standInAccount, from: '+15005550006', baseUrl, callbackUrl: 'https://xubao.example' };

type Cost = { messages: number; ours: number; postgres: number; seconds: number };

/** What a case of the book has armed: its plan, its expiry and the clock, each in its first version but the clock. */
const stamp = '1.0.2';
const email: EmailPort = { name: 'smtp', send: () => Promise.reject(new Error('nobody writes an e-mail here')) };
const activities = createSendActivities({
  db: connection.db,
  calendar,
  sms: [twilioSms(account)],
  email,
  reportMisconfigured: () => {},
});
const client = connectTwilio(account);
let planned = 0;

async function sendPlanned(count: number): Promise<Cost> {
  const cases = await addDueMessages(connection.db, { count, from: planned });
  planned += count;
  // As PostgreSQL does by itself within a minute; without it the customer's other cases are looked for among all.
  await withClient(postgres.ownerUrl(), (owner) => owner.query('analyze'));
  return measured(cases, async (renewalId) => {
    const { kind } = await activities.sendSms({ renewalId, touch, stamp });
    if (kind !== 'accepted') throw new Error(`a message was not accepted but ${kind}`);
  });
}

function sendBare(count: number): Promise<Cost> {
  const numbers = Array.from({ length: count }, (_, turn) => `+86139${String(turn).padStart(8, '0')}`);
  const body = '【济南分公司】王芳您好,您的鲁A***01商业险将于2027-03-31到期,还有15天。请联系李四。回复TD退订';
  const statusCallback = 'https://xubao.example/v1/webhooks/twilio/status/0193b6a0-0000-7000-8000-000000000001';
  return measured(numbers, async (to) => {
    await client.messages.create({ to, from: account.from, body, validityPeriod: 36_000, statusCallback });
  });
}

async function measured<Item>(items: Item[], send: (item: Item) => Promise<void>): Promise<Cost> {
  const left = [...items];
  const [cpu, began, theirs] = [process.cpuUsage(), performance.now(), cpuSecondsOfTree(server.pid)];
  const walk = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await send(item);
  };
  await Promise.all(Array.from({ length: atOnce }, walk));
  const { user, system } = process.cpuUsage(cpu);
  return {
    messages: items.length,
    ours: (user + system) / 1e6,
    postgres: cpuSecondsOfTree(server.pid) - theirs,
    seconds: (performance.now() - began) / 1_000,
  };
}

function sum(costs: Cost[]): Cost {
  const total = (field: keyof Cost): number => costs.reduce((all, cost) => all + cost[field], 0);
  return { messages: total('messages'), ours: total('ours'), postgres: total('postgres'), seconds: total('seconds') };
}

function describe(name: string, { messages, ours, postgres: theirs, seconds }: Cost): void {
  const rate = (cpu: number): string => (messages / cpu).toFixed(0);
  const cells = [name, messages, rate(ours), rate(ours + theirs), (messages / seconds).toFixed(0)];
  console.log(`| ${cells.join(' | ')} |`);
}

await openBook(connection.db);
await sendPlanned(warmUp);
await sendBare(warmUp);
const [path, bare]: [Cost[], Cost[]] = [[], []];
for (let round = 0; round < rounds; round += 1) {
  path.push(await sendPlanned(perRound));
  bare.push(await sendBare(perRound));
}
console.log('| | messages | a CPU second of our process | with PostgreSQL’s CPU | a second |\n|---|---|---|---|---|');
describe('claim, provider, record', sum(path));
describe('bare loop of the SDK', sum(bare));
const ratios = path.map((cost, at) => (bare[at]?.ours ?? 0) / cost.ours);
console.log(`ratio by CPU of our process: ${(sum(bare).ours / sum(path).ours).toFixed(2)}`);
console.log(
  `of each round: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; load average ${loadavg()[0]?.toFixed(1)}`,
);

standIn.disconnect();
await connection.close();
await server.stop();
for (const folder of [dataDir, postgres.folder]) rmSync(folder, { recursive: true, force: true });
