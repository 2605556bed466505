import { sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Calendar, Day, Instant } from '../../renewal/calendar.ts';
import { countDue, tellCounted, type Due } from '../../renewal/due-time.ts';
import { explain, iso, withDeadline } from '../../renewal/explanation.ts';
import { roleFor } from '../../renewal/task.ts';
import type { Db } from '../connection.ts';
import type { JournalEntry } from '../journal/journal-records.ts';
import type { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

type CheckedCase = Pick<typeof renewals.$inferSelect, 'id' | 'branchId' | 'teamId' | 'priority' | 'planVersion'> & {
  premium: string;
};

/** A check of a closed case by a channel manager; `occasion` makes it the only one of its kind. */
export type Check = { occasion: string; renewal: CheckedCase; lossCheckId?: string };

type CheckKind = 'call-back-check' | 'renewal-check';

/** The checks of one kind that a branch's managers get at one moment; business instants (ms). */
export type Checking = { kind: CheckKind; branchId: string; now: Instant; calendar: Calendar };

/** When checks that are given now have to be made. */
export function checksDue({ kind, now, calendar }: Pick<Checking, 'kind' | 'now' | 'calendar'>): Due {
  return countDue(kind, { from: now, latest: Infinity }, calendar);
}

/**
 * Gives channel managers their checks, in turn where a branch has several. Where nobody of the branch tree is there the
 * branch's queue keeps them. A check that was given once is not given again. Answers the entries about those that are, for
 * the journal of each case.
 */
export async function assignChecks(tx: Db, checks: readonly Check[], checking: Checking): Promise<JournalEntry[]> {
  if (checks.length === 0) return [];
  const { branchId, now, calendar } = checking;
  const managers = await managersPresent(tx, { branchId, today: calendar.dayOf(now) });
  const due = checksDue(checking);
  const given = checks.map((check, place) => {
    const turn = managers.length === 0 ? 0 : place % managers.length;
    return { check, id: uuidv7(), turn, assigneeId: managers[turn]?.staffId ?? null };
  });
  const rows = given.map((one) => taskRow(one, { kind: checking.kind, dueAt: new Date(due.dueAt) }));
  const stored = await tx.insert(tasks).values(rows).onConflictDoNothing().returning({ id: tasks.id });
  const isNew = new Set(stored.map(({ id }) => id));
  return given.filter(({ id }) => isNew.has(id)).map((one) => entryOf(one, { checking, managers, due }));
}

type Given = { check: Check; id: string; turn: number; assigneeId: string | null };

function taskRow({ check, id, assigneeId }: Given, { kind, dueAt }: { kind: CheckKind; dueAt: Date }) {
  const { occasion, renewal, lossCheckId } = check;
  return {
    id,
    key: `${renewal.id}/${kind}/${occasion}`,
    kind,
    renewalId: renewal.id,
    branchId: renewal.branchId,
    teamId: renewal.teamId,
    assigneeId,
    assignedBecause: assigneeId === null ? null : 'manager-of-the-branch-tree',
    lossCheckId: lossCheckId ?? null,
    role: roleFor(kind),
    state: 'open',
    priority: renewal.priority,
    value: renewal.premium,
    dueAt,
    createdAt: sql`business_now()`,
  };
}

type Choice = { checking: Checking; managers: readonly Manager[]; due: Due };

function entryOf(
  { check: { renewal }, id, turn, assigneeId }: Given,
  { checking, managers, due }: Choice,
): JournalEntry {
  const { kind, branchId, now, calendar } = checking;
  const days = { givenOn: calendar.dayOf(now), dueOn: calendar.dayOf(due.dueAt) };
  const times = { ...days, dueAt: iso(due.dueAt), counted: tellCounted(due.counted) };
  const facts = { step: 'checking', kind, role: roleFor(kind), branchId, managers, turn, ...times };
  const rule = assigneeId === null ? 'queue' : 'manager-of-the-branch-tree';
  const explained = explain(rule, facts, { planVersion: renewal.planVersion, calendar, now });
  const inputs = { taskId: id, assigneeId, ...withDeadline(explained, days, calendar) };
  return { chain: renewal.id, actor: 'system', event: `task-given:${kind}`, reason: rule, inputs };
}

type Manager = { staffId: string; openTasks: number };

/** The channel managers of a branch who are not on leave, else those of the next branch above, in the order of their work. */
async function managersPresent(tx: Db, { branchId, today }: { branchId: string; today: Day }): Promise<Manager[]> {
  const { rows } = await tx.execute<Manager>(sql`
    with recursive above as (
      select id, parent_id, 0 as distance from branches where id = ${branchId}
      union select b.id, b.parent_id, above.distance + 1 from branches b join above on b.id = above.parent_id
      where above.distance < 50
    ), present as (
      select s.id, above.distance from staff s join above on above.id = s.branch_id
      where 'channel-manager' = any(s.roles) and (s.departed_on is null or s.departed_on > ${today}::date)
        and not exists (select 1 from absences a where a.staff_id = s.id and ${today}::date between a.from_on and a.to_on)
    ), loaded as (
      select id, (select count(*)::int from tasks t where t.assignee_id = present.id and t.state = 'open') as open_tasks
      from present where distance = (select min(distance) from present)
    )
    select id as "staffId", open_tasks as "openTasks" from loaded order by open_tasks, id`);
  return rows;
}
