import { z } from 'zod';
import { knownFormats } from '../../intake/formats/known-formats.ts';
import { at, flag, id } from './basics.ts';

export const importFields = z.strictObject({
  format: z
    .enum(knownFormats.map(({ name }) => name))
    .optional()
    .meta({ description: 'Found by the headers when absent' }),
  dryRun: flag.optional().meta({ description: 'Checks every row and writes none' }),
});

const rows = z.number().int();

export const importRecord = z
  .strictObject({
    id,
    state: z.enum(['queued', 'running', 'completed', 'failed']),
    format: z.string().nullable(),
    fileName: z.string(),
    dryRun: z.boolean(),
    rows,
    accepted: rows,
    rejected: rows,
    created: rows,
    changed: rows,
    unchanged: rows,
    failure: z.string().nullable().meta({ description: 'Why the whole file could not be read' }),
    requestedBy: z.string(),
    requestedAt: at,
    finishedAt: at.nullable(),
  })
  .meta({ id: 'Import' });

export const rejection = z
  .strictObject({
    line: rows.meta({ description: 'As in the file; the first data row is line 2' }),
    column: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'Rejection' });
