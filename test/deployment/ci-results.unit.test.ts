import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'xubao-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const allPassed = {
  success: true,
  numTotalTests: 3,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};

function countResults(
  report: object | undefined,
  check = 'green',
): { status: number | null; lastLine: string | undefined } {
  const path = join(folder, 'report.json');
  rmSync(path, { force: true });
  if (report) writeFileSync(path, JSON.stringify(report));
  const { status, stdout } = spawnSync(process.execPath, ['.ci/count-results.mjs', path, check], { encoding: 'utf8' });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

describe('The result line of the continuous integration run', () => {
  test('is green when every test passed', () => {
    expect(countResults(allPassed)).toEqual({ status: 0, lastLine: '3 passed, 0 failed, 0 skipped' });
  });

  test('names skipped and planned tests as skipped', () => {
    const report = { ...allPassed, numPassedTests: 1, numPendingTests: 1, numTodoTests: 1 };
    expect(countResults(report)).toEqual({ status: 0, lastLine: '1 passed, 0 failed, 2 skipped' });
  });

  test('is red when a test failed', () => {
    const report = { ...allPassed, success: false, numPassedTests: 2, numFailedTests: 1 };
    expect(countResults(report)).toEqual({ status: 1, lastLine: '2 passed, 1 failed, 0 skipped' });
  });

  test('counts a file that could not be loaded as one failure', () => {
    const testResults = [
      { name: 'broken.unit.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    ];
    expect(countResults({ ...allPassed, success: false, testResults })).toEqual({
      status: 1,
      lastLine: '3 passed, 1 failed, 0 skipped',
    });
  });

  test('counts red checks as one failure', () => {
    expect(countResults(allPassed, 'red')).toEqual({ status: 1, lastLine: '3 passed, 1 failed, 0 skipped' });
  });

  test('is red when no test ran', () => {
    const report = { ...allPassed, numTotalTests: 0, numPassedTests: 0 };
    expect(countResults(report)).toEqual({ status: 1, lastLine: '0 passed, 1 failed, 0 skipped' });
  });

  test('is red when the runner left no report', () => {
    expect(countResults(undefined)).toEqual({ status: 1, lastLine: '0 passed, 1 failed, 0 skipped' });
  });
});
