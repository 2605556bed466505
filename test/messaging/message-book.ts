import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { connectDatabase, type Db } from '../../src/db/connection.ts';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import type { MessageRow } from '../../src/db/messages/message-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { branches, staff } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import type { Channel } from '../../src/renewal/stage-plan.ts';
import { freshDatabase } from '../support/postgres.ts';

export const calendar = businessCalendar('Asia/Shanghai');

/** A written Shanghai time as milliseconds since the epoch. */
export const at = (written: string): number => Date.parse(`${written}:00+08:00`);

type Case = {
  customer?: Partial<typeof customers.$inferInsert>;
  policy?: Partial<typeof policies.$inferInsert>;
  renewal?: Partial<typeof renewals.$inferInsert>;
};
type Touch = Partial<typeof messages.$inferInsert> & { channel?: Channel };

export type MessageBook = Awaited<ReturnType<typeof openMessageBook>>;

/** A database with a branch and an agent, to which a test adds customers, cases and planned messages. */
export async function openMessageBook() {
  const database = await freshDatabase();
  const connection = connectDatabase(database.databaseUrl);
  const { db } = connection;
  await publishDefaultPlan(db);
  await db.insert(branches).values({ id: '3701', name: '济南分公司' });
  await db.insert(staff).values({ id: 'A1', name: '李四', roles: ['agent'], branchId: '3701' });
  return {
    db,
    databaseUrl: database.databaseUrl,
    ownerUrl: database.ownerUrl,
    setTime: (written: string) => anchorClock(db, { businessAt: at(written), speed: 1 }),
    addCustomer: (changed: Case['customer'] = {}) => addCustomer(db, changed),
    addCase: (changed: Case = {}) => addCase(db, changed),
    plan: (renewalId: string, changed: Touch = {}) => planTouch(db, renewalId, changed),
    findMessage: (id: string) => findMessage(db, id),
    eventsOf: async (renewalId: string) =>
      (await db.select().from(journal).where(eq(journal.chain, renewalId)).orderBy(journal.sequence)).map(
        ({ event, reason }) => `${event} ${reason}`,
      ),
    close: async () => {
      await connection.close();
      await database.drop();
    },
  };
}

const added = new Map<Db, number>();

/** The first one of a book is reached at +8613800000001 and wang@example.com, the others elsewhere. */
async function addCustomer(db: Db, changed: Case['customer']): Promise<string> {
  const turn = (added.get(db) ?? 0) + 1;
  added.set(db, turn);
  const id = randomUUID();
  const notices = { smsNoticeConsent: true, emailNoticeConsent: true };
  const allowed = { smsConsent: true, emailConsent: true, ...notices };
  const phone = `+86138${String(turn).padStart(8, '0')}`;
  const reachable = { phone, email: turn === 1 ? 'wang@example.com' : `wang.${turn}@example.com`, ...allowed };
  await db.insert(customers).values({ id, key: id, name: '王芳', ...reachable, ...changed });
  return id;
}

/** An open case that expires on 2027-03-31, of a vehicle and a customer of its own unless told otherwise. */
async function addCase(db: Db, { customer, policy, renewal }: Case): Promise<string> {
  const id = randomUUID();
  const policyNumber = `P${id.slice(0, 8)}`;
  const plate = `鲁A${id.slice(0, 5).toUpperCase()}`;
  const customerId = policy?.customerId ?? (await addCustomer(db, customer));
  const term = { startsOn: '2026-04-01', expiresOn: '2027-03-31', termDays: 365, coverType: 'commercial' };
  const owned = { branchId: '3701', agentId: 'A1' };
  await db
    .insert(policies)
    .values({ id, policyNumber, ...term, plate, premium: '5418.68', ...owned, customerId, ...policy });
  const opened = { openedAt: new Date(at('2027-01-30T09:00')), planVersion: 1, stage: 'intensive-chase' };
  const facts = { segment: 'claim-free', priority: 10, branchId: '3701', ownerId: 'A1', expiresOn: '2027-03-31' };
  await db.insert(renewals).values({ id: `renewal.${id}`, policyId: id, ...facts, ...opened, ...renewal });
  return `renewal.${id}`;
}

/** A t-15 touch by SMS, due on 2027-03-16 at 09:30 unless told otherwise. */
async function planTouch(db: Db, renewalId: string, changed: Touch): Promise<string> {
  const id = randomUUID();
  const [row] = await db
    .select({ customerId: policies.customerId })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(eq(renewals.id, renewalId));
  const due = { dueAt: new Date(at('2027-03-16T09:30')), latestAt: new Date(at('2027-03-17T09:30')) };
  const touch = { touch: 't-15', channel: 'sms', template: 'expiry-near', state: 'planned' };
  await db.insert(messages).values({ id, renewalId, customerId: row?.customerId ?? '', ...touch, ...due, ...changed });
  return id;
}

async function findMessage(db: Db, id: string): Promise<MessageRow> {
  const [row] = await db.select().from(messages).where(eq(messages.id, id));
  if (!row) throw new Error('there is no such message');
  return row;
}
