import { and, eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { addWorkdays, type Calendar, type Day } from '../../renewal/calendar.ts';
import { readClock } from '../business-clock.ts';
import { readPlanInForce } from '../cases/plan-records.ts';
import type { Db } from '../connection.ts';
import type { HandoverRow } from './handover-records.ts';
import { handovers } from '../schema/handovers.ts';
import { tasks } from '../schema/tasks.ts';

/** When somebody who is asked now has to have decided: the same time of day so many working days later, by the branch's plan. */
export async function decisionDueAt(
  tx: Db,
  { branchId }: Pick<HandoverRow, 'branchId'>,
  calendar: Calendar,
): Promise<Date> {
  const { plan } = await readPlanInForce(tx, { branchId, segment: null });
  const { now } = await readClock(tx);
  const day = addWorkdays(calendar, calendar.dayOf(now), plan.handoverWorkdays);
  return new Date(calendar.instantOf(day, calendar.minuteOfDay(now)));
}

/** One hand-over task at a time: a new deadline moves the open one, or brings a new one once the last is done. */
export async function assignHandoverTask(tx: Db, handover: HandoverRow, calendar: Calendar): Promise<void> {
  const [moved] = await tx
    .update(tasks)
    .set({ dueAt: handover.dueAt })
    .where(and(eq(tasks.handoverId, handover.id), eq(tasks.state, 'open')))
    .returning({ id: tasks.id, assigneeId: tasks.assigneeId });
  if (moved && moved.assigneeId !== null) return;
  const assigneeId = await appointDecider(tx, handover, calendar);
  if (moved) await tx.update(tasks).set({ assigneeId }).where(eq(tasks.id, moved.id));
  else await giveTask(tx, handover, assigneeId);
}

async function giveTask(tx: Db, handover: HandoverRow, assigneeId: string | null): Promise<void> {
  const given = await tx.$count(tasks, eq(tasks.handoverId, handover.id));
  await tx
    .insert(tasks)
    .values({
      id: uuidv7(),
      key: `${handover.id}/hand-over/${given + 1}`,
      kind: 'hand-over',
      handoverId: handover.id,
      branchId: handover.branchId,
      teamId: handover.teamId,
      assigneeId,
      role: 'supervisor',
      state: 'open',
      priority: 100,
      dueAt: handover.dueAt,
      createdAt: sql`business_now()`,
    })
    .onConflictDoNothing();
}

/** The hand-over remembers who is asked, so that they see it whatever team they lead. */
async function appointDecider(tx: Db, handover: HandoverRow, calendar: Calendar): Promise<string | null> {
  const { now } = await readClock(tx);
  const days = { today: calendar.dayOf(now), dueOn: calendar.dayOf(handover.dueAt.getTime()) };
  const deciderId = await deciderOf(tx, handover, days);
  if (deciderId !== handover.supervisorId) {
    await tx.update(handovers).set({ supervisorId: deciderId }).where(eq(handovers.id, handover.id));
  }
  return deciderId;
}

/**
 * Who decides on what somebody left: the leader of the team, else another supervisor of the branch, else the channel
 * manager of the branch or the next one above; never who left, nor who is not there until it is due. Null when nobody is.
 */
async function deciderOf(
  tx: Db,
  { agentId, branchId, teamId }: HandoverRow,
  { today, dueOn }: { today: Day; dueOn: Day },
): Promise<string | null> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from branches where id = ${branchId}
      union select b.id, b.parent_id, above.distance + 1 from branches b join above on b.id = above.parent_id
      where above.distance < 50
    ), candidates as (
      select s.id, above.distance, s.team_id, 'supervisor' = any(s.roles) and s.branch_id = ${branchId} as is_supervisor,
        exists (select 1 from teams t where t.id = ${teamId} and t.supervisor_id = s.id) as leads,
        'channel-manager' = any(s.roles) and above.id is not null as is_manager
      from staff s left join above on above.id = s.branch_id
      where s.id <> ${agentId} and (s.departed_on is null or s.departed_on > ${dueOn}::date)
        and not exists (select 1 from absences a
          where a.staff_id = s.id and (${today}::date between a.from_on and a.to_on or ${dueOn}::date between a.from_on and a.to_on))
    )
    select id from candidates where leads or is_supervisor or is_manager
    order by leads desc, is_supervisor desc, team_id is not distinct from ${teamId} desc, distance,
      (select count(*) from tasks t where t.assignee_id = candidates.id and t.state = 'open'), id
    limit 1`);
  return rows[0]?.id ?? null;
}
