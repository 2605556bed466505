import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { wakeCase } from '../src/cases/wake-case.ts';
import { startCase } from '../src/cases/start-case.ts';
import { openRenewal } from '../src/db/cases/intake-records.ts';
import { markNotified, unnotifiedItems } from '../src/db/orphans/handover-notices.ts';
import { countItems } from '../src/db/orphans/handover-records.ts';
import { orphanCasesOf } from '../src/db/orphans/orphan-records.ts';
import { customers } from '../src/db/schema/customers.ts';
import { branches, staff, teams } from '../src/db/schema/organisation.ts';
import { policies } from '../src/db/schema/policies.ts';
import { openApi, type Api } from '../src/rehearsal/api.ts';
import { startOwnStack, type RehearsalStack } from '../src/rehearsal/rehearsal-stack.ts';
import { addDays } from '../src/renewal/calendar.ts';
import { reportProgress } from '../src/stack/progress.ts';
import { caseState } from '../workflows/messages.ts';

// An agent with so many open cases leaves, on a stack of its own: npx node bench/orphans.ts [cases]
const cases = Number(process.argv[2] ?? 1_000);
const today = '2026-12-01';
const atOnce = 10;
const progress = reportProgress(process.stderr);

/** Seconds until the answer, until every signal was sent, and until every workflow had acted on it. */
type Times = { answered: number; told: number; acted: number };

async function fillBook({ db }: RehearsalStack): Promise<void> {
  await db.insert(branches).values({ id: 'B01', name: 'Bench' });
  await db.insert(teams).values({ id: 'T1', branchId: 'B01', supervisorId: 'S1' });
  const person = (id: string, role: string) => ({ id, name: id, roles: [role], branchId: 'B01', teamId: 'T1' });
  await db.insert(staff).values([person('L1', 'agent'), person('L2', 'agent'), person('S1', 'supervisor')]);
  const expiresOn = addDays(today, 40);
  const term = { startsOn: addDays(today, -324), expiresOn, termDays: 365, coverType: 'commercial', branchId: 'B01' };
  for (let from = 0; from < cases; from += 500) {
    const turns = Array.from({ length: Math.min(500, cases - from) }, (_, place) => from + place);
    const holders = turns.map((turn) => ({ id: uuidv7(), key: `K${turn}`, name: `K${turn}` }));
    await db.insert(customers).values(holders);
    await db.insert(policies).values(
      turns.map((turn, place) => ({
        ...term,
        id: uuidv7(),
        policyNumber: `P${turn}`,
        plate: `P${turn}`,
        premium: '4200.00',
        agentId: 'L1',
        supervisorId: 'S1',
        customerId: holders[place]?.id ?? '',
      })),
    );
  }
}

async function openCases(stack: RehearsalStack): Promise<string[]> {
  const { db, calendar } = stack;
  const ids: string[] = [];
  const opening = { runId: uuidv7(), calendar };
  const rows = await db.select().from(policies);
  await inParallel(rows, async (row) => {
    const id = await db.transaction((tx) => openRenewal(tx, row, opening));
    if (id === undefined) throw new Error(`${row.policyNumber} was not opened`);
    await startCase(stack, id);
    ids.push(id);
  });
  await untilAll(stack, ids, (state) => state.stage !== undefined);
  return ids;
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const walk = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, walk));
}

type Known = Awaited<ReturnType<typeof stateOf>>;

function stateOf({ temporal }: RehearsalStack, id: string) {
  return temporal.client.workflow.getHandle(id).query(caseState);
}

/** Asks every workflow until it is so; a query is answered only after what the workflow was told before. */
async function untilAll(stack: RehearsalStack, ids: readonly string[], isSo: (state: Known) => boolean): Promise<void> {
  await inParallel(ids, async (id) => {
    while (!isSo(await stateOf(stack, id).catch(() => ({}) as Known))) await sleep(200);
  });
}

async function untilTold({ db }: RehearsalStack, handoverId: string): Promise<void> {
  while ((await countItems(db, handoverId)).unnotified > 0) await sleep(50);
}

async function asBuilt(
  stack: RehearsalStack,
  api: Api,
  ids: readonly string[],
): Promise<Times & { handoverId: string }> {
  const started = performance.now();
  const left = await api.ask({
    by: 'admin',
    path: '/v1/staff/L1/departure',
    body: { effectiveOn: today },
    key: 'leaves',
  });
  const { id, total } = left.body as { id: string; total: number };
  if (total !== cases) throw new Error(`${total} cases instead of ${cases}`);
  const answered = since(started);
  await untilTold(stack, id);
  const told = since(started);
  await untilAll(stack, ids, (state) => !state.owned);
  return { handoverId: id, answered, told, acted: since(started) };
}

/** The same cases are somebody else's, who leaves too; nobody but this loop tells their workflows. */
async function oneByOne(stack: RehearsalStack, ids: readonly string[]): Promise<Times> {
  const started = performance.now();
  const handover = await stack.db.transaction((tx) => orphanCasesOf(tx, 'L2', stack.calendar));
  if (!handover) throw new Error('L2 owned nothing');
  const answered = since(started);
  for (const item of await unnotifiedItems(stack.db, handover.id, cases)) {
    await wakeCase(stack, item.renewalId, { key: `bench.${item.renewalId}`, kind: 'owner-left' });
    await markNotified(stack.db, item);
  }
  const told = since(started);
  await untilAll(stack, ids, (state) => !state.owned);
  return { answered, told, acted: since(started) };
}

async function giveAllTo(stack: RehearsalStack, api: Api, handoverId: string): Promise<void> {
  const body = { decision: 'assign', agentId: 'L2' };
  await api.ask({ by: 'S1', path: `/v1/handovers/${handoverId}/decision`, body, key: 'all' });
  await untilTold(stack, handoverId);
}

function since(started: number): number {
  return Number(((performance.now() - started) / 1_000).toFixed(1));
}

const signal = new AbortController().signal;
const stack = await startOwnStack({ today, dayMs: 86_400_000, keep: false, progress, signal });
try {
  const api = openApi(stack.urls.api, signal);
  await fillBook(stack);
  const ids = await progress.during(`Opening ${cases} cases`, () => openCases(stack));
  const { handoverId, ...built } = await progress.during('The agent leaves', () => asBuilt(stack, api, ids));
  await progress.during('Somebody gets them all', () => giveAllTo(stack, api, handoverId));
  await untilAll(stack, ids, (state) => state.owned);
  const slow = await progress.during('They leave too, told one by one', () => oneByOne(stack, ids));
  console.table({ 'as built': { cases, ...built }, 'told one by one': { cases, ...slow } });
  const [told, acted] = [slow.told / built.told, slow.acted / built.acted];
  console.log(`one by one takes ${told.toFixed(2)} times as long to tell, ${acted.toFixed(2)} until all have acted`);
} finally {
  await stack.close();
}
