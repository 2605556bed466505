import { and, eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Calendar, Day, Instant } from '../../renewal/calendar.ts';
import { countDecisionTime, type ConcessionLadder, type ConcessionLevel } from '../../renewal/concession.ts';
import { tellCounted, type Due } from '../../renewal/due-time.ts';
import { explain, iso, withDeadline } from '../../renewal/explanation.ts';
import type { TaskRole } from '../../renewal/task.ts';
import { decidingIn, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise, type JournalEntry } from '../journal/journal-records.ts';
import { concessionAsks, concessions } from '../schema/concessions.ts';
import { tasks } from '../schema/tasks.ts';

type ConcessionRow = typeof concessions.$inferSelect;

/** Nobody is asked to decide where nobody is needed. */
type AskedLevel = Exclude<ConcessionLevel, 'nobody'>;

export type Ask = { level: AskedLevel; reason: string; ladder: ConcessionLadder; calendar: Calendar };

/** Asks a level: a deadline, a task for somebody of that role, an entry in the journal. Answers the deadline. */
export async function askLevel(
  tx: Db,
  { situation, concession }: { situation: CaseSituation; concession: ConcessionRow },
  ask: Ask,
): Promise<Instant> {
  const { level, reason, ladder, calendar } = ask;
  const { now } = situation.clock;
  const due = countDecisionTime(now, ladder.decisionWorkdays, calendar);
  const dueAt = new Date(due.dueAt);
  const asked = { level, except: concession.requestedBy, today: calendar.dayOf(now) };
  const candidates = await findDeciders(tx, situation, asked);
  const decider = candidates[0]?.staffId ?? null;
  const task = taskRow({ situation, concession }, { level, dueAt, decider });
  await tx.update(concessions).set({ level, dueAt }).where(eq(concessions.id, concession.id));
  await tx.insert(concessionAsks).values({ concessionId: concession.id, level, askedAt: new Date(now), dueAt });
  await tx.insert(tasks).values(task);
  await journalise(tx, [
    {
      chain: concession.renewalId,
      actor: 'system',
      event: `concession-asked:${level}`,
      reason,
      inputs: { concessionId: concession.id, ladderVersion: concession.ladderVersion, dueAt, assigneeId: decider },
    },
    entryOf(situation, task, { ...asked, candidates, due }),
  ]);
  return due.dueAt;
}

type Choice = { level: AskedLevel; except: string; candidates: readonly Candidate[]; due: Due };

function entryOf(
  situation: CaseSituation,
  { id: taskId, assigneeId = null }: { id: string; assigneeId?: string | null | undefined },
  { level, except, candidates, due }: Choice,
): JournalEntry {
  const { renewal, policy, calendar, clock } = situation;
  const kind = 'concession-decision';
  const days = { givenOn: calendar.dayOf(clock.now), dueOn: calendar.dayOf(due.dueAt) };
  const people = { specialistId: policy.specialistId, except, candidates };
  const times = { ...days, dueAt: iso(due.dueAt), counted: tellCounted(due.counted) };
  const rule = assigneeId === null ? 'queue' : 'nearest-authority';
  const explained = explain(rule, { step: 'asking', kind, role: level, ...people, ...times }, decidingIn(situation));
  const inputs = { taskId, assigneeId, ...withDeadline(explained, days, calendar) };
  return { chain: renewal.id, actor: 'system', event: `task-given:${kind}`, reason: rule, inputs };
}

function taskRow(
  { situation: { renewal, policy, clock }, concession }: { situation: CaseSituation; concession: ConcessionRow },
  { level, dueAt, decider }: { level: TaskRole; dueAt: Date; decider: string | null },
): typeof tasks.$inferInsert {
  return {
    id: uuidv7(),
    key: `${renewal.id}/concession-decision/${concession.id}.${level}`,
    kind: 'concession-decision',
    renewalId: renewal.id,
    concessionId: concession.id,
    branchId: renewal.branchId,
    teamId: null,
    assigneeId: decider,
    assignedBecause: decider === null ? null : 'nearest-authority',
    role: level,
    state: 'open',
    stage: renewal.stage,
    priority: renewal.priority,
    value: policy.premium,
    dueAt,
    createdAt: new Date(clock.now),
  };
}

/** What came of an ask, and its task with it: a decision completes the task, anything else takes it away. */
export async function answerAsk(
  tx: Db,
  { id: concessionId, level }: Pick<ConcessionRow, 'id' | 'level'>,
  answered: { answer: string; by: string; decided: boolean },
): Promise<void> {
  const { answer, by, decided } = answered;
  await tx
    .update(concessionAsks)
    .set({ answer, answeredBy: decided ? by : null, answeredAt: sql`business_now()` })
    .where(and(eq(concessionAsks.concessionId, concessionId), eq(concessionAsks.level, level)));
  const completed = {
    state: 'completed',
    completedAt: sql`business_now()`,
    completedBy: by,
    completion: { decision: answer, concessionId },
  };
  await tx
    .update(tasks)
    .set(decided ? completed : { state: 'dropped', droppedReason: `concession-lapsed:${answer}` })
    .where(and(eq(tasks.concessionId, concessionId), eq(tasks.state, 'open')));
}

/** Somebody who may decide; `distance` counts branches upwards, null for who belongs to no branch. */
type Candidate = { staffId: string; distance: number | null; openTasks: number };

const candidatesShown = 4;

/**
 * Who of a role sees the case, is there today and did not ask: from the case's branch upwards, the policy's own specialist
 * first, then who has the fewest open tasks. The first of them decides. None: whoever of the role sees the task takes it.
 */
async function findDeciders(
  tx: Db,
  { renewal, policy }: CaseSituation,
  { level, except, today }: { level: AskedLevel; except: string; today: Day },
): Promise<Candidate[]> {
  const upwards = level === 'specialist' ? sql`above.distance = 0` : sql`(s.branch_id is null or above.distance >= 0)`;
  const { rows } = await tx.execute<Candidate>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from branches where id = ${renewal.branchId}
      union all select b.id, b.parent_id, distance + 1 from branches b join above on b.id = above.parent_id
        where distance < 20
    ), able as (
      select s.id, above.distance,
        (select count(*)::int from tasks t where t.assignee_id = s.id and t.state = 'open') as open_tasks
      from staff s left join above on above.id = s.branch_id
      where ${level} = any(s.roles) and s.id <> ${except} and ${upwards}
        and (s.departed_on is null or s.departed_on > ${today})
        and not exists (select 1 from absences a where a.staff_id = s.id and ${today} between a.from_on and a.to_on)
    )
    select id as "staffId", distance, open_tasks as "openTasks" from able
    order by (id = ${policy.specialistId ?? ''}) desc, distance nulls last, open_tasks, id
    limit ${candidatesShown}`);
  return rows;
}
