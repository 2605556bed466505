import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const suppression = /(oxlint|eslint|prettier|knip)-(disable|ignore)|@ts-(ignore|nocheck)/;
const reason = / -- \S+ \S+/;
const currentInstant = /\bnew Date\(\s*\)|\bnew Date\b(?!\s*\()/;

const linesOf = (pattern: string): string[] =>
  globSync(pattern)
    .filter((file) => !file.startsWith('test/architecture/'))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line, index) => `${file}:${index + 1}: ${line.trim()}`),
    );

const lacksReason = (line: string): boolean => suppression.test(line) && !reason.test(line);

describe('A suppressed finding', () => {
  test('says why, on the same line after two dashes', () => {
    expect(linesOf('{src,workflows,activities,test,bench}/**/*.ts').filter(lacksReason)).toEqual([]);
  });

  test('without its reason is found', () => {
    expect(lacksReason('// oxlint-disable-next-line no-console')).toBe(true);
    expect(lacksReason('// oxlint-disable-next-line no-console -- the command line talks to people')).toBe(false);
  });
});

describe('The rules of src/renewal', () => {
  test('never read the present instant', () => {
    expect(linesOf('src/renewal/**/*.ts').filter((line) => currentInstant.test(line))).toEqual([]);
  });

  test.each(['new Date()', 'new Date', 'const now = new Date( );'])('would be caught with «%s»', (line) => {
    expect(currentInstant.test(line)).toBe(true);
  });

  test('may read a date that was handed to them', () => {
    expect(currentInstant.test("new Date('2027-03-31')")).toBe(false);
  });
});
