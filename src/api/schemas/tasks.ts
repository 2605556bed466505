import { z } from 'zod';
import { stages } from '../../renewal/stage-plan.ts';
import { taskKinds, taskRoles } from '../../renewal/task.ts';
import { taskSorts } from '../../reporting/task-list.ts';
import { at, code, id, instant, money, paging, renewalId, staffId } from './basics.ts';

const taskStates = ['open', 'completed', 'dropped'] as const;

export const taskItem = z
  .strictObject({
    id,
    kind: z.enum(taskKinds),
    state: z.enum(taskStates),
    role: z.enum(taskRoles),
    renewalId: renewalId.nullable(),
    handoverId: id.nullable(),
    branchId: code,
    teamId: code.nullable(),
    assigneeId: staffId.nullable().meta({ description: 'null: anyone of the role in the branch' }),
    assignedBecause: z.string().nullable().meta({ description: 'By which rule, or by whom and why, it was given' }),
    claimedAt: at.nullable(),
    managerId: staffId.nullable().meta({ description: 'The manager in charge of a key customer, who joins' }),
    concessionId: id.nullable(),
    lossCheckId: id.nullable(),
    fleetId: z.string().nullable().meta({ description: 'The fleet that is negotiated once with this task' }),
    stage: z.enum(stages).nullable(),
    priority: z.number().int(),
    value: money.meta({ description: 'The premium at stake' }),
    startsAt: at.nullable().meta({ description: 'No worklist shows it before; null: at once' }),
    dueAt: at,
    createdAt: at,
    completedAt: at.nullable(),
    completedBy: z.string().nullable(),
    completion: z.record(z.string(), z.unknown()).nullable(),
    droppedReason: z.string().nullable(),
  })
  .meta({ id: 'Task' });

const rank = z
  .strictObject({
    score: z.number().meta({ description: 'Highest first' }),
    value: money.meta({ description: 'The premium at stake' }),
    daysLeft: z.number().int().meta({ description: 'Whole days until it is due; below zero: late' }),
    priority: z.number().int(),
    explanation: z.string().meta({ example: 'due in 2 days, premium 5480.00, priority 10' }),
  })
  .meta({ id: 'TaskRank', description: 'Why it stands where it stands: value × days left × priority' });

export const rankedTask = taskItem.extend({ rank }).meta({ id: 'RankedTask' });

export const taskFilters = z.strictObject({
  assignee: staffId
    .optional()
    .meta({ description: '`me`: assigned to me, or to nobody yet and mine to take', example: 'me' }),
  joined: z.literal('me').optional().meta({ description: 'What I join as the manager in charge' }),
  sort: z.enum(taskSorts).optional().meta({
    description: 'What to do first, or by due time and priority; default `worklist` for one’s own tasks, else `dueAt`',
  }),
  state: z.enum(taskStates).optional(),
  kind: z.enum(taskKinds).optional(),
  renewalId: renewalId.optional(),
  dueBefore: instant.optional(),
  ...paging,
});

export const reassignment = z
  .strictObject({ assigneeId: staffId, reason: z.string().trim().min(1).max(500) })
  .meta({ id: 'TaskReassignment', example: { assigneeId: 'A1002', reason: 'Knows the customer.' } });
