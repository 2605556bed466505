/** The row of a statement that always answers one. */
export function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('the database answered no row where there is always one');
  return row;
}
