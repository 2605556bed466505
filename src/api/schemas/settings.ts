import { z } from 'zod';
import { settingNames } from '../../renewal/settings.ts';
import { at, note, paging, staffId } from './basics.ts';
import { settingContents } from './setting-contents.ts';

const shapes: readonly z.ZodType[] = Object.values(settingContents);
const content = z.union(shapes).meta({ description: 'As its name asks for' });

export const settingName = z.strictObject({ name: z.enum(settingNames) });

const version = z.number().int().min(0).max(1_000_000_000);

export const settingQuery = z.strictObject({
  version: z.coerce.number().int().min(0).max(1_000_000_000).optional().meta({
    description: 'An older version; 0 is the default. The one in force when it is not said',
  }),
});

const change = { changedBy: staffId.nullable(), changedAt: at.nullable() };

export const settingItem = z
  .strictObject({ name: z.enum(settingNames), version: version.meta({ description: 'In force' }), ...change })
  .meta({ id: 'SettingInForce' });

export const settingVersionFilters = z.strictObject(paging);

export const settingVersion = z
  .strictObject({
    version,
    changedBy: staffId,
    changedAt: at,
    reason: z.string().nullable(),
    contentHash: z.string().meta({ description: 'SHA-256 of the stored content, as the journal keeps it' }),
  })
  .meta({ id: 'SettingVersion' });

export const settingAnswer = z
  .strictObject({
    name: z.enum(settingNames),
    version: version.meta({ description: '0: the default, never changed' }),
    content,
    ...change,
    reason: z.string().nullable(),
    warnings: z.array(z.string()).optional().meta({
      description: 'Years without known holidays, plans in force that are stricter or plan into the quiet hours',
    }),
  })
  .meta({ id: 'Setting' });

const oneOfThem = { anyOf: shapes.map((shape) => ({ $ref: `#/components/schemas/${shape.meta()?.id}` })) };

export const settingBody = z
  .strictObject({
    content: z.record(z.string(), z.unknown()).meta({ override: oneOfThem }),
    version: version.optional().meta({ description: 'The version you changed; another one in force answers 409' }),
    reason: note.optional(),
  })
  .meta({
    id: 'SettingToChange',
    example: { content: { fromMinute: 540, toMinute: 1200, workdaysOnly: false }, version: 0 },
  });
