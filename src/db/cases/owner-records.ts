import { and, eq, inArray, isNull, notInArray, or, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { fleets } from '../schema/fleets.ts';
import { staff, teams } from '../schema/organisation.ts';
import { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';
import { movedBy, movedColumns, type MovedTask } from '../tasks/moved-tasks.ts';

/** Seconds without an owner up to now, with the ones before. */
export const unownedUntilNow = sql`${renewals.unownedSeconds}
  + coalesce(extract(epoch from business_now() - ${renewals.orphanedAt}), 0)::int`;

/**
 * Gives cases that the caller has locked a new owner: open tasks of the agent move, a case of another team comes to the
 * owner's with its supervisor's tasks, and the time without an owner is kept (business.md, Orphans). Answers the tasks that
 * moved, for the journal.
 */
export async function changeOwner(tx: Db, renewalIds: readonly string[], ownerId: string): Promise<MovedTask[]> {
  const ids = [...renewalIds];
  if (ids.length === 0) return [];
  await tx
    .update(renewals)
    .set({ ownerId, orphanedAt: null, unownedSeconds: unownedUntilNow })
    .where(inArray(renewals.id, ids));
  const ofAgent = await moveTasksOfAgent(tx, ids, ownerId);
  const { moved: ofSupervisor } = await bringToTeamOf(tx, ids, ownerId);
  return [...ofAgent, ...ofSupervisor];
}

/** Brings cases that the caller has locked to the team of their owner, unless they lie in one of theirs; answers those moved, and their tasks. */
export async function bringToTeamOf(
  tx: Db,
  renewalIds: readonly string[],
  ownerId: string,
): Promise<{ renewalIds: string[]; teamId: string | null; moved: MovedTask[] }> {
  const { home, own } = await teamsOf(tx, ownerId);
  if (!home) return { renewalIds: [], teamId: null, moved: [] };
  const isElsewhere = or(isNull(renewals.teamId), notInArray(renewals.teamId, own));
  const cases = await tx
    .select({ id: renewals.id })
    .from(renewals)
    .where(and(inArray(renewals.id, [...renewalIds]), isElsewhere));
  const moving = cases.map(({ id }) => id);
  const moved = moving.length > 0 ? await moveToTeam(tx, moving, { home, ownerId }) : [];
  return { renewalIds: moving, teamId: home.id, moved };
}

type Home = { id: string; supervisorId: string | null };

/** The team somebody belongs to, else the first that they lead, and all of these. */
async function teamsOf(tx: Db, staffId: string): Promise<{ home: Home | undefined; own: string[] }> {
  const rows = await tx
    .select({ id: teams.id, supervisorId: teams.supervisorId })
    .from(teams)
    .innerJoin(staff, eq(staff.id, staffId))
    .where(sql`${teams.id} = ${staff.teamId} or ${teams.supervisorId} = ${staffId}`)
    .orderBy(sql`${teams.id} = ${staff.teamId} desc nulls last`, teams.id);
  return { home: rows[0], own: rows.map(({ id }) => id) };
}

async function moveToTeam(
  tx: Db,
  ids: string[],
  { home, ownerId }: { home: Home; ownerId: string },
): Promise<MovedTask[]> {
  await tx.update(renewals).set({ teamId: home.id }).where(inArray(renewals.id, ids));
  const open = and(inArray(tasks.renewalId, ids), eq(tasks.state, 'open'));
  await tx.update(tasks).set({ teamId: home.id }).where(open);
  const rule = 'owner-of-another-team';
  const moved = await tx
    .update(tasks)
    .set({ assigneeId: home.supervisorId, assignedBecause: rule, claimedAt: null })
    .where(and(open, eq(tasks.role, 'supervisor')))
    .returning(movedColumns);
  return movedBy(rule, moved, { ownerId, teamId: home.id, leaderId: home.supervisorId });
}

/** Open tasks of the agent go to the owner, or to nobody; what a fleet does once stays with who negotiates for it. */
export async function moveTasksOfAgent(
  tx: Db,
  renewalIds: readonly string[],
  ownerId: string | null,
): Promise<MovedTask[]> {
  if (renewalIds.length === 0) return [];
  const rule = ownerId === null ? 'owner-left' : 'new-owner';
  const negotiator = sql`(select ${fleets.negotiatorId} from ${fleets} where ${fleets.id} = ${tasks.fleetId})`;
  const moved = await tx
    .update(tasks)
    .set({ assigneeId: sql`coalesce(${negotiator}, ${ownerId})`, assignedBecause: rule, claimedAt: null })
    .where(and(inArray(tasks.renewalId, [...renewalIds]), eq(tasks.state, 'open'), eq(tasks.role, 'agent')))
    .returning(movedColumns);
  return movedBy(rule, moved, { ownerId });
}
