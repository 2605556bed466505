import { z } from 'zod';
import { roles } from '../../db/staff/staff-records.ts';

// Beyond these years a date is a slip of the pen, and PostgreSQL and Date disagree about some of them.
const plausibleYear = /^(19|20|21)\d\d-/;
const isPlausible = (written: string): boolean => plausibleYear.test(written);
const pattern = plausibleYear.source;

export const day = z.iso
  .date()
  .refine(isPlausible, 'A year from 1900 to 2199')
  .meta({ format: 'date', pattern, example: '2026-12-31', description: 'A calendar day in the business time zone' });

export const instant = z.iso
  .datetime({ offset: true })
  .refine(isPlausible, 'A year from 1900 to 2199')
  .meta({ format: 'date-time', pattern, example: '2026-12-01T09:30:00+08:00' });

/** What we answer is always in UTC. */
export const at = z.iso.datetime({ offset: true }).meta({ example: '2026-12-01T01:30:00.000Z' });

export const renewalId = z.string().min(1).max(300).meta({ example: 'renewal.PDAA202644010000000001.20260101' });
export const id = z.uuid().meta({ example: '019a8f0e-5f5c-7c52-8f6e-0f5c2a4b9d10' });
export const staffId = z.string().min(1).max(100).meta({ example: 'A1001' });
export const code = z.string().min(1).max(100);

/** Text that people write: blanks around it do not count, and blanks alone are nothing. */
export const text = (longest: number) => z.string().trim().regex(/\S/, 'Cannot be empty').max(longest);
export const note = text(4_000);
export const policyNumber = text(100).meta({ example: 'PDAA202644010000000001' });
export const money = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,2})?$/, { error: ({ input }) => moneyProblem(String(input)) })
  .meta({ example: '5480.00' });

/** What keeps a text from being an amount of money. */
export function moneyProblem(written: string): string {
  if (!/^\d+(\.\d+)?$/.test(written)) return 'A decimal number such as 5480.00';
  if (/^\d{13}/.test(written)) return '12 digits before the point at most';
  return /\.\d{3}/.test(written) ? 'Two decimals at most' : 'Above 0, such as 5480.00';
}

export const flag = z.enum(['true', 'false']).transform((written) => written === 'true');
export const role = z.enum(roles);

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(100).meta({ description: 'Items on a page', example: 100 }),
  cursor: z
    .string()
    .regex(/^[\w-]{1,2000}$/)
    .optional()
    .meta({ description: '`nextCursor` of the page before' }),
};

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Send it as `cursor` for the next page; null on the last' }),
  });
}

/** Text as PostgreSQL writes an instant or a date, in a cursor. */
export const storedInstant = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/);

export const problemDocument = z
  .strictObject({
    type: z.string().meta({ example: 'urn:xubao:problem:invalid' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; programs go by it', example: 'invalid' }),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
