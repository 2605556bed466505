import { eq, getTableColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Db } from './connection.ts';
import { prepareOnce } from './prepare-once.ts';

/** One write of a statement of several, with the values of its placeholders; the same name is the same query. */
export type Write = { name: string; query: (db: Db) => { getSQL: () => SQL }; values: Record<string, unknown> };

type Statement = (db: Db, values: Record<string, unknown>) => Promise<unknown>;

const statements = new Map<string, Statement>();

/**
 * Writes to several rows in one statement, which is built once for each choice of writes; no row twice, and rows that others
 * may want are locked before, because nothing says which is written first.
 */
export async function writeTogether(db: Db, writes: readonly Write[]): Promise<void> {
  if (writes.length === 0) return;
  const name = writes.map((write) => write.name).join(', ');
  const statement = statements.get(name) ?? statementOf(writes);
  statements.set(name, statement);
  await statement(db, Object.assign({}, ...writes.map(({ values }) => values)) as Record<string, unknown>);
}

function statementOf(writes: readonly Write[]): Statement {
  return prepareOnce(`writes_${statements.size}`, (db) => {
    const parts = writes.map(({ query }, index) => db.$with(`write_${index}`, {}).as(query(db).getSQL()));
    return db
      .with(...parts)
      .select({ done: sql`true` })
      .from(sql`(values (true)) as one`);
  });
}

type TableWithId = PgTable & { id: PgColumn };

/** The change of some columns of one row. */
export function changeOf<Table extends TableWithId>(
  table: Table,
  { id, change }: { id: string; change: Partial<Table['$inferSelect']> },
): Write {
  const place = (name: string): string => `${getTableName(table)}.${name}`;
  const names = Object.keys(change);
  const columns = getTableColumns(table as PgTable);
  // As the driver takes them: a column would encode null too.
  const values = Object.entries(change).map(([name, value]): [string, unknown] => [
    place(name),
    value === null ? null : columns[name]?.mapToDriverValue(value),
  ]);
  const set = Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(place(name))}`]));
  const written: TableWithId = table;
  return {
    name: `${getTableName(table)} ${names.join(' ')}`,
    query: (db) =>
      db
        .update(written)
        .set(set)
        .where(eq(written.id, sql.placeholder(place('id')))),
    values: { ...Object.fromEntries(values), [place('id')]: id },
  };
}

export async function updateRow<Table extends TableWithId>(
  db: Db,
  table: Table,
  change: { id: string; change: Partial<Table['$inferSelect']> },
): Promise<void> {
  await writeTogether(db, [changeOf(table, change)]);
}
