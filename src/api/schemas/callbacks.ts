import { z } from 'zod';
import { lossReasons } from '../../renewal/loss.ts';
import { lossCheckStates } from '../../renewal/loss-sample.ts';
import { at, code, id, note, paging, policyNumber, renewalId, staffId } from './basics.ts';
import { problemOfReason } from './explained-reason.ts';

const month = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'A month such as 2026-11')
  .meta({ example: '2026-11' });

export const callbackFilters = z.strictObject({
  month: month.optional().meta({ description: 'The month in which the cases were lost' }),
  state: z.enum(lossCheckStates).optional(),
  ...paging,
});

export const callback = z
  .strictObject({
    id,
    renewalId,
    policyNumber,
    month,
    seed: z.string().meta({ description: 'Of the draw: the same cases and seed give the same sample' }),
    branchId: code,
    agentId: staffId.nullable().meta({ description: 'Who owned the case when it was lost' }),
    lossReason: z.enum(lossReasons).meta({ description: 'As it stood when the case was drawn' }),
    state: z.enum(lossCheckStates),
    dueAt: at,
    drawnAt: at,
    confirmed: z.boolean().nullable(),
    actualReason: z.enum(lossReasons).nullable(),
    note: z.string().nullable(),
    foundBy: staffId.nullable(),
    foundAt: at.nullable(),
  })
  .meta({ id: 'Callback' });

export const findingBody = z
  .strictObject({ confirmed: z.boolean(), actualReason: z.enum(lossReasons).optional(), note })
  .superRefine(({ confirmed, actualReason, note: written }, context) => {
    const path = ['actualReason'];
    if (!confirmed && actualReason === undefined) {
      context.addIssue({ code: 'custom', path, message: 'A reason that is not confirmed needs the actual one' });
    }
    if (confirmed && actualReason !== undefined) {
      context.addIssue({ code: 'custom', path, message: 'Goes with a reason that is not confirmed only' });
    }
    const vague = actualReason === 'other' ? problemOfReason(written) : undefined;
    if (vague !== undefined) context.addIssue({ code: 'custom', path: ['note'], message: vague });
  })
  .meta({
    id: 'CallbackFinding',
    example: { confirmed: false, actualReason: 'late-or-no-guidance', note: 'Was never called before the expiry.' },
  });
