import { z } from 'zod';
import { quoteKinds } from '../../renewal/quote.ts';
import { at, id, instant, money, moneyProblem, note, staffId } from './basics.ts';

/** What somebody asks of a customer is more than nothing. */
export const quotedPremium = z
  .string()
  .regex(/^(?=.*[1-9])\d{1,12}(\.\d{1,2})?$/, { error: ({ input }) => moneyProblem(String(input)) })
  .meta({ example: '5480.00' });

export const quoteBody = z
  .strictObject({
    premium: quotedPremium,
    validUntil: instant.optional().meta({ description: 'Lies ahead; none: until the next version' }),
    note: note.optional(),
  })
  .meta({ id: 'QuoteToGive', example: { premium: '5480.00' } });

export const quoteAnswer = z
  .strictObject({
    id,
    version: z.number().int(),
    kind: z.enum(quoteKinds).meta({ description: '`indicative` until the bind clock opens' }),
    premium: money,
    validUntil: at.nullable(),
    note: z.string().nullable(),
    quotedBy: staffId,
    quotedAt: at,
  })
  .meta({ id: 'Quote' });
