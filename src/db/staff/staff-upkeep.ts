import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { lockCasesWhere } from '../cases/case-locks.ts';
import { bringToTeamOf } from '../cases/owner-records.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { staff, teams } from '../schema/organisation.ts';
import { renewals } from '../schema/renewals.ts';
import { movedEntries } from '../tasks/moved-tasks.ts';
import { findPlacementProblem, isAtOrAbove, placed, type PlacementProblem } from './staff-placement.ts';
import type { Role } from './staff-records.ts';
import { changedFields, journaliseUpkeep, wasDoneBy, withNamed, type Change, type Named } from './upkeep.ts';

export type StaffRow = typeof staff.$inferSelect;

/** What an admin says of a person; the branch follows from the team when only the team is named. */
export type StaffFacts = {
  name: string;
  roles: Role[];
  branchId: string | null;
  teamId: string | null;
  customerCapacity: number | null;
  contactsPerDay: number | null;
  email: string | null;
  /** E.164. */
  phone: string | null;
  language: string;
  digestSms: boolean;
};

type ChangeRefusal =
  | { kind: 'misplaced'; problem: PlacementProblem }
  | { kind: 'own-admin-role' }
  | { kind: 'last-admin' }
  | { kind: 'leads-a-team'; teamId: string }
  | { kind: 'owns-open-cases'; cases: number };

export type StaffAnswer = { kind: 'done'; row: StaffRow } | { kind: 'unknown' } | { kind: 'taken' } | ChangeRefusal;

const chainOf = (id: string): string => `staff.${id}`;

/** Enters somebody under a staff number that nobody has yet. */
export async function enterPerson(
  db: Db,
  { id, ...written }: StaffFacts & { id: string },
  change: Change,
): Promise<StaffAnswer> {
  return db.transaction(async (tx): Promise<StaffAnswer> => {
    const facts = await placed(tx, written);
    const problem = await findPlacementProblem(tx, facts);
    if (problem) return { kind: 'misplaced', problem };
    const entered = { chain: chainOf(id), event: 'staff-entered' };
    const row = { id, ...facts };
    const [created] = await tx.insert(staff).values(row).onConflictDoNothing().returning();
    if (!created) return (await wasDoneBy(tx, entered, change)) ? readPerson(tx, id) : { kind: 'taken' };
    await journaliseUpkeep(tx, { ...entered, inputs: codesOf(facts) }, change);
    return { kind: 'done', row: created };
  });
}

async function readPerson(tx: Db, id: string): Promise<StaffAnswer> {
  const [row] = await tx.select().from(staff).where(eq(staff.id, id));
  return row ? { kind: 'done', row } : { kind: 'unknown' };
}

/** What moves work about says when that was. */
type ChangeOfWork = Change & { calendar: Calendar };

/** Changes what is named of a person; the rest stays. Open cases of theirs follow to another team. */
export async function changePerson(
  db: Db,
  { id, ...named }: Named<StaffFacts> & { id: string },
  change: ChangeOfWork,
): Promise<StaffAnswer> {
  return db.transaction(async (tx): Promise<StaffAnswer> => {
    const owned = and(eq(renewals.ownerId, id), isNull(renewals.outcome));
    const cases = named.teamId === undefined ? [] : await lockCasesWhere(tx, owned);
    // All admins are locked in one order, so that two of them cannot take each other's role away at once.
    const locked = await tx
      .select()
      .from(staff)
      .where(sql`${staff.id} = ${id} or 'admin' = any(${staff.roles})`)
      .orderBy(staff.id)
      .for('no key update');
    const row = locked.find((one) => one.id === id);
    if (!row) return { kind: 'unknown' };
    const before = factsOf(row);
    const after = await placed(tx, withNamed(before, named));
    const isLastAdmin = !locked.some((one) => one.id !== id && one.departedOn === null && one.roles.includes('admin'));
    const refusal = roleRefusal({ before, after, isOwn: id === change.by, isLastAdmin });
    if (refusal) return refusal;
    const refused = await dutyRefusal(tx, { id, before, after });
    return refused ?? writeChange(tx, { row, after, cases }, change);
  });
}

type ToWrite = { row: StaffRow; after: StaffFacts; cases: readonly string[] };

async function writeChange(tx: Db, { row, after, cases }: ToWrite, { calendar, ...change }: ChangeOfWork) {
  const before = factsOf(row);
  const changed = changedFields(before, after);
  if (changed.length === 0) return { kind: 'done' as const, row };
  const written = onlyRow(await tx.update(staff).set(after).where(eq(staff.id, row.id)).returning());
  const inputs = { changed, before: codesOf(before), after: codesOf(after) };
  await journaliseUpkeep(tx, { chain: chainOf(row.id), event: 'staff-changed', inputs }, change);
  if (changed.includes('teamId')) await bringCasesAlong(tx, { cases, ownerId: row.id }, { ...change, calendar });
  return { kind: 'done' as const, row: written };
}

async function bringCasesAlong(
  tx: Db,
  { cases, ownerId }: { cases: readonly string[]; ownerId: string },
  { by, calendar }: ChangeOfWork,
): Promise<void> {
  const { renewalIds, teamId, moved } = await bringToTeamOf(tx, cases, ownerId);
  const { now } = await readClock(tx);
  const entry = { actor: by, event: 'team-changed', reason: 'owner-moved', inputs: { ownerId, teamId } };
  const entries = renewalIds.map((chain) => ({ ...entry, chain }));
  await journalise(tx, [...entries, ...movedEntries(moved, { calendar, now })]);
}

type Facts = { before: StaffFacts; after: StaffFacts };

function roleRefusal(change: Facts & { isOwn: boolean; isLastAdmin: boolean }): ChangeRefusal | undefined {
  if (!loses(change, 'admin')) return undefined;
  if (change.isOwn) return { kind: 'own-admin-role' };
  return change.isLastAdmin ? { kind: 'last-admin' } : undefined;
}

async function dutyRefusal(tx: Db, { id, ...change }: Facts & { id: string }): Promise<ChangeRefusal | undefined> {
  const problem = await findPlacementProblem(tx, change.after);
  if (problem) return { kind: 'misplaced', problem };
  const left = await teamLeftBehind(tx, id, change);
  if (left !== undefined) return { kind: 'leads-a-team', teamId: left };
  if (!mayOwnCases(change.before) || mayOwnCases(change.after)) return undefined;
  const cases = await tx.$count(renewals, and(eq(renewals.ownerId, id), isNull(renewals.outcome)));
  return cases > 0 ? { kind: 'owns-open-cases', cases } : undefined;
}

/** A team that would be led by no supervisor, or from a branch that is neither its own nor above. */
async function teamLeftBehind(tx: Db, id: string, change: Facts): Promise<string | undefined> {
  const { branchId } = change.after;
  const goes = loses(change, 'supervisor');
  if (!goes && branchId === change.before.branchId) return undefined;
  const led = await tx
    .select({ id: teams.id, branchId: teams.branchId })
    .from(teams)
    .where(eq(teams.supervisorId, id))
    .orderBy(teams.id);
  for (const team of led) {
    if (goes || branchId === null || !(await isAtOrAbove(tx, branchId, team.branchId))) return team.id;
  }
  return undefined;
}

function loses({ before, after }: Facts, role: Role): boolean {
  return before.roles.includes(role) && !after.roles.includes(role);
}

function mayOwnCases({ roles }: StaffFacts): boolean {
  return roles.some((role) => role === 'agent' || role === 'supervisor' || role === 'specialist');
}

function factsOf({ id: _id, roles, departedOn: _departedOn, createdAt: _createdAt, ...facts }: StaffRow): StaffFacts {
  return { ...facts, roles: roles as Role[] };
}

/** Everything but the name and the addresses. */
function codesOf({ name: _name, email: _email, phone: _phone, ...codes }: StaffFacts) {
  return codes;
}
