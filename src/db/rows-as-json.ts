import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';

/** What JSON makes of a row: instants are ISO texts. */
export type JsonRow<Row> = {
  [Field in keyof Row]: Date extends Row[Field] ? Exclude<Row[Field], Date> | string : Row[Field];
};

type Selecting<Row> = SQLWrapper & { readonly _: { readonly result: Row[]; readonly selectedFields: object } };

/**
 * The rows of a query, in its order and under the names of its fields, as one value of another query: what is read together
 * is asked for once. Not for `numeric` columns, which JSON would make numbers of.
 */
export function rowsAsJson<Row>(query: Selecting<Row>): SQL<JsonRow<Row>[]> {
  const names = Object.keys(query._.selectedFields).map((name) => sql.identifier(name));
  return sql`(select coalesce(json_agg(asked), '[]') from ${query} as asked(${sql.join(names, sql`, `)}))`;
}

/** An instant of such a row. */
export function dateFrom(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
