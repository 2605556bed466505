import { DrizzleQueryError, is, Param, Placeholder } from 'drizzle-orm';
import type { Db } from './connection.ts';
import { rowReader, type SelectedField } from './row-reader.ts';

type Values = Record<string, unknown>;
type Query<Rows> = { prepare: (name: string) => { execute: (values?: Values) => Promise<Rows> } };

/** What Drizzle keeps of a query that it has prepared for node-postgres. */
type Built = {
  params: readonly unknown[];
  fields?: readonly SelectedField[];
  queryConfig: { text: string };
  rawQueryConfig: { text: string };
};
type Client = { query: (config: object, params: unknown[]) => Promise<{ rows: unknown[][] }> };

/**
 * A query that is built once for the process, and by each connection of PostgreSQL planned once: for those of every step,
 * building costs several times more than asking. What changes from call to call is a placeholder of the query. It runs on
 * the connection of the caller, without Drizzle's own way there, which looks at every parameter and every column anew.
 */
export function prepareOnce<Rows>(
  name: string,
  build: (db: Db) => Query<Rows>,
): (db: Db, values: Values) => Promise<Rows> {
  let run: ReturnType<typeof runnerOf> | undefined;
  return async (db, values) => {
    run ??= runnerOf(build(db).prepare(name) as unknown as Built);
    const { client } = (db as unknown as { session: { client: Client } }).session;
    return (await run(client, values)) as Rows;
  };
}

/** Runs a query; its rows, or what the driver says of a statement that answers none. */
function runnerOf({ params, fields, queryConfig, rawQueryConfig }: Built) {
  const fill = params.map(filler);
  const read = fields && rowReader(fields);
  return async (client: Client, values: Values): Promise<unknown> => {
    const filled = fill.map((valueIn) => valueIn(values));
    try {
      if (!read) return await client.query(rawQueryConfig, filled);
      const { rows } = await client.query(queryConfig, filled);
      return rows.map(read);
    } catch (error) {
      throw new DrizzleQueryError(queryConfig.text, filled, error instanceof Error ? error : undefined);
    }
  };
}

function filler(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return (values) => valueOf(values, param.name);
  if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
  const { encoder, value } = param;
  return (values) => encoder.mapToDriverValue(valueOf(values, value.name));
}

function valueOf(values: Values, name: string): unknown {
  if (!(name in values)) throw new Error(`No value for placeholder "${name}" was provided`);
  return values[name];
}
