import { uuidv7 } from 'uuidv7';
import type { Db } from '../../src/db/connection.ts';
import { absences, staff } from '../../src/db/schema/organisation.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { Workload } from '../../src/renewal/assignment.ts';

/** Somebody with nothing to do and no limit, unless said otherwise. */
export function aWorkload(staffId: string, facts: Partial<Workload> = {}): Workload {
  return {
    staffId,
    departedOn: null,
    absences: [],
    openTasks: 0,
    customers: 0,
    customerCapacity: null,
    contacts: {},
    contactsPerDay: null,
    ...facts,
  };
}

/** Enters somebody of branch B01; agents and supervisors belong to team T1. */
export async function addPerson(
  db: Db,
  { id, role, ...facts }: Partial<typeof staff.$inferInsert> & { id: string; role: string },
): Promise<void> {
  const teamId = role === 'agent' || role === 'supervisor' ? 'T1' : null;
  await db.insert(staff).values({ id, name: id, roles: [role], branchId: 'B01', teamId, ...facts });
}

/** Leave of somebody, both days included. */
export async function addLeave(db: Db, leave: { staffId: string; fromOn: string; toOn: string }): Promise<void> {
  const recordedAt = new Date('2027-01-01T00:00:00Z');
  await db.insert(absences).values({ id: uuidv7(), ...leave, recordedBy: 'S1', recordedAt });
}

/** An open file check of branch B01 in nobody's hands, unless said otherwise; answers its id. */
export async function addTask(db: Db, facts: Partial<typeof tasks.$inferInsert> = {}): Promise<string> {
  const id = uuidv7();
  await db.insert(tasks).values({
    id,
    key: id,
    kind: 'file-check',
    role: 'specialist',
    branchId: 'B01',
    state: 'open',
    dueAt: new Date('2027-02-04T10:00:00Z'),
    createdAt: new Date('2027-01-30T01:00:00Z'),
    ...facts,
  });
  return id;
}
