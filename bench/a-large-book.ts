import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { uuidv7 } from 'uuidv7';
import { businessCalendar } from '../src/calendar/business-calendar.ts';
import { anchorClock } from '../src/db/business-clock.ts';
import { renewalIdOf } from '../src/db/cases/intake-records.ts';
import { publishDefaultPlan } from '../src/db/cases/plan-records.ts';
import { connectDatabase, type Db } from '../src/db/connection.ts';
import { migrate } from '../src/db/migrate.ts';
import { customers } from '../src/db/schema/customers.ts';
import { messages } from '../src/db/schema/messages.ts';
import { branches, staff, teams } from '../src/db/schema/organisation.ts';
import { policies } from '../src/db/schema/policies.ts';
import { renewals } from '../src/db/schema/renewals.ts';
import { tasks } from '../src/db/schema/tasks.ts';
import { addDays } from '../src/renewal/calendar.ts';
import { planCase, stageAt } from '../src/renewal/case-plan.ts';
import { defaultStagePlan } from '../src/renewal/default-stage-plan.ts';
import { choosePriority, chooseSegment } from '../src/renewal/segment.ts';
import { planStageWork } from '../src/renewal/stage-work.ts';
import { roleFor } from '../src/renewal/task.ts';
import { freePort } from '../src/stack/ports.ts';
import { preparePostgres } from '../src/stack/postgres.ts';

const agents = 400;
export const calendar = businessCalendar('Asia/Shanghai');
const today = '2026-12-01';
const now = calendar.instantOf(today, 20 * 60);
const atOnce = 1_000;

/** How many cases are open, and how many policies come after them. */
export type BookSize = { open: number; coming: number };

async function addPeople(db: Db): Promise<void> {
  const numbers = Array.from({ length: agents }, (_, turn) => turn);
  const branchIds = [...new Set(numbers.map(branchOf))];
  await db.insert(branches).values(branchIds.map((id) => ({ id, name: id })));
  await db.insert(teams).values(branchIds.map((id) => ({ id: `${id}T`, branchId: id, supervisorId: `${id}S` })));
  const person = (id: string, role: string, branchId: string) => ({
    id,
    name: id,
    roles: [role],
    branchId,
    teamId: `${branchId}T`,
  });
  await db.insert(staff).values(numbers.map((turn) => person(agentOf(turn), 'agent', branchOf(turn))));
  const leaders = branchIds.flatMap((id) => [person(`${id}S`, 'supervisor', id), person(`${id}X`, 'specialist', id)]);
  await db.insert(staff).values(leaders);
}

function branchOf(turn: number): string {
  return `B${turn % 20}`;
}

function agentOf(turn: number): string {
  return `${branchOf(turn)}A${turn % agents}`;
}

type Row = ReturnType<typeof policyOf>;

/** Every tenth customer has two policies, every fiftieth of them for one vehicle. */
function policyOf(turn: number, daysLeft: number) {
  const holder = turn % 10 === 9 ? turn - 1 : turn;
  const expiresOn = addDays(today, daysLeft);
  return {
    id: uuidv7(),
    policyNumber: `P${turn}`,
    startsOn: addDays(expiresOn, -364),
    expiresOn,
    termDays: 365,
    coverType: turn % 50 === 49 ? 'compulsory' : 'commercial',
    plate: `P${turn % 50 === 49 ? turn - 1 : turn}`,
    premium: turn % 40 === 0 ? '60000.00' : '4200.00',
    claimsCount: turn % 3,
    branchId: branchOf(turn),
    agentId: agentOf(turn),
    supervisorId: `${branchOf(turn)}S`,
    specialistId: `${branchOf(turn)}X`,
    customerId: holderOf(holder),
  };
}

/** The same for every run, so that a policy knows its holder without a list of them. */
function holderOf(turn: number): string {
  return `00000000-0000-7000-8000-${String(turn).padStart(12, '0')}`;
}

async function addHolders(db: Db, { open, coming }: BookSize): Promise<void> {
  const holders = Array.from({ length: open + coming }, (_, turn) => holderOf(turn));
  const notices = { smsNoticeConsent: true, emailNoticeConsent: true };
  const consent = { smsConsent: true, emailConsent: true, ...notices };
  await inParts(holders, async (part, from) => {
    const rows = part.map((id, place) => ({
      ...consent,
      id,
      key: id,
      name: id,
      phone: `+86199${String(from + place).padStart(8, '0')}`,
      email: `${id}@example.com`,
    }));
    await db.insert(customers).values(rows);
  });
}

async function inParts<Item>(
  items: readonly Item[],
  add: (part: Item[], from: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) await add(items.slice(from, from + atOnce), from);
}

/** Cases in all stages, with the messages and tasks that the present stage planned. */
async function addOpenCases(db: Db, { open }: BookSize): Promise<void> {
  const turns = Array.from({ length: open }, (_, turn) => turn);
  await inParts(turns, async (part) => {
    const rows = part.map((turn) => policyOf(turn, (turn % 62) - 2));
    await db.insert(policies).values(rows);
    await db.insert(renewals).values(rows.map(caseOf));
    const [touches, work] = [rows.flatMap(messagesOf), rows.flatMap(tasksOf)];
    if (touches.length > 0) await db.insert(messages).values(touches);
    if (work.length > 0) await db.insert(tasks).values(work);
  });
}

function planOf(row: Row) {
  const plan = planCase({ expiresOn: row.expiresOn, spreadKey: renewalIdOf(row) }, defaultStagePlan, calendar);
  return { plan, stage: stageAt(plan, now) };
}

function caseOf(row: Row): typeof renewals.$inferInsert {
  const { plan, stage } = planOf(row);
  return {
    id: renewalIdOf(row),
    policyId: row.id,
    branchId: row.branchId,
    teamId: `${row.branchId}T`,
    ownerId: row.agentId,
    segment: chooseSegment(row),
    priority: choosePriority(row),
    expiresOn: row.expiresOn,
    planVersion: 1,
    armedPlanVersion: 1,
    stage: stage?.stage ?? null,
    stageOpenedAt: stage ? new Date(stage.opensAt) : null,
    stageEndsAt: stage ? new Date(stage.endsAt) : null,
    openedAt: new Date(plan.stages[0]?.opensAt ?? now),
    workflowStartedAt: new Date(),
  };
}

function messagesOf(row: Row): (typeof messages.$inferInsert)[] {
  const { plan, stage } = planOf(row);
  return plan.touches
    .filter((touch) => touch.stage === stage?.stage)
    .flatMap((touch) =>
      touch.channels.map((channel) => ({
        id: uuidv7(),
        renewalId: renewalIdOf(row),
        touch: touch.key,
        channel,
        customerId: row.customerId,
        template: touch.template,
        state: touch.dueAt > now ? 'planned' : 'accepted',
        dueAt: new Date(touch.dueAt),
        latestAt: new Date(touch.latestAt),
        claimedAt: touch.dueAt > now ? null : new Date(touch.dueAt),
      })),
    );
}

function tasksOf(row: Row): (typeof tasks.$inferInsert)[] {
  const { stage } = planOf(row);
  if (!stage) return [];
  const facts = { stage, expiresOn: row.expiresOn, openedAt: 0, segment: chooseSegment(row), confirmed: false };
  return planStageWork(facts, defaultStagePlan, calendar).map(({ kind, occasion, startsAt, dueAt }) => ({
    id: uuidv7(),
    key: `${renewalIdOf(row)}/${kind}/${occasion}`,
    kind,
    renewalId: renewalIdOf(row),
    branchId: row.branchId,
    teamId: `${row.branchId}T`,
    assigneeId: roleFor(kind) === 'agent' ? row.agentId : row.specialistId,
    role: roleFor(kind),
    state: 'open',
    stage: stage.stage,
    startsAt: startsAt === undefined ? null : new Date(startsAt),
    dueAt: new Date(dueAt),
    createdAt: new Date(stage.opensAt),
  }));
}

async function addComing(db: Db, { open, coming }: BookSize): Promise<void> {
  const turns = Array.from({ length: coming }, (_, turn) => open + turn);
  await inParts(turns, async (part) => {
    await db.insert(policies).values(part.map((turn) => policyOf(turn, 61 + (turn % 58))));
  });
}

/** Fills a throwaway PostgreSQL with a made book on the evening of 2026-12-01, and takes it away after the work. */
export async function withLargeBook(size: BookSize, work: (db: Db) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xubao-bench-'));
  chmodSync(dataDir, 0o711);
  const logFile = join(dataDir, 'postgres.log');
  const postgres = preparePostgres({ dataDir, port: await freePort(), logFile, throwaway: true });
  const server = await postgres.start();
  try {
    await migrate(postgres.ownerUrl(), postgres.databaseUrl());
    const { db, close } = connectDatabase(postgres.databaseUrl(), { connections: 2 });
    await publishDefaultPlan(db);
    await anchorClock(db, { businessAt: now, speed: 1 });
    await addPeople(db);
    await addHolders(db, size);
    await addOpenCases(db, size);
    await addComing(db, size);
    await db.execute('analyze');
    await work(db);
    await close();
  } finally {
    await server.stop();
    for (const folder of [dataDir, postgres.folder]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Does some work and says how long it took, beside what the machine had to do. */
export async function measured<Answer>(work: () => Promise<Answer>): Promise<{ answer: Answer; took: string }> {
  const before = loadavg()[0] ?? 0;
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 200);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const answer = await work();
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(sampler);
  const { user, system } = process.cpuUsage(cpu);
  const memory = `at most ${(peak / 2 ** 20).toFixed(0)} MiB`;
  const took = `${seconds.toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s, ${memory}, load average before ${before.toFixed(1)}`;
  return { answer, took };
}
