/**
 * Reads vitest's JSON report and prints «N passed, N failed, N skipped» as its last line.
 * Usage: count-results.mjs <report> <green|red: how the fast checks ended>
 */
import { readFileSync } from 'node:fs';

const [reportFile, check] = process.argv.slice(2);
const faults = [];

if (check !== 'green') faults.push('npm run check is red');
const report = readReport(reportFile);
for (const file of report.testResults ?? []) {
  const failures = file.assertionResults.filter(({ status }) => status === 'failed');
  for (const { fullName } of failures) console.log(`failed: ${file.name}: ${fullName}`);
  // A file that could not be loaded, or whose set-up failed, has no failed test of its own.
  if (file.status === 'failed' && failures.length === 0) faults.push(`${file.name}: ${file.message || 'did not run'}`);
}
if (report.numTotalTests === 0) faults.push('no test ran');
if (report.success === false && report.numFailedTests === 0 && faults.length === 0) faults.push('the runner failed');

const failed = report.numFailedTests + faults.length;
for (const fault of faults) console.log(`failed: ${fault}`);
console.log(
  `${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
);
process.exitCode = failed === 0 ? 0 : 1;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    faults.push(`the runner left no report: ${error.message}`);
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}
