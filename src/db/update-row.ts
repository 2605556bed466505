import { eq, getTableColumns, getTableName, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Db } from './connection.ts';
import { prepareOnce } from './prepare-once.ts';

type TableWithId = PgTable & { id: PgColumn };
type Update = (db: Db, values: Record<string, unknown>) => Promise<unknown>;

const updates = new Map<string, Update>();

/** Changes some columns of one row; the statement is built once for each choice of columns. */
export async function updateRow<Table extends TableWithId>(
  db: Db,
  table: Table,
  { id, change }: { id: string; change: Partial<Table['$inferSelect']> },
): Promise<void> {
  const names = Object.keys(change);
  const key = `${getTableName(table)} ${names.join(' ')}`;
  const update = updates.get(key) ?? updateOf(table, names);
  updates.set(key, update);
  await update(db, { ...encoded(table, change), id });
}

function updateOf(table: TableWithId, names: readonly string[]): Update {
  const set = Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(name)}`]));
  return prepareOnce(`update_${getTableName(table)}_${updates.size}`, (db) =>
    db
      .update(table)
      .set(set)
      .where(eq(table.id, sql.placeholder('id'))),
  );
}

/** As the driver takes them: a column of its own would encode null too. */
function encoded(table: PgTable, change: object): Record<string, unknown> {
  const columns = getTableColumns(table);
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => [
      name,
      value === null ? null : columns[name]?.mapToDriverValue(value),
    ]),
  );
}
