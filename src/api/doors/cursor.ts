import { z } from 'zod';
import { badFields } from './problem.ts';

/** A page's end as an opaque text; `list` says which list and order it belongs to. */
export function writeCursor(list: string, position: Record<string, string | number | null>): string {
  return Buffer.from(JSON.stringify({ list, ...position })).toString('base64url');
}

/** The position behind a cursor of this list; anything else is a bad field. */
export function readCursor<Shape extends z.ZodObject>(
  list: string,
  shape: Shape,
  cursor: string | undefined,
): z.output<Shape> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = z.object({ list: z.literal(list) }).safeParse(unpack(cursor));
  const position = shape.safeParse(parsed.success ? unpack(cursor) : undefined);
  if (position.success) return position.data;
  throw badFields([{ path: 'cursor', message: 'Is no cursor of this list; send nextCursor as it was answered' }]);
}

function unpack(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Turns rows read with one to spare into a page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  as: { item: (row: Row) => Item; cursor: (row: Row) => string },
): { items: Item[]; nextCursor: string | null } {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(as.item), nextCursor: last === undefined ? null : as.cursor(last) };
}
