/**
 * How authors write e-mails: Liquid in paragraphs parted by empty lines; lines with `# ` are headings, with `- ` items of a
 * list, and `[words]({{link}})` is a link. It is turned into HTML or text before any variable is filled in, so that no
 * value can be read as markup.
 */
export type MarkupProblem = { line: number; message: string };

const tokens = /(\{\{.*?\}\}|\{%.*?%\})/;
/** A link leads to a variable called `link`, or to a page that whoever approves the text can read. */
const links = /\[([^\]\n]+)\]\((\{\{-?\s*(?:\w+\.)?link\s*-?\}\}|https:\/\/[^\s()"'<>]+)\)/g;
const tagOnly = /^\s*(?:\{%.*?%\}\s*)+$/;

/** The HTML of an e-mail's content, still with its variables. */
export function htmlSource(source: string): string {
  return blocksOf(source).map(htmlOf).join('\n');
}

/** The plain text of an e-mail, still with its variables. */
export function textSource(source: string): string {
  const written = blocksOf(source).map((lines) => lines.map(textOf).join(''));
  return written.join('\n');
}

/** What cannot be turned into HTML that is whole whatever the variables say. */
export function checkMarkup(source: string): MarkupProblem[] {
  const lines = source.split('\n');
  const unfinished = lines.flatMap((line, index) =>
    isWhole(line) ? [] : [{ line: index + 1, message: 'A variable or tag ends on the line on which it begins' }],
  );
  const unbalanced = lines.flatMap((line, index) =>
    tagOnly.test(line) || isBalanced(line)
      ? []
      : [{ line: index + 1, message: 'A choice within a line ends on it; one over lines stands on lines of its own' }],
  );
  return [...unfinished, ...unbalanced, ...checkBlocks(lines)].toSorted((one, other) => one.line - other.line);
}

function checkBlocks(lines: readonly string[]): MarkupProblem[] {
  const starts = lines.flatMap((line, index) => (line.trim() !== '' && !lines[index - 1]?.trim() ? [index] : []));
  return starts.flatMap((start) => {
    const end = lines.findIndex((line, index) => index > start && line.trim() === '');
    const block = lines.slice(start, end === -1 ? undefined : end);
    const texts = block.filter((line) => !tagOnly.test(line));
    const mixed = texts.some(isItem) && !texts.every(isItem);
    const heading = block.length > 1 && texts.some(isHeading);
    const open = texts.length > 0 && !isBalanced(block.join(''));
    const problem = (message: string): MarkupProblem[] => [{ line: start + 1, message }];
    return [
      ...(mixed ? problem('A list is parted from paragraphs by an empty line') : []),
      ...(heading ? problem('A heading stands between empty lines') : []),
      ...(open ? problem('A choice or loop ends in the paragraph or list in which it begins') : []),
    ];
  });
}

function blocksOf(source: string): string[][] {
  return source
    .trim()
    .split(/\n(?:[ \t]*\n)+/)
    .map((block) => block.split('\n').map((line) => line.trim()));
}

function htmlOf(lines: readonly string[]): string {
  const texts = lines.filter((line) => !tagOnly.test(line));
  if (texts.length === 0) return lines.join('');
  if (texts.every(isItem))
    return `<ul>${lines.map((line) => (isItem(line) ? `<li>${inline(line.slice(2))}</li>` : line)).join('')}</ul>`;
  if (texts.every(isHeading)) return lines.map((line) => `<h2>${inline(line.slice(2))}</h2>`).join('');
  return `<p>${brokenLines(lines)}</p>`;
}

function brokenLines(lines: readonly string[]): string {
  const last = lines.findLastIndex((line) => !tagOnly.test(line));
  return lines
    .map((line, index) => (tagOnly.test(line) ? line : `${inline(line)}${index < last ? '<br>' : ''}`))
    .join('');
}

function inline(line: string): string {
  return line
    .split(links)
    .map((part, index, parts) => {
      if (index % 3 === 0) return escaped(part);
      return index % 3 === 1 ? `<a href="${parts[index + 1] ?? ''}">${escaped(part)}</a>` : '';
    })
    .join('');
}

/** The author's own words; what stands in variables is escaped when it is filled in. */
function escaped(part: string): string {
  return part
    .split(tokens)
    .map((piece, index) => (index % 2 === 1 ? piece : escapeHtml(piece)))
    .join('');
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function textOf(line: string): string {
  if (tagOnly.test(line)) return line;
  const written = isHeading(line) ? line.slice(2) : line;
  // A space ends an address; whatever follows it would be taken for a part of it.
  return `${written.replaceAll(links, '$1: $2 ').trimEnd()}\n`;
}

function isItem(line: string): boolean {
  return line.trimStart().startsWith('- ');
}

function isHeading(line: string): boolean {
  return line.trimStart().startsWith('# ');
}

function isWhole(line: string): boolean {
  const rest = line.split(tokens).filter((_, index) => index % 2 === 0);
  return !rest.some((piece) => /\{\{|\{%|\}\}|%\}/.test(piece));
}

/** Whether every choice and loop that it opens ends in it, and no other one. */
function isBalanced(text: string): boolean {
  const names = [...text.matchAll(/\{%-?\s*(\w+)/g)].map(([, name = '']) => name);
  const depths = names.reduce<number[]>((before, name) => [...before, (before.at(-1) ?? 0) + stepOf(name)], []);
  const goesOut = names.some((name, index) => (depths[index] ?? 0) < (isBranch(name) ? 1 : 0));
  return !goesOut && (depths.at(-1) ?? 0) === 0;
}

function stepOf(name: string): number {
  if (name.startsWith('end')) return -1;
  return isBranch(name) ? 0 : 1;
}

function isBranch(name: string): boolean {
  return ['else', 'elsif', 'when'].includes(name);
}
