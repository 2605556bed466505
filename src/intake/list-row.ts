/** One row of a list as it was read; `line` is its line in the file, the headers stand on the first. */
export type ListRow = {
  line: number;
  cells: string[];
  /** What makes the row unreadable, and in the how-manieth cell. */
  flaw?: { place: number; problem: string };
};

export function isBlank({ cells, flaw }: ListRow): boolean {
  return flaw === undefined && cells.every((cell) => cell.trim() === '');
}
