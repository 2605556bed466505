import { sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Day } from '../../renewal/calendar.ts';
import { roleFor } from '../../renewal/task.ts';
import type { Db } from '../connection.ts';
import type { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

type CheckedCase = Pick<typeof renewals.$inferSelect, 'id' | 'branchId' | 'teamId' | 'priority'> & { premium: string };

/** A check of a closed case by a channel manager; `occasion` makes it the only one of its kind. */
export type Check = {
  kind: 'call-back-check' | 'renewal-check';
  occasion: string;
  renewal: CheckedCase;
  lossCheckId?: string;
  dueAt: Date;
};

/**
 * Gives channel managers their checks, in turn where a branch has several. Where nobody of the branch tree is there the
 * branch's queue keeps them. A check that was given once is not given again.
 */
export async function assignChecks(
  tx: Db,
  checks: readonly Check[],
  place: { branchId: string; today: Day },
): Promise<void> {
  if (checks.length === 0) return;
  const managers = await managersPresent(tx, place);
  const rows = checks.map((check, turn) => taskRow(check, managers[turn % Math.max(1, managers.length)]));
  await tx.insert(tasks).values(rows).onConflictDoNothing();
}

function taskRow({ kind, occasion, renewal, lossCheckId, dueAt }: Check, assigneeId: string | undefined) {
  return {
    id: uuidv7(),
    key: `${renewal.id}/${kind}/${occasion}`,
    kind,
    renewalId: renewal.id,
    branchId: renewal.branchId,
    teamId: renewal.teamId,
    assigneeId: assigneeId ?? null,
    assignedBecause: assigneeId === undefined ? null : 'manager-of-the-branch-tree',
    lossCheckId: lossCheckId ?? null,
    role: roleFor(kind),
    state: 'open',
    priority: renewal.priority,
    value: renewal.premium,
    dueAt,
    createdAt: sql`business_now()`,
  };
}

/** The channel managers of a branch who are not on leave, else those of the next branch above, in the order of their work. */
async function managersPresent(tx: Db, { branchId, today }: { branchId: string; today: Day }): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from branches where id = ${branchId}
      union select b.id, b.parent_id, above.distance + 1 from branches b join above on b.id = above.parent_id
      where above.distance < 50
    ), present as (
      select s.id, above.distance from staff s join above on above.id = s.branch_id
      where 'channel-manager' = any(s.roles) and (s.departed_on is null or s.departed_on > ${today}::date)
        and not exists (select 1 from absences a where a.staff_id = s.id and ${today}::date between a.from_on and a.to_on)
    )
    select id from present where distance = (select min(distance) from present)
    order by (select count(*) from tasks t where t.assignee_id = present.id and t.state = 'open'), id`);
  return rows.map((row) => row.id);
}
