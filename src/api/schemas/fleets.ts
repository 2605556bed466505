import { z } from 'zod';
import { outcomeKinds } from '../../renewal/loss.ts';
import { stages } from '../../renewal/stage-plan.ts';
import { taskKinds, taskRoles } from '../../renewal/task.ts';
import { at, code, day, flag, id, money, paging, policyNumber, renewalId, staffId } from './basics.ts';

export const fleetId = z.string().min(1).max(300).meta({ example: 'fleet:4401:TD2026001' });

const cases = z.number().int();

const fleetFields = {
  id: fleetId,
  branchId: code,
  number: code.meta({ description: 'The number of the group (团单号), unique in its branch' }),
  negotiatorId: staffId.nullable().meta({ description: 'Who negotiates for all of its vehicles' }),
  openedAt: at,
};

export const fleetItem = z
  .strictObject({
    ...fleetFields,
    cases: z
      .strictObject({ open: cases, renewed: cases, lost: cases, handedOff: cases })
      .meta({ description: 'Cases that you see, by book' }),
  })
  .meta({ id: 'FleetItem' });

const fleetCase = z.strictObject({
  id: renewalId,
  policyNumber,
  value: money.meta({ description: 'The expiring premium' }),
  stage: z.enum(stages).nullable(),
  outcome: z.enum(outcomeKinds).nullable(),
  ownerId: staffId.nullable(),
  teamId: code.nullable(),
  expiresOn: day,
  escalated: z.boolean(),
  nextActionAt: at.nullable(),
});

const fleetTask = z.strictObject({
  id,
  kind: z.enum(taskKinds),
  role: z.enum(taskRoles),
  renewalId: renewalId.nullable(),
  forFleet: z.boolean().meta({ description: 'Done once for all vehicles' }),
  assigneeId: staffId.nullable(),
  dueAt: at,
});

export const fleetPage = z
  .strictObject({ ...fleetFields, cases: z.array(fleetCase), tasks: z.array(fleetTask) })
  .meta({ id: 'Fleet' });

export const fleetFilters = z.strictObject({
  branchId: code.optional(),
  open: flag.optional().meta({ description: 'Only fleets with an open case, or only those without' }),
  ...paging,
});

export const negotiatorBody = z
  .strictObject({ staffId })
  .meta({ id: 'NegotiatorToName', example: { staffId: 'A1001' } });

export const fleetResults = z
  .strictObject({
    items: z.array(
      z.strictObject({
        renewalId,
        answer: z.enum(['recorded', 'refused', 'late']),
        code: code.nullable(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'FleetResults' });
