import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../../src/reporting', import.meta.url));

/** Read for nobody in particular, and why that is safe. */
const withoutViewer: Record<string, string> = {
  readBooks: 'counts of the whole book, for a season’s report and the tests of the balance',
  readBooksBy: 'counts of the whole book, for a season’s report and the tests of the balance',
  readLossReasons: 'counts of the whole book, for a season’s report and the tests of the balance',
  readLiveCounts: 'counts of the whole book, for the metrics',
  readConcessionsOf: 'part of the page of a case, which is read for a viewer first',
  readGains: 'part of the page of a case, which is read for a viewer first',
};

const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
const everything = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');

type Reader = { name: string; file: string; takesViewer: boolean };

/** Every exported function that reads from the database, by the text of its signature and of the types it names. */
function readersIn(file: string): Reader[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return [...text.matchAll(/export (?:async )?function (\w+)\(([\s\S]*?)\)(?:: [^\n]+)? \{\n/g)]
    .filter(([, , parameters = '']) => /\bdb\b[^,]*: (Db|Pick<)|\{ db/.test(parameters))
    .map(([, name = '', parameters = '']) => ({ name, file, takesViewer: namesViewer(parameters, everything) }));
}

function namesViewer(parameters: string, text: string): boolean {
  if (/\bviewer\b|\bViewer\b/.test(parameters)) return true;
  const types = [...parameters.matchAll(/: ([A-Z]\w+)/g)].map(([, type]) => type);
  return types.some((type) => new RegExp(`type ${type} =[^;]*?\\bviewer: Viewer`).test(text));
}

function namesAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => new RegExp(`\\b${name}\\b`).test(text));
}

const readers = files.flatMap(readersIn);

describe('What is listed and read for people', () => {
  test('is asked for by a viewer, so that no list can forget who looks at it', () => {
    const forgetful = readers.filter(({ name, takesViewer }) => !takesViewer && !(name in withoutViewer));
    expect(readers.length).toBeGreaterThan(15);
    expect(forgetful).toEqual([]);
  });

  test('is excepted only where the function is still there and still takes no viewer', () => {
    const open = readers.filter(({ takesViewer }) => !takesViewer).map(({ name }) => name);
    expect(Object.keys(withoutViewer).filter((name) => !open.includes(name))).toEqual([]);
  });

  test('and what is excepted is used by no route but the metrics', () => {
    const api = fileURLToPath(new URL('../../src/api', import.meta.url));
    const users = readdirSync(api)
      .filter((file) => file.endsWith('.ts') && file !== 'metrics.ts')
      .filter((file) => namesAny(readFileSync(join(api, file), 'utf8'), Object.keys(withoutViewer)));
    expect(users).toEqual([]);
  });

  test('would be noticed without a viewer', () => {
    expect(namesViewer('\n  db: Db,\n  request: ListRequest,\n', 'export type ListRequest = { limit: number };')).toBe(
      false,
    );
    expect(namesViewer('db: Db, id: string', '')).toBe(false);
  });
});
