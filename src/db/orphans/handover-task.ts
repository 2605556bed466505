import { and, eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Calendar, Day, Instant } from '../../renewal/calendar.ts';
import { dueAfterWorkdays, tellCounted, type CountedTime } from '../../renewal/due-time.ts';
import { explain, withDeadline } from '../../renewal/explanation.ts';
import { readClock } from '../business-clock.ts';
import { readPlanAndClock } from '../cases/plan-records.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import type { HandoverRow } from './handover-records.ts';
import { handovers } from '../schema/handovers.ts';
import { tasks } from '../schema/tasks.ts';

/** Until when somebody has to have decided, by which plan, and how that was counted; `now` is the business instant (ms). */
export type DecisionTime = { dueAt: Date; counted: CountedTime; planVersion: number; now: Instant };

/** When somebody who is asked now has to have decided: the same time of day so many working days later, by the branch's plan. */
export async function decisionTimeOf(
  tx: Db,
  { branchId }: Pick<HandoverRow, 'branchId'>,
  calendar: Calendar,
): Promise<DecisionTime> {
  const { version, plan, clock } = await readPlanAndClock(tx, { branchId, segment: null });
  const span = { from: clock.now, workdays: plan.handoverWorkdays, at: 'same-minute', latest: Infinity } as const;
  const { dueAt, counted } = dueAfterWorkdays(span, calendar);
  return { dueAt: new Date(dueAt), counted, planVersion: version, now: clock.now };
}

/** Who has the task on a hand-over; nobody where everybody who might decide is away. */
export type Asked = { handover: HandoverRow; taskId: string; deciderId: string | null };

/**
 * One hand-over task at a time: a new deadline moves the open one, or brings a new one once the last is done. Without a time
 * the deadline stands, as where only who decides has left.
 */
export async function assignHandoverTask(
  tx: Db,
  { handover, time }: { handover: HandoverRow; time?: DecisionTime },
  calendar: Calendar,
): Promise<Asked> {
  const [moved] = await tx
    .update(tasks)
    .set({ dueAt: handover.dueAt })
    .where(and(eq(tasks.handoverId, handover.id), eq(tasks.state, 'open')))
    .returning({ id: tasks.id, assigneeId: tasks.assigneeId });
  if (moved && moved.assigneeId !== null) return { handover, taskId: moved.id, deciderId: moved.assigneeId };
  const now = time?.now ?? (await readClock(tx)).now;
  const candidates = await appointDecider(tx, handover, daysOf(handover, { now, calendar }));
  const deciderId = candidates[0]?.staffId ?? null;
  const taskId = moved?.id ?? uuidv7();
  if (moved) await tx.update(tasks).set({ assigneeId: deciderId }).where(eq(tasks.id, taskId));
  else await giveTask(tx, handover, { taskId, deciderId });
  const why = { candidates, now, calendar, counted: time?.counted, planVersion: time?.planVersion ?? null };
  await journaliseDecider(tx, { asked: { handover, taskId, deciderId }, isNew: !moved }, why);
  return { handover, taskId, deciderId };
}

function daysOf({ dueAt }: HandoverRow, { now, calendar }: { now: Instant; calendar: Calendar }) {
  return { givenOn: calendar.dayOf(now), dueOn: calendar.dayOf(dueAt.getTime()) };
}

type Because = {
  candidates: readonly Candidate[];
  now: Instant;
  calendar: Calendar;
  counted: CountedTime | undefined;
  planVersion: number | null;
};

/** The task is of a list and of no case: it has a journal of its own, which its cases name (`orphaned`). */
async function journaliseDecider(
  tx: Db,
  { asked: { handover, taskId, deciderId }, isNew }: { asked: Asked; isNew: boolean },
  { candidates, counted, ...deciding }: Because,
): Promise<void> {
  const { id: handoverId, agentId, branchId, teamId, dueAt } = handover;
  const kind = 'hand-over';
  const days = daysOf(handover, deciding);
  const place = { agentId, branchId, teamId, candidates };
  const facts = { step: kind, kind, role: 'supervisor', ...place, ...days, dueAt, counted: tellCounted(counted) };
  const rule = deciderId === null ? 'queue' : 'decides-on-orphans';
  const why = withDeadline(explain(rule, facts, deciding), days, deciding.calendar);
  const event = `${isNew ? 'task-given' : 'task-moved'}:${kind}`;
  const inputs = { handoverId, taskId, [isNew ? 'assigneeId' : 'to']: deciderId, ...why };
  await journalise(tx, [{ chain: `task.${taskId}`, actor: 'system', event, reason: rule, inputs }]);
}

async function giveTask(
  tx: Db,
  handover: HandoverRow,
  { taskId, deciderId }: Pick<Asked, 'taskId' | 'deciderId'>,
): Promise<void> {
  const given = await tx.$count(tasks, eq(tasks.handoverId, handover.id));
  await tx
    .insert(tasks)
    .values({
      id: taskId,
      key: `${handover.id}/hand-over/${given + 1}`,
      kind: 'hand-over',
      handoverId: handover.id,
      branchId: handover.branchId,
      teamId: handover.teamId,
      assigneeId: deciderId,
      role: 'supervisor',
      state: 'open',
      priority: 100,
      dueAt: handover.dueAt,
      createdAt: sql`business_now()`,
    })
    .onConflictDoNothing();
}

type Days = { givenOn: Day; dueOn: Day };

/** The hand-over remembers who is asked, so that they see it whatever team they lead. Answers who might have been. */
async function appointDecider(tx: Db, handover: HandoverRow, days: Days): Promise<Candidate[]> {
  const candidates = await candidatesFor(tx, handover, days);
  const deciderId = candidates[0]?.staffId ?? null;
  if (deciderId !== handover.supervisorId) {
    await tx.update(handovers).set({ supervisorId: deciderId }).where(eq(handovers.id, handover.id));
  }
  return candidates;
}

/** Somebody who might decide on a hand-over; `distance` counts branches upwards, null for somebody of another branch. */
type Candidate = {
  staffId: string;
  leads: boolean;
  isSupervisor: boolean;
  ofTeam: boolean;
  distance: number | null;
  openTasks: number;
};

const candidatesShown = 4;

/**
 * Who decides on what somebody left: the leader of the team, else another supervisor of the branch, else the channel
 * manager of the branch or the next one above; never who left, nor who is not there until it is due. The first of them does.
 */
async function candidatesFor(
  tx: Db,
  { agentId, branchId, teamId }: HandoverRow,
  { givenOn: today, dueOn }: Days,
): Promise<Candidate[]> {
  const { rows } = await tx.execute<Candidate>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from branches where id = ${branchId}
      union select b.id, b.parent_id, above.distance + 1 from branches b join above on b.id = above.parent_id
      where above.distance < 50
    ), candidates as (
      select s.id, above.distance, s.team_id is not distinct from ${teamId} as of_team,
        'supervisor' = any(s.roles) and s.branch_id = ${branchId} as is_supervisor,
        exists (select 1 from teams t where t.id = ${teamId} and t.supervisor_id = s.id) as leads,
        'channel-manager' = any(s.roles) and above.id is not null as is_manager,
        (select count(*)::int from tasks t where t.assignee_id = s.id and t.state = 'open') as open_tasks
      from staff s left join above on above.id = s.branch_id
      where s.id <> ${agentId} and (s.departed_on is null or s.departed_on > ${dueOn}::date)
        and not exists (select 1 from absences a
          where a.staff_id = s.id and (${today}::date between a.from_on and a.to_on or ${dueOn}::date between a.from_on and a.to_on))
    )
    select id as "staffId", leads, is_supervisor as "isSupervisor", of_team as "ofTeam", distance, open_tasks as "openTasks"
    from candidates where leads or is_supervisor or is_manager
    order by leads desc, is_supervisor desc, of_team desc, distance, open_tasks, id
    limit ${candidatesShown}`);
  return rows;
}
