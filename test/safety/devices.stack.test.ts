import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aBuild, type Edit } from '../support/a-build.ts';
import { runProgram } from '../support/run-program.ts';
import { safetyDevices } from './devices.ts';

type Run = { passed: number; failed: string[] };
type Report = { testResults: { assertionResults: { status: string; title: string }[] }[] };

/** Runs test files of a copy of the project, with the edits made; a copy of which nothing passes is broken itself. */
async function runTests(edits: readonly Edit[], files: readonly string[]): Promise<Run> {
  const build = aBuild(edits, ['test', 'drizzle', 'vitest.config.ts', 'tsconfig.json']);
  try {
    const report = join(build.folder, 'report.json');
    const args = ['node_modules/vitest/vitest.mjs', 'run', ...files, '--reporter=json', `--outputFile=${report}`];
    const { output } = await runProgram(process.execPath, args, { cwd: build.folder });
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const titles = (wanted: string): string[] =>
      results.filter(({ status }) => status === wanted).map(({ title }) => title);
    const passed = titles('passed').length;
    if (passed === 0) throw new Error(`nothing passes in the copy:\n${output.slice(-4_000)}`);
    return { passed, failed: titles('failed') };
  } finally {
    build.remove();
  }
}

const files = [...new Set(Object.values(safetyDevices).map(({ file }) => file))];

describe('The safety devices of sending', () => {
  test('with all of them on, their tests pass', async () => {
    const { passed, failed } = await runTests([], files);
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(files.length * 5);
  });

  test.for(Object.entries(safetyDevices))('without %s the tests turn red', async ([name, { off, file }]) => {
    const { passed, failed } = await runTests([off], [file]);
    process.stdout.write(`without ${name}: ${failed.length} of ${passed + failed.length} tests of ${file} fail\n`);
    expect(failed).not.toEqual([]);
  });
});
