import type { Db } from '../../db/connection.ts';
import { branches, staff, teams } from '../../db/schema/organisation.ts';
import { roles, type Role } from '../../db/staff/staff-records.ts';

const branchId = 'demo-branch';
const teamId = 'demo-team';

/** Roles that work or lead a team; the others see as far as their role allows without a branch. */
const inTeam: readonly Role[] = ['agent', 'supervisor', 'trainer'];
const inBranch: readonly Role[] = [...inTeam, 'specialist', 'call-centre'];

/** One person per role, named like the role, with a branch and a team of their own; for the embedded stack. */
export async function seedDemoStaff(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(branches).values({ id: branchId, name: 'Demo branch 演示机构' }).onConflictDoNothing();
    await tx.insert(teams).values({ id: teamId, branchId, supervisorId: 'supervisor' }).onConflictDoNothing();
    const people = roles.map((role) => ({
      id: role,
      name: `Demo ${role}`,
      roles: [role],
      branchId: inBranch.includes(role) ? branchId : null,
      teamId: inTeam.includes(role) ? teamId : null,
    }));
    await tx.insert(staff).values(people).onConflictDoNothing();
  });
}
