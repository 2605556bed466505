import { z } from 'zod';
import { stages } from '../../renewal/stage-plan.ts';
import { taskKinds, taskRoles } from '../../renewal/task.ts';
import { at, code, id, instant, paging, renewalId, staffId } from './basics.ts';

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
    stage: z.enum(stages).nullable(),
    priority: z.number().int(),
    dueAt: at,
    createdAt: at,
    completedAt: at.nullable(),
    completedBy: z.string().nullable(),
    completion: z.record(z.string(), z.unknown()).nullable(),
    droppedReason: z.string().nullable(),
  })
  .meta({ id: 'Task' });

export const taskFilters = z.strictObject({
  assignee: staffId
    .optional()
    .meta({ description: '`me`: assigned to me, or to nobody yet and mine to take', example: 'me' }),
  state: z.enum(taskStates).optional(),
  kind: z.enum(taskKinds).optional(),
  renewalId: renewalId.optional(),
  dueBefore: instant.optional(),
  ...paging,
});
