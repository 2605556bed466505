import { uuidv7 } from 'uuidv7';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import type { Db } from '../../src/db/connection.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { branches, staff, teams } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';

/** Two branches under one head office, a team in each; `north` and `south` differ in everything but their parent. */
export async function seedOrganisation(db: Db): Promise<void> {
  const person = (id: string, role: string, place: { branchId?: string; teamId?: string }) => ({
    id,
    name: id,
    roles: [role],
    ...place,
  });
  await publishDefaultPlan(db);
  await db.insert(branches).values([
    { id: 'head', name: 'Head office' },
    { id: 'north', name: 'North', parentId: 'head' },
    { id: 'south', name: 'South', parentId: 'head' },
  ]);
  await db
    .insert(teams)
    .values(
      ['north', 'south'].map((branchId) => ({ id: `${branchId}-team`, branchId, supervisorId: `${branchId}-lead` })),
    );
  const inBranch = (branchId: string) => [
    person(`${branchId}-agent`, 'agent', { branchId, teamId: `${branchId}-team` }),
    person(`${branchId}-peer`, 'agent', { branchId, teamId: `${branchId}-team` }),
    person(`${branchId}-lead`, 'supervisor', { branchId, teamId: `${branchId}-team` }),
    person(`${branchId}-trainer`, 'trainer', { branchId, teamId: `${branchId}-team` }),
    person(`${branchId}-specialist`, 'specialist', { branchId }),
    person(`${branchId}-caller`, 'call-centre', { branchId }),
    person(`${branchId}-manager`, 'channel-manager', { branchId }),
  ];
  await db
    .insert(staff)
    .values([
      ...inBranch('north'),
      ...inBranch('south'),
      person('head-manager', 'general-manager', { branchId: 'head' }),
      { ...person('leaver', 'agent', { branchId: 'north', teamId: 'north-team' }), departedOn: '2020-01-01' },
    ]);
}

type RenewalRow = typeof renewals.$inferInsert;
type PolicyFacts = Partial<typeof policies.$inferInsert> & { number: string; customerName?: string; phone?: string };

/** A policy term of north with its holder; answers its id. */
export async function aPolicy(db: Db, { number, customerName, phone, ...facts }: PolicyFacts): Promise<string> {
  const name = customerName ?? '王小明';
  const customer = { id: uuidv7(), key: number, name, phone: phone ?? '+8613800001234', email: 'wang@example.com' };
  await db.insert(customers).values(customer);
  const id = uuidv7();
  await db.insert(policies).values({
    id,
    policyNumber: number,
    startsOn: '2029-07-01',
    expiresOn: '2030-06-30',
    termDays: 365,
    coverType: 'commercial',
    premium: '5480.00',
    branchId: 'north',
    customerId: customer.id,
    plate: '京A12345',
    vin: 'LSVAM4187C2184847',
    ...facts,
  });
  return id;
}

type CaseFacts = Partial<RenewalRow> & { number: string; plate?: string; customerName?: string; phone?: string };

/** One open case in follow-up, owned by north's agent unless said otherwise; answers its id. */
export async function aCase(db: Db, { number, plate, customerName, phone, ...facts }: CaseFacts): Promise<string> {
  const branchId = facts.branchId ?? 'north';
  const expiresOn = facts.expiresOn ?? '2030-06-30';
  const holder = { ...(customerName ? { customerName } : {}), ...(phone ? { phone } : {}) };
  const policyId = await aPolicy(db, { number, branchId, expiresOn, ...holder, ...(plate ? { plate } : {}) });
  const id = `renewal.${number}.20290701`;
  await db.insert(renewals).values({
    id,
    policyId,
    branchId,
    teamId: `${branchId}-team`,
    ownerId: `${branchId}-agent`,
    segment: 'claim-free',
    priority: 10,
    expiresOn,
    planVersion: 1,
    stage: 'follow-up',
    openedAt: new Date('2030-05-01T01:00:00Z'),
    nextActionAt: new Date('2030-05-31T01:00:00Z'),
    nextAction: 'stage:intensive-chase',
    ...facts,
  });
  return id;
}

export async function aTask(db: Db, facts: Partial<typeof tasks.$inferInsert>): Promise<string> {
  const id = uuidv7();
  await db.insert(tasks).values({
    id,
    key: id,
    kind: 'file-check',
    branchId: 'north',
    role: 'specialist',
    state: 'open',
    dueAt: new Date('2030-06-01T01:00:00Z'),
    createdAt: new Date('2030-05-01T01:00:00Z'),
    ...facts,
  });
  return id;
}
