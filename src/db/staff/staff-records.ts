import { sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';

export const roles = [
  'agent',
  'specialist',
  'supervisor',
  'call-centre',
  'channel-manager',
  'general-manager',
  'admin',
  'auditor',
  'core-system',
  'trainer',
] as const;
export type Role = (typeof roles)[number];

/** Who asks: their roles and how far they see. */
export type Person = {
  id: string;
  name: string;
  roles: Role[];
  branchId: string | null;
  teamId: string | null;
  /** Teams they belong to or lead. */
  teams: string[];
  /** Their branch and all below it; empty without a branch. */
  branches: string[];
  /** Fleets that they negotiate for. */
  fleets: string[];
  departed: boolean;
};

/** The staff record behind a token's subject; `zone` is where the business day of a departure begins. */
export async function findPerson(db: Db, subject: string, zone: string): Promise<Person | undefined> {
  const { rows } = await db.execute<Person>(sql`
    select s.id, s.name, s.roles, s.branch_id as "branchId", s.team_id as "teamId",
      coalesce(s.departed_on <= (business_now() at time zone ${zone})::date, false) as departed,
      array(select t.id from teams t where t.supervisor_id = s.id or t.id = s.team_id) as teams,
      array(select f.id from fleets f where f.negotiator_id = s.id) as fleets,
      array(
        with recursive below as (
          select b.id from branches b where b.id = s.branch_id
          union select b.id from branches b join below on b.parent_id = below.id
        ) select id from below) as branches
    from staff s where s.id = ${subject}`);
  return rows[0];
}

export function hasRole(person: Person, ...wanted: readonly Role[]): boolean {
  return person.roles.some((role) => wanted.includes(role));
}
