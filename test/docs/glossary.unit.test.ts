import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const glossary = readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8');
const rules = new URL('../../src/renewal/', import.meta.url);

type Codes = { name: string; file: string; codes: string[] };

/** Every exported list of codes of the pure rules. */
async function exportedCodes(): Promise<Codes[]> {
  const files = readdirSync(rules).filter((file) => file.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file) => {
      const exported = (await import(new URL(file, rules).href)) as Record<string, unknown>;
      return Object.entries(exported).flatMap(([name, value]) => (isCodes(value) ? [{ name, file, codes: value }] : []));
    }),
  );
  const lists = found.flat();
  const wholes = lists.filter(({ name }) => name === 'taskKinds' || name === 'lossReasons');
  // A choice out of the task kinds or the loss reasons is explained with them.
  const isChoice = (list: Codes): boolean =>
    wholes.some((whole) => whole !== list && list.codes.every((code) => whole.codes.includes(code)));
  return lists.filter((list) => !isChoice(list));
}

function isCodes(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

/** The tables of the glossary, by the heading that names the list and its file. */
function explainedCodes(): Codes[] {
  return [...glossary.matchAll(/^### `(\w+)` – (\S+\.ts)$([^#]*)/gm)].map(([, name = '', file = '', table = '']) => ({
    name,
    file,
    codes: [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code = '']) => code),
  }));
}

const byName = (one: Codes, other: Codes): number => one.name.localeCompare(other.name);

describe('The glossary', () => {
  test('explains every code of the rules, in their order, and none that is not there', async () => {
    const exported = await exportedCodes();

    expect(exported.length).toBeGreaterThan(10);
    expect(explainedCodes().toSorted(byName)).toEqual(exported.toSorted(byName));
  });

  test('gives every code a Chinese word and a meaning', () => {
    const rows = [...glossary.matchAll(/^\| `[^`]+` \|([^|]*)\|([^|]*)\|/gm)];

    expect(rows.filter(([, chinese = '', meaning = '']) => !/\p{Script=Han}/u.test(chinese) || meaning.trim() === '')).toEqual(
      [],
    );
  });
});
