import { ListProblem } from './list-problem.ts';

export type TextLine = { line: number; text: string };

const longestLine = 1_000_000;

/** Cuts pieces of text into lines, counted from 1, without their ends. */
export async function* textLines(pieces: AsyncIterable<string>): AsyncGenerator<TextLine> {
  let rest = '';
  let line = 1;
  for await (const piece of pieces) {
    const cut = (rest + piece).split('\n');
    rest = cut.pop() ?? '';
    if (rest.length > longestLine) throw new ListProblem(`Line ${line + cut.length} is too long for a row of a list.`);
    for (const text of cut) {
      yield { line, text: text.endsWith('\r') ? text.slice(0, -1) : text };
      line += 1;
    }
  }
  if (rest !== '') yield { line, text: rest };
}
