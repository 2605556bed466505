import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../src/db/connection.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { absences, staff } from '../../src/db/schema/organisation.ts';
import { addDays, type Day } from '../../src/renewal/calendar.ts';
import { insertPolicy, type PolicyFacts } from '../support/given-book.ts';

/** Policies of one kind: how many, and how many days after the forecast day they expire. */
type Group = { policies: number; expiresIn: number; facts?: PolicyFacts };

const groups: readonly Group[] = [
  { policies: 12, expiresIn: 60 },
  { policies: 2, expiresIn: 60, facts: { channel: 'telesales', specialistId: null } },
  { policies: 2, expiresIn: 60, facts: { agentId: 'A2' } },
  { policies: 20, expiresIn: 45 },
  { policies: 4, expiresIn: 45, facts: { agentId: 'A2', fleetNumber: 'F1' } },
  { policies: 20, expiresIn: 30 },
  { policies: 5, expiresIn: 30, facts: { premium: '60000.00' } },
  { policies: 20, expiresIn: 15 },
  { policies: 8, expiresIn: 15, facts: { agentId: 'A2' } },
  { policies: 15, expiresIn: 7 },
  { policies: 10, expiresIn: 3 },
  { policies: 10, expiresIn: 0 },
  { policies: 10, expiresIn: -3 },
  { policies: 6, expiresIn: 20, facts: { agentId: 'A3' } },
  { policies: 6, expiresIn: 30, facts: { agentId: null, specialistId: null } },
];

/** Staff of a second line, and a book in which on one day something of every kind is due. */
export async function addMixedBook(db: Db, { today, day }: { today: Day; day: Day }): Promise<void> {
  await addMorePeople(db, { today, day });
  let turn = 0;
  const add = (facts: PolicyFacts) => insertPolicy(db, (turn += 1), { startsOn: '2026-04-01', ...facts });
  for (const { policies, expiresIn, facts } of groups) {
    const expiresOn = addDays(day, expiresIn);
    for (let each = 0; each < policies; each += 1) await add({ expiresOn, ...facts });
  }
  await addSharedCustomers(add, day);
  await withholdConsents(db);
}

/** A supervisor's second specialist takes what the first has no room for, and an agent has left. */
async function addMorePeople(db: Db, { today, day }: { today: Day; day: Day }): Promise<void> {
  const more = { branchId: 'B01', contactsPerDay: null, customerCapacity: null };
  await db.insert(staff).values([
    { ...more, id: 'X2', name: 'X2', roles: ['specialist'] },
    { ...more, id: 'A3', name: 'A3', roles: ['agent'], teamId: 'T1', departedOn: today },
    { ...more, id: 'A4', name: 'A4', roles: ['agent'], teamId: 'T1' },
  ]);
  await db.update(staff).set({ contactsPerDay: 2 }).where(eq(staff.id, 'X1'));
  const leave = { id: uuidv7(), staffId: 'A2', fromOn: addDays(day, -1), toOn: addDays(day, 4) };
  await db.insert(absences).values({ ...leave, recordedBy: 'S1', recordedAt: new Date() });
}

type Add = (facts: PolicyFacts) => Promise<{ customerId: string; plate: string | null }>;

/** Companion policies of one vehicle, and customers of whose vehicles two or four have a touch on one day. */
async function addSharedCustomers(add: Add, day: Day): Promise<void> {
  for (let pair = 0; pair < 5; pair += 1) {
    const { customerId, plate } = await add({ expiresOn: addDays(day, 15) });
    await add({ customerId, plate, coverType: 'compulsory', expiresOn: addDays(day, 15) });
  }
  for (let each = 0; each < 4; each += 1) {
    const { customerId } = await add({ expiresOn: addDays(day, 7) });
    await add({ customerId, expiresOn: addDays(day, 7) });
  }
  const { customerId } = await add({ expiresOn: addDays(day, 28) });
  for (const days of [12, 29, 30]) await add({ customerId, expiresOn: addDays(day, days) });
}

async function withholdConsents(db: Db): Promise<void> {
  const all = await db.select({ id: customers.id }).from(customers).orderBy(customers.key);
  for (const [place, { id }] of all.entries()) {
    if (place % 10 === 3) await db.update(customers).set({ emailConsent: false }).where(eq(customers.id, id));
    if (place % 10 === 6) await db.update(customers).set({ smsOptedOutAt: new Date() }).where(eq(customers.id, id));
    if (place % 20 === 9) await db.update(customers).set({ phone: null }).where(eq(customers.id, id));
  }
}
