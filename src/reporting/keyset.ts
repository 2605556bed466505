import { and, asc, desc, gt, isNotNull, isNull, lt, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** The last row of a page: its sort value as text (null when it has none) and its id. */
export type Position = { value: string | null; id: string };

/** One stretch of an ordered list: rows with a sort value, or those without one, which an index keeps at its end. */
export type Stretch = { where: SQL | undefined; orderBy: SQL[] };

type Order = { column: PgColumn; id: PgColumn; descending: boolean };

/**
 * The stretches to read one after the other, from a position on (from the start without one), until a page is full.
 * Each is a single walk along an index on (column, id); a column that is never null has one stretch.
 */
export function stretchesFrom(order: Order, from: Position | undefined): Stretch[] {
  const direction = order.descending ? desc : asc;
  const valued = { where: afterValued(order, from), orderBy: [direction(order.column), direction(order.id)] };
  if (order.column.notNull) return [valued];
  const empty = { where: and(isNull(order.column), afterEmpty(order, from)), orderBy: [direction(order.id)] };
  const present = { ...valued, where: and(isNotNull(order.column), valued.where) };
  const startsAmongEmpty = from !== undefined && from.value === null;
  const startsAmongValued = from !== undefined && from.value !== null;
  if (order.descending) return startsAmongValued ? [present] : [empty, present];
  return startsAmongEmpty ? [empty] : [present, empty];
}

/** A row comparison, because that is what an index walk starts from; the value is text as PostgreSQL wrote it. */
function afterValued({ column, id, descending }: Order, from: Position | undefined): SQL | undefined {
  if (!from || from.value === null) return undefined;
  const beyond = descending ? sql`<` : sql`>`;
  return sql`(${column}, ${id}) ${beyond} (${from.value}, ${from.id})`;
}

function afterEmpty({ id, descending }: Order, from: Position | undefined): SQL | undefined {
  if (!from || from.value !== null) return undefined;
  return descending ? lt(id, from.id) : gt(id, from.id);
}
