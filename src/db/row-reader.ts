import { Column, is, SQL } from 'drizzle-orm';

type Decoder = { mapFromDriverValue: (value: unknown) => unknown };

/** A field of a query as Drizzle orders them: where its value stands in the row, and what reads it. */
export type SelectedField = { path: readonly string[]; field: unknown };

type Row = Record<string, unknown>;

/**
 * Reads rows of a query whose fields never change: which decoder reads which place is found out once. Fields of a joined
 * table stand together under its name; all of its rows are there, so an outer join names its columns one by one.
 */
export function rowReader(fields: readonly SelectedField[]): (row: readonly unknown[]) => Row {
  const groups = [...new Set(fields.flatMap(({ path }) => (path.length > 1 ? [path[0] ?? ''] : [])))];
  const places = fields.map(({ path, field }, index) => {
    const decoder = decoderOf(field);
    return { index, group: path.length > 1 ? path[0] : undefined, name: path.at(-1) ?? '', decoder };
  });
  return (row) => {
    const read: Row = {};
    for (const group of groups) read[group] = {};
    for (const { index, group, name, decoder } of places) {
      const value = row[index];
      const node = group === undefined ? read : (read[group] as Row);
      node[name] = value === null || decoder === undefined ? value : decoder.mapFromDriverValue(value);
    }
    return read;
  };
}

/** Most columns are read as the driver has them: those have no decoder. */
function decoderOf(field: unknown): Decoder | undefined {
  if (is(field, Column)) return field.mapFromDriverValue === Column.prototype.mapFromDriverValue ? undefined : field;
  const { decoder } = (is(field, SQL) ? field : (field as { sql: SQL }).sql) as unknown as { decoder: Decoder };
  return decoder;
}
