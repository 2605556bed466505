import { asc, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { createCaseActivities, type CaseActivities } from '../../activities/case.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { connectDatabase, type Connection, type Db } from '../../src/db/connection.ts';
import { openRenewal } from '../../src/db/cases/intake-records.ts';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { branches, staff, teams } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { StageQuestion } from '../../src/renewal/case-answers.ts';
import { daysBeforeT, shanghai } from './given-plan.ts';
import { freshDatabase } from './postgres.ts';

type PolicyRow = typeof policies.$inferSelect;
export type PolicyFacts = Partial<typeof policies.$inferInsert>;

/** A book of policies in a database of its own, with one team: an agent, a supervisor, a specialist and a call centre. */
export type Book = {
  db: Db;
  connection: Connection;
  databaseUrl: string;
  ownerUrl: string;
  steps: CaseActivities;
  /** Sets the business clock to a minute of the day so many days before T (2027-03-31). */
  setTime: (daysBefore: number, minute?: number) => Promise<void>;
  addPolicy: (facts?: PolicyFacts) => Promise<PolicyRow>;
  /** Opens the case of a new policy; it has no workflow. */
  openCase: (facts?: PolicyFacts) => Promise<string>;
  turn: (
    renewalId: string,
    why: StageQuestion['why'],
    more?: Partial<StageQuestion>,
  ) => ReturnType<CaseActivities['turnStage']>;
  renewal: (id: string) => Promise<typeof renewals.$inferSelect>;
  tasks: (renewalId: string) => Promise<(typeof tasks.$inferSelect)[]>;
  messages: (renewalId: string) => Promise<(typeof messages.$inferSelect)[]>;
  events: (renewalId: string) => Promise<string[]>;
  result: (id: string) => Promise<typeof contactResults.$inferSelect>;
  close: () => Promise<void>;
};

const evening = 20 * 60;

export async function openBook(): Promise<Book> {
  const database = await freshDatabase();
  const connection = connectDatabase(database.databaseUrl);
  const { databaseUrl, ownerUrl } = database;
  const close = async (): Promise<void> => {
    await connection.close();
    await database.drop();
  };
  return { ...(await bookIn(connection.db)), connection, databaseUrl, ownerUrl, close };
}

/** The same book in a database that is there already. */
export async function bookIn(db: Db): Promise<Omit<Book, 'connection' | 'databaseUrl' | 'ownerUrl' | 'close'>> {
  await publishDefaultPlan(db);
  await addPeople(db);
  let added = 0;
  const addPolicy = (facts: PolicyFacts = {}): Promise<PolicyRow> => insertPolicy(db, (added += 1), facts);
  const steps = createCaseActivities({ db, calendar: shanghai });
  return {
    db,
    steps,
    addPolicy,
    setTime: (daysBefore, minute = evening) =>
      anchorClock(db, { businessAt: daysBeforeT(daysBefore, { minute }), speed: 1 }),
    openCase: async (facts) => {
      const policy = await addPolicy(facts);
      return (await db.transaction((tx) => openRenewal(tx, policy, { runId: uuidv7(), calendar: shanghai })))!;
    },
    turn: (renewalId, why, more = {}) =>
      steps.turnStage({ renewalId, stamp: '', why, from: undefined, resultCounted: false, ...more }),
    renewal: async (id) => (await db.select().from(renewals).where(eq(renewals.id, id)))[0]!,
    tasks: (id) =>
      db.select().from(tasks).where(eq(tasks.renewalId, id)).orderBy(asc(tasks.createdAt), asc(tasks.kind)),
    messages: (id) =>
      db.select().from(messages).where(eq(messages.renewalId, id)).orderBy(asc(messages.dueAt), asc(messages.channel)),
    events: async (id) => {
      const entries = await db.select().from(journal).where(eq(journal.chain, id)).orderBy(asc(journal.sequence));
      return entries.map((entry) => entry.event);
    },
    result: async (id) => (await db.select().from(contactResults).where(eq(contactResults.id, id)))[0]!,
  };
}

/** One branch with two teams, and the people who work its policies. */
export async function addPeople(db: Db): Promise<void> {
  await db.insert(branches).values({ id: 'B01', name: '济南分公司' });
  await db.insert(teams).values([
    { id: 'T1', branchId: 'B01', supervisorId: 'S1' },
    { id: 'T2', branchId: 'B01', supervisorId: 'S2' },
  ]);
  const person = (id: string, role: string, teamId?: string) => ({
    id,
    name: id,
    roles: [role],
    branchId: 'B01',
    ...(teamId ? { teamId } : {}),
  });
  await db
    .insert(staff)
    .values([
      person('A1', 'agent', 'T1'),
      person('A2', 'agent', 'T1'),
      person('S1', 'supervisor', 'T1'),
      person('S2', 'supervisor', 'T2'),
      person('X1', 'specialist'),
      person('C1', 'call-centre'),
    ]);
}

/** A policy of a customer of its own; `turn` tells it from the others. */
export async function insertPolicy(db: Db, turn: number, facts: PolicyFacts): Promise<PolicyRow> {
  const customerId = facts.customerId ?? (await insertCustomer(db, turn));
  const [policy] = await db
    .insert(policies)
    .values({
      id: uuidv7(),
      policyNumber: `P${turn}`,
      startsOn: '2026-04-01',
      expiresOn: '2027-03-31',
      termDays: 365,
      coverType: 'commercial',
      plate: `鲁A${String(10_000 + turn)}`,
      vin: null,
      premium: '4200.00',
      branchId: 'B01',
      agentId: 'A1',
      supervisorId: 'S1',
      specialistId: 'X1',
      customerId,
      ...facts,
    })
    .returning();
  return policy!;
}

async function insertCustomer(db: Db, turn: number): Promise<string> {
  const id = uuidv7();
  const phone = `+861990000${String(turn).padStart(4, '0')}`;
  const notices = { smsNoticeConsent: true, emailNoticeConsent: true };
  const consent = { smsConsent: true, emailConsent: true, ...notices };
  await db
    .insert(customers)
    .values({ id, key: `K${turn}`, name: '王芳', phone, email: `k${turn}@example.com`, ...consent });
  return id;
}
