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
  const names = writes.map((write) => write.name);
  if (new Set(names).size < names.length) throw new Error(`a write stands twice in one statement: ${names.join(', ')}`);
  const name = names.join(', ');
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
type Place = { column: PgColumn | undefined; place: string };
/** A choice of columns of a table: which placeholder takes which of them. */
type Shape = Pick<Write, 'name' | 'query'> & { places: Record<string, Place>; idPlace: string };

const shapes = new Map<string, Shape>();

/** The change of some columns of one row. */
export function changeOf<Table extends TableWithId>(
  table: Table,
  { id, change }: { id: string; change: Partial<Table['$inferSelect']> },
): Write {
  const name = `${getTableName(table)} ${Object.keys(change).join(' ')}`;
  const shape = shapes.get(name) ?? shapeOf(name, table, Object.keys(change));
  shapes.set(name, shape);
  const values: Record<string, unknown> = { [shape.idPlace]: id };
  for (const [field, { column, place }] of Object.entries(shape.places)) {
    const value = change[field as keyof typeof change];
    // As the driver takes it: a column would encode null too.
    values[place] = value === null ? null : column?.mapToDriverValue(value);
  }
  return { name, query: shape.query, values };
}

function shapeOf(name: string, table: TableWithId, fields: readonly string[]): Shape {
  const columns: Record<string, PgColumn> = getTableColumns(table);
  const places = fields.map((field): [string, Place] => [field, { column: columns[field], place: `${name}.${field}` }]);
  const idPlace = `${name}.id of the row`;
  const set = Object.fromEntries(places.map(([field, { place }]) => [field, sql`${sql.placeholder(place)}`]));
  const isRow = eq(table.id, sql.placeholder(idPlace));
  return { name, query: (db) => db.update(table).set(set).where(isRow), places: Object.fromEntries(places), idPlace };
}

export async function updateRow<Table extends TableWithId>(
  db: Db,
  table: Table,
  change: { id: string; change: Partial<Table['$inferSelect']> },
): Promise<void> {
  await writeTogether(db, [changeOf(table, change)]);
}
