import type { z } from 'zod';
import { badFields, type FieldError } from './problem.ts';

const deepestLevel = 64;

/**
 * Checks input against a schema; every broken field is named (422). Whatever walks through a body later (its check, its
 * hash, its way into PostgreSQL) walks no deeper than this lets through.
 */
export function checkInput<Schema extends z.ZodType>(schema: Schema | undefined, input: unknown): z.output<Schema> {
  if (!schema) return undefined as z.output<Schema>;
  if (isDeeperThan(deepestLevel, input)) {
    throw badFields([{ path: '', message: `Nested deeper than ${deepestLevel} levels` }]);
  }
  const parsed = schema.safeParse(input);
  const errors = [...(parsed.success ? [] : parsed.error.issues.flatMap(fieldErrors)), ...unstorableText(input, '')];
  if (!parsed.success || errors.length > 0) throw badFields(errors);
  return parsed.data;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: path ? `${path}.${key}` : key, message: 'Unknown field' }));
  }
  return [{ path, message: issue.message }];
}

/** PostgreSQL stores neither NUL nor half a surrogate pair; the field is named instead of failing there. */
function unstorableText(value: unknown, path: string): FieldError[] {
  if (typeof value === 'string') {
    const storable = !value.includes('\0') && value.isWellFormed();
    return storable ? [] : [{ path, message: 'Contains characters that cannot be stored' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unstorableText(inner, path ? `${path}.${key}` : key));
}
