import { and, eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { decisionDueAt, type ConcessionLadder, type ConcessionLevel } from '../../renewal/concession.ts';
import type { TaskRole } from '../../renewal/task.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
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
  const due = decisionDueAt(now, ladder.decisionWorkdays, calendar);
  const dueAt = new Date(due);
  const decider = await findDecider(tx, situation, {
    level,
    except: concession.requestedBy,
    today: calendar.dayOf(now),
  });
  await tx.update(concessions).set({ level, dueAt }).where(eq(concessions.id, concession.id));
  await tx.insert(concessionAsks).values({ concessionId: concession.id, level, askedAt: new Date(now), dueAt });
  await tx.insert(tasks).values(taskRow({ situation, concession }, { level, dueAt, decider }));
  await journalise(tx, [
    {
      chain: concession.renewalId,
      actor: 'system',
      event: `concession-asked:${level}`,
      reason,
      inputs: { concessionId: concession.id, ladderVersion: concession.ladderVersion, dueAt, assigneeId: decider },
    },
  ]);
  return due;
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

/**
 * Somebody of a role who sees the case, is there today and did not ask: from the case's branch upwards, the policy's own
 * specialist first, then who has the fewest open tasks. None: whoever of the role sees the task takes it.
 */
async function findDecider(
  tx: Db,
  { renewal, policy }: CaseSituation,
  { level, except, today }: { level: AskedLevel; except: string; today: string },
): Promise<string | null> {
  const upwards = level === 'specialist' ? sql`above.distance = 0` : sql`(s.branch_id is null or above.distance >= 0)`;
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from branches where id = ${renewal.branchId}
      union all select b.id, b.parent_id, distance + 1 from branches b join above on b.id = above.parent_id
        where distance < 20
    )
    select s.id from staff s left join above on above.id = s.branch_id
    where ${level} = any(s.roles) and s.id <> ${except} and ${upwards}
      and (s.departed_on is null or s.departed_on > ${today})
      and not exists (select 1 from absences a where a.staff_id = s.id and ${today} between a.from_on and a.to_on)
    order by (s.id = ${policy.specialistId ?? ''}) desc, above.distance nulls last,
      (select count(*) from tasks t where t.assignee_id = s.id and t.state = 'open'), s.id
    limit 1`);
  return rows[0]?.id ?? null;
}
