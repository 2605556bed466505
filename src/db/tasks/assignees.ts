import { eq } from 'drizzle-orm';
import {
  chooseAssignee,
  firstChoiceFor,
  hindranceOf,
  isContactKind,
  type Assignment,
  type Workload,
} from '../../renewal/assignment.ts';
import { explain, withDeadline, type Explained } from '../../renewal/explanation.ts';
import { roleFor, type TaskRole } from '../../renewal/task.ts';
import { assignmentFacts, type Asked, type Leads } from './assignment-facts.ts';
import { decidingIn } from '../cases/case-situation.ts';
import type { CaseWork, TaskToAssign } from '../cases/case-work.ts';
import type { Db } from '../connection.ts';
import { fleets } from '../schema/fleets.ts';
import { teams } from '../schema/organisation.ts';
import { peopleOf, readWorkloads, thesePeople, type Asking } from './workloads.ts';

/** Who has a task, and why as the journal tells it. */
export type Chosen = { assignment: Assignment; explained: Explained };

/**
 * Who gets each of a case's tasks: its own people, or whoever covers for them. One look at the loads of the first choices;
 * a second one only where somebody is away, has left or is full.
 */
export async function chooseAssignees(
  tx: Db,
  work: CaseWork,
  tasks: readonly TaskToAssign[],
): Promise<Map<TaskToAssign, Chosen>> {
  const leads = { negotiatorId: await negotiatorOf(tx, work), leaderId: await leaderOf(tx, work, tasks) };
  const asked = tasks.map((task) => ask(work, task, leads));
  const asking = askingFor(work, asked);
  const firsts = [...new Set(asked.flatMap(({ first }) => first ?? []))];
  const known = firsts.length === 0 ? [] : await readWorkloads(tx, thesePeople(firsts), asking);
  const others = new Map<TaskRole, Workload[]>();
  const chosen = new Map<TaskToAssign, Chosen>();
  for (const one of asked) {
    const { task, role, givenOn, dueOn } = one;
    const first = known.find(({ staffId }) => staffId === one.first);
    const occasion = { givenOn, dueOn, isContact: isContactKind(task.kind) };
    if (first && hindranceOf(first, occasion) && !others.has(role)) {
      others.set(role, await readWorkloads(tx, peopleOf(role, work.renewal), asking));
    }
    const assignment = chooseAssignee(first, others.get(role) ?? [], occasion);
    const facts = assignmentFacts(one, { work, leads, loads: { first, others: others.get(role) ?? [] }, assignment });
    const explained = explain(assignment.because, facts, decidingIn(work));
    chosen.set(task, { assignment, explained: withDeadline(explained, one, work.calendar) });
  }
  return chosen;
}

function askingFor({ renewal, calendar }: CaseWork, asked: readonly Asked[]): Asking {
  const days = asked.flatMap(({ givenOn, dueOn }) => [givenOn, dueOn]).toSorted();
  return { exceptRenewalId: renewal.id, from: days[0] ?? '', to: days.at(-1) ?? '', zone: calendar.zone };
}

function ask({ calendar, clock, renewal, policy }: CaseWork, task: TaskToAssign, leads: Leads): Asked {
  const people = { ownerId: renewal.ownerId, specialistId: policy.specialistId, supervisorId: policy.supervisorId };
  return {
    task,
    role: roleFor(task.kind),
    first: firstChoiceFor(task.kind, { ...people, ...leads }),
    givenOn: calendar.dayOf(Math.max(clock.now, task.startsAt ?? 0)),
    dueOn: calendar.dayOf(task.dueAt),
  };
}

/** The leader of the team that has the case now, which need not be the one that the list names: owners change. */
async function leaderOf(tx: Db, { renewal }: CaseWork, asked: readonly TaskToAssign[]): Promise<string | null> {
  if (renewal.teamId === null || asked.every(({ kind }) => roleFor(kind) !== 'supervisor')) return null;
  const [team] = await tx.select({ leaderId: teams.supervisorId }).from(teams).where(eq(teams.id, renewal.teamId));
  return team?.leaderId ?? null;
}

async function negotiatorOf(tx: Db, { renewal }: CaseWork): Promise<string | null> {
  if (renewal.fleetId === null) return null;
  const [fleet] = await tx
    .select({ negotiatorId: fleets.negotiatorId })
    .from(fleets)
    .where(eq(fleets.id, renewal.fleetId));
  return fleet?.negotiatorId ?? null;
}
