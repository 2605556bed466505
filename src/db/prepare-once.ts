import type { Db } from './connection.ts';

type Prepared<Rows> = { execute: (values?: Record<string, unknown>) => Promise<Rows> };
type Query<Rows> = { prepare: (name: string) => Prepared<Rows> };

/**
 * A query that is built once for the process, and by each connection of PostgreSQL planned once: for those of every step,
 * building costs several times more than asking. What changes from call to call is a placeholder of the query.
 */
export function prepareOnce<Rows>(
  name: string,
  build: (db: Db) => Query<Rows>,
): (db: Db, values: Record<string, unknown>) => Promise<Rows> {
  let prepared: Prepared<Rows> | undefined;
  return (db, values) => {
    prepared ??= build(db).prepare(name);
    // Prepared queries of Drizzle belong to the connection that they were built on; this one runs on the caller's.
    const here = Object.create(prepared) as Prepared<Rows> & { client: unknown };
    here.client = (db as unknown as { session: { client: unknown } }).session.client;
    return here.execute(values);
  };
}
