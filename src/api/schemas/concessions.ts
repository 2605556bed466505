import { z } from 'zod';
import { concessionLevels, concessionStates, concessionSteps } from '../../renewal/concession.ts';
import { at, code, day, id, money, note, renewalId, staffId } from './basics.ts';
import { percent } from './setting-contents.ts';

const attachedService = code.meta({ description: 'What the customer takes besides', example: 'maintenance-plan' });

export const concessionBody = z
  .strictObject({
    percent: percent.meta({ description: 'Of the newest quote, else of the expiring premium' }),
    benefit: code.optional().meta({ description: 'A benefit type that is switched on', example: 'rescue-card' }),
    attachedService: attachedService.optional(),
    reason: note,
  })
  .meta({ id: 'ConcessionToRequest', example: { percent: 8, reason: 'A rival offers less.' } });

export const concessionDecisionBody = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    note,
    attachedService: attachedService.optional(),
    signed: z.boolean().optional().meta({ description: 'The attached service is signed' }),
  })
  .meta({ id: 'ConcessionDecision', example: { decision: 'approve', note: 'A customer of ten years.' } });

const ask = z.strictObject({
  level: z.enum(concessionLevels),
  askedAt: at,
  dueAt: at,
  answer: z.string().nullable().meta({ description: 'null while it is waited for', example: 'no-answer' }),
  answeredBy: staffId.nullable(),
  answeredAt: at.nullable(),
});

const concessionFields = {
  id,
  renewalId,
  percent,
  step: z.enum(concessionSteps),
  benefit: z.string().nullable(),
  attachedService: z.string().nullable(),
  signed: z.boolean(),
  reason: z.string(),
  premium: money.meta({ description: 'What the percentage is of' }),
  premiumAfter: money,
  ladderVersion: z.number().int(),
  state: z.enum(concessionStates),
  level: z.enum(concessionLevels).meta({ description: 'Who decides, or decided at last' }),
  dueAt: at.nullable().meta({ description: 'Then the next level is asked' }),
  requestedBy: staffId,
  requestedAt: at,
  decidedBy: staffId.nullable(),
  decidedAt: at.nullable(),
  decisionNote: z.string().nullable(),
  lapsedReason: z.string().nullable(),
  asks: z.array(ask),
};

export const concessionAnswer = z.strictObject(concessionFields).meta({ id: 'Concession' });

const left = z.number().int().nullable().meta({ description: 'Customers it still takes; null without a limit' });

const mixFigures = {
  customers: z.number().int(),
  meanPercent: z.number().nullable(),
  targetPercent: z.number(),
};

export const concessionRequested = z
  .strictObject({
    ...concessionFields,
    budget: z
      .strictObject({ upToPercent: percent, left, usedUp: z.boolean(), ...mixFigures })
      .meta({ description: 'The band it falls into, in its branch and month of expiry, without this customer' }),
  })
  .meta({ id: 'RequestedConcession' });

export const mixFilters = z
  .strictObject({
    from: day.optional().meta({ description: 'First day of expiry; default the first of the month' }),
    to: day.optional().meta({ description: 'Last day of expiry; default the last of the month' }),
    branchId: code.optional(),
    format: z.enum(['json']).default('json'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'Not before from',
  });

export const mixReport = z
  .strictObject({
    from: day,
    to: day,
    branchId: code.nullable(),
    ladderVersion: z.number().int(),
    ...mixFigures,
    bands: z.array(
      z.strictObject({
        upToPercent: percent,
        customers: z.number().int(),
        sharePercent: z.number().nullable(),
        meanPercent: z.number().nullable(),
        left,
      }),
    ),
  })
  .meta({ id: 'ConcessionMix' });
