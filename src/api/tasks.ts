import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { completeTask, type Completion, type TaskAnswer } from '../cases/complete-task.ts';
import { readClock } from '../db/business-clock.ts';
import { roles, type Person, type Role } from '../db/staff/staff-records.ts';
import type { TaskRow } from '../db/tasks/task-completion.ts';
import type { TaskKind } from '../renewal/task.ts';
import { listTasks, readTask, type TaskSort } from '../reporting/task-list.ts';
import { requireCallRules } from './call-rules.ts';
import { requireApplied } from './case-answers.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { forbidden, notFound, Problem } from './doors/problem.ts';
import { requireContactAllowed } from './left-alone.ts';
import { checkedInstants } from './said-instants.ts';
import { quoteTooLow } from './quotes.ts';
import { requireReasonRules } from './reason-rules.ts';
import { route, type Route } from './doors/route.ts';
import { id, listOf, storedInstant } from './schemas/basics.ts';
import { completionBody, completionSchema } from './schemas/task-completion.ts';
import { rankedTask, taskFilters, taskItem } from './schemas/tasks.ts';
import { rankedAnswer, taskAnswer } from './task-answer.ts';
import { checkInput } from './doors/validation.ts';

const tag = 'tasks';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');

export function taskRoutes(parts: CaseDeps): Route[] {
  return [listRoute(parts), oneRoute(parts), completeRoute(parts)];
}

/** A list is ranked at the instant of its first page, so that no task moves between pages. */
const position = { now: z.number().int().min(0).max(8_000_000_000_000), priority: z.number().int(), id };
const score = z.string().regex(/^\d{1,6}(\.\d{1,20})?(e-\d\d)?$/);
const positions: Record<TaskSort, z.ZodObject<typeof position & { sortValue: z.ZodString }>> = {
  worklist: z.object({ ...position, sortValue: score }),
  dueAt: z.object({ ...position, sortValue: storedInstant }),
};

function listRoute({ db }: Pick<CaseDeps, 'db'>): Route {
  return route({
    method: 'get',
    path: '/v1/tasks',
    summary: 'The worklist: what to do first, or by due time and priority',
    tag,
    roles: readers,
    query: taskFilters,
    answers: { 200: { description: 'One page', schema: listOf(rankedTask) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, sort: wanted, ...filters } = query;
      const isOwn = filters.assignee === 'me' || filters.joined === 'me';
      const sort = wanted ?? (isOwn ? 'worklist' : 'dueAt');
      const from = readCursor(`tasks by ${sort}`, positions[sort], written);
      const now = from?.now ?? (await readClock(db)).now;
      const rows = await listTasks(db, { viewer: person, filters, sort, now, from, limit: limit + 1 });
      const cursor = ({ task: { id: last, priority }, sortValue }: (typeof rows)[number]): string =>
        writeCursor(`tasks by ${sort}`, { now, sortValue, priority, id: last });
      return { status: 200, body: pageOf(rows, limit, { item: ({ task }) => rankedAnswer(task, now), cursor }) };
    },
  });
}

function oneRoute({ db }: Pick<CaseDeps, 'db'>): Route {
  return route({
    method: 'get',
    path: '/v1/tasks/{id}',
    summary: 'One task',
    tag,
    roles: readers,
    params: z.strictObject({ id }),
    reach: 'task',
    problems: [404],
    answers: { 200: { description: 'The task', schema: rankedTask } },
    handle: async ({ person, params }) => {
      const row = await readTask(db, person, params.id);
      if (!row) throw notFound('task');
      return { status: 200, body: rankedAnswer(row.task, (await readClock(db)).now) };
    },
  });
}

function completeRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/tasks/{id}/complete',
    summary: 'Complete a task with what its kind asks for',
    description:
      'A task completed twice gives the same answer. A result goes to the case as if it were recorded there.',
    tag,
    roles: ['agent', 'specialist', 'supervisor', 'call-centre', 'channel-manager', 'general-manager'],
    params: z.strictObject({ id }),
    reach: 'task',
    body: completionBody,
    problems: [404, 409],
    answers: { 200: { description: 'The completed task', schema: taskItem } },
    handle: async ({ person, params, body, id: completionId }) => {
      const row = await readTask(parts.db, person, params.id);
      if (!row) throw notFound('task');
      if (!row.mine && !leadsItsTeam(person, row.task)) throw forbidden('This task is somebody else’s to complete.');
      const renewalIds = row.task.renewalId === null ? [] : [row.task.renewalId];
      const kind = row.task.kind as TaskKind;
      const completion = await readCompletion(parts, { kind, body, id: completionId, renewalIds });
      await requireReasonRules(parts.db, { ...completion, id: completionId });
      await requireContactAllowed(parts.db, person, { ...completion, id: completionId, renewalIds });
      await requireCallRules(parts, person, { ...completion, id: completionId, renewalIds });
      const done = { taskId: params.id, completion, completedBy: person.id, id: completionId };
      return { status: 200, body: taskAnswer(requireCompleted(await completeTask(parts, done))) };
    },
  });
}

/** Who leads a team does its work for it, but not the checks of that work. */
function leadsItsTeam({ roles: own, teams }: Person, { role, teamId }: TaskRow): boolean {
  const isTheTeams = role !== 'channel-manager' && role !== 'general-manager';
  return isTheTeams && own.includes('supervisor') && teams.includes(teamId ?? '');
}

type Asked = { kind: TaskKind; body: Record<string, unknown>; id: string; renewalIds: readonly string[] };

async function readCompletion(parts: CaseDeps, { kind, body, ...known }: Asked): Promise<Completion> {
  const { callBackAt, occurredAt, ...fields } = checkInput(completionSchema(kind, body), body) as Completion & {
    callBackAt?: string;
    occurredAt?: string;
  };
  return { ...fields, ...(await checkedInstants(parts, { callBackAt, occurredAt }, known)) };
}

function requireCompleted(answer: TaskAnswer) {
  switch (answer.kind) {
    case 'completed':
      return answer.task;
    case 'unknown':
      throw notFound('task');
    case 'dropped':
      throw new Problem({ status: 409, code: 'task-dropped', detail: `This task fell away: ${answer.reason}.` });
    case 'decided-elsewhere':
      throw new Problem({ status: 409, code: 'decided-elsewhere', detail: answer.detail });
    case 'quote-too-low':
      throw quoteTooLow(answer);
    case 'refused':
    case 'late':
    case 'unavailable':
      return requireApplied(answer);
  }
}
