import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { hasRole, type Person, type Role } from '../db/staff/staff-records.ts';
import { claimTask, reassignTask, type ClaimAnswer, type ReassignAnswer } from '../db/tasks/task-hands.ts';
import type { Hindrance } from '../renewal/assignment.ts';
import { mayBeGiven } from '../reporting/staff-list.ts';
import { readTask } from '../reporting/task-list.ts';
import { badFields, conflict, forbidden, notFound, type Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { id } from './schemas/basics.ts';
import { reassignment, taskItem } from './schemas/tasks.ts';
import { taskAnswer } from './task-answer.ts';

const tag = 'tasks';
const workers: readonly Role[] = [
  ...(['agent', 'specialist', 'supervisor', 'call-centre'] as const),
  ...(['channel-manager', 'general-manager'] as const),
];
const leaders: readonly Role[] = ['supervisor', 'channel-manager', 'general-manager', 'admin'];

type Parts = Pick<CaseDeps, 'db' | 'calendar'>;

/** Who has a task: one's own hand, or a leader's. */
export function taskHandRoutes(parts: Parts): Route[] {
  return [claimRoute(parts), reassignRoute(parts)];
}

function claimRoute({ db, calendar }: Parts): Route {
  return route({
    method: 'post',
    path: '/v1/tasks/{id}/claim',
    summary: 'Take a task that nobody of your role has yet',
    description: 'One of many wins; the others hear who has it. Claiming one’s own again gives the same answer.',
    tag,
    roles: workers,
    params: z.strictObject({ id }),
    reach: 'task',
    problems: [404, 409],
    answers: { 200: { description: 'The task, which is yours', schema: taskItem } },
    handle: async ({ person, params }) => {
      const row = await readTask(db, person, params.id);
      if (!row) throw notFound('task');
      const { role, assigneeId } = row.task;
      const isTheirs = row.mine || (assigneeId !== null && hasRole(person, role as Role));
      if (!isTheirs) throw forbidden('This task is not for your role, team or branch.');
      const answer = await db.transaction((tx) => claimTask(tx, { taskId: params.id, by: person.id }, calendar));
      return { status: 200, body: taskAnswer(requireClaimed(answer)) };
    },
  });
}

function reassignRoute({ db, calendar }: Parts): Route {
  return route({
    method: 'post',
    path: '/v1/tasks/{id}/reassign',
    summary: 'Give a task to somebody of your team or branch who is there to do it',
    tag,
    roles: leaders,
    params: z.strictObject({ id }),
    reach: 'task',
    body: reassignment,
    problems: [404, 409],
    answers: { 200: { description: 'The task in its new hands', schema: taskItem } },
    handle: async ({ person, params, body }) => {
      const row = await readTask(db, person, params.id);
      if (!row) throw notFound('task');
      await requireFitting(db, person, { ...row.task, staffId: body.assigneeId });
      const given = { taskId: params.id, to: body.assigneeId, by: person.id, reason: body.reason };
      const answer = await db.transaction((tx) => reassignTask(tx, given, calendar));
      return { status: 200, body: taskAnswer(requireReassigned(answer)) };
    },
  });
}

type Given = { staffId: string; role: string; branchId: string };

async function requireFitting(db: Parts['db'], leader: Person, given: Given): Promise<void> {
  if (await mayBeGiven(db, leader, given)) return;
  throw badAssignee(`Nobody of yours in this branch has this staff number and the role ${given.role}`);
}

function badAssignee(message: string): Problem {
  return badFields([{ path: 'assigneeId', message }]);
}

function requireClaimed(answer: ClaimAnswer) {
  switch (answer.kind) {
    case 'claimed':
      return answer.task;
    case 'taken':
      throw conflict('task-taken', `${answer.by} has this task.`);
    case 'on-leave':
      throw conflict('on-leave', 'You are on leave today; nothing is given to you.');
    case 'closed':
      throw closedTask(answer);
  }
}

function requireReassigned(answer: ReassignAnswer) {
  switch (answer.kind) {
    case 'reassigned':
      return answer.task;
    case 'hindered':
      throw badAssignee(hindrances[answer.because]);
    case 'closed':
      throw closedTask(answer);
  }
}

const hindrances: Record<Hindrance, string> = {
  'cover-departure': 'Has left, or leaves before the task is due',
  'cover-absence': 'Is on leave now or when the task is due',
  'cover-load': 'Has as much as one person can do',
};

function closedTask({ state, reason }: { state: string; reason: string | null }): Problem {
  if (state === 'dropped') return conflict('task-dropped', `This task fell away: ${reason ?? 'dropped'}.`);
  return conflict('task-completed', 'This task is done.');
}
