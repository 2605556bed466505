import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

type Diagnostic = { code: string; filename: string };

let folder: string;
let diagnostics: Diagnostic[];

// oxlint matches its overrides against paths below its settings, so the fixture is linted as a project of its own.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xubao-lint-'));
  cpSync('test/architecture/lint-fixture', folder, { recursive: true });
  cpSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
  diagnostics = await lint(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(cwd: string): Promise<Diagnostic[]> {
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: resolve('node_modules/.bin/tsgolint') };
  return new Promise((done, fail) => {
    execFile(
      resolve('node_modules/.bin/oxlint'),
      ['--type-aware', '--format=json'],
      { cwd, env },
      (_, output, errors) => {
        if (!output.includes('diagnostics')) fail(new Error(`oxlint gave no report: ${output}${errors}`));
        else done((JSON.parse(output) as { diagnostics: Diagnostic[] }).diagnostics);
      },
    );
  });
}

const codesIn = (file: string) =>
  diagnostics.filter((diagnostic) => diagnostic.filename.endsWith(file)).map((diagnostic) => diagnostic.code);

describe('The lint rules', () => {
  test('keep packages, node, other folders and activity values out of workflows', () => {
    expect(codesIn('workflows/reads-files.ts')).toEqual(Array(5).fill('eslint(no-restricted-imports)'));
  });

  test('allow a workflow the rules, its own files, the SDK and types of activities', () => {
    expect(codesIn('workflows/renewal.ts')).toEqual([]);
  });

  test('keep the clock, chance, settings and I/O out of the rules', () => {
    expect(codesIn('src/renewal/reads-the-clock.ts').toSorted()).toEqual([
      ...Array(3).fill('eslint(no-restricted-globals)'),
      ...Array(2).fill('eslint(no-restricted-properties)'),
    ]);
  });

  test('keep packages out of the rules', () => {
    expect(codesIn('src/renewal/uses-a-package.ts')).toEqual(['eslint(no-restricted-imports)']);
  });

  test('allow a rule another rule and a fixed date', () => {
    expect(codesIn('src/renewal/stage.ts')).toEqual([]);
  });

  test.each([
    ['a forgotten promise', 'src/api/forgets-to-wait.ts', 'typescript(no-floating-promises)'],
    ['a switch that misses a case', 'src/api/forgets-to-wait.ts', 'typescript(switch-exhaustiveness-check)'],
    ['a default export', 'src/api/exports-default.ts', 'import(no-default-export)'],
    ['a barrel', 'src/api/barrel.ts', 'oxc(no-barrel-file)'],
  ])('refuse %s', (_, file, code) => {
    expect(codesIn(file)).toContain(code);
  });
});
