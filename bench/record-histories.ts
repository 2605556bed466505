import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { silentProgress } from '../src/stack/progress.ts';
import { recordedInRuns, recordedJourneys, runNames } from '../test/histories/recordings.ts';
import { batchesOn } from '../test/support/lived-batch.ts';
import { liveJourney, liveJourneyInRuns } from '../test/support/lived-journey.ts';
import { startCases } from '../test/support/running-cases.ts';
import { fileNameOf, newestHistories, plainHistory } from '../test/support/saved-histories.ts';
import { findTimeSkippingServer } from '../test/support/time-skipping-server.ts';
import { batchJourneys } from '../test/workflows/batch-journeys.ts';
import { shortHistories } from '../test/workflows/short-histories.ts';

// Saves a history of every recorded journey anew, for the newest version of the workflows: node bench/record-histories.ts.
// With --missing only of those that have none. Once that version has been released, its histories stay and the next version
// gets a folder of its own (test/support/saved-histories.ts).
const { values } = parseArgs({ options: { missing: { type: 'boolean', default: false } } });
const executable = await findTimeSkippingServer(silentProgress);
const createEnvironment = () => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });

if (!values.missing) rmSync(newestHistories, { recursive: true, force: true });
mkdirSync(newestHistories, { recursive: true });

const cases = await startCases(createEnvironment);
for (const journey of recordedJourneys.filter(({ name }) => isAsked(name))) {
  save(journey.name, await liveJourney(cases, journey));
}
await cases.close();

// The workers of the cases have the queues that send for themselves.
const batches = await createEnvironment();
const runBatch = await batchesOn(batches);
for (const journey of batchJourneys.filter(({ name }) => isAsked(name))) save(journey.name, await runBatch(journey));
await batches.teardown();

const casesInRuns = await startCases(createEnvironment, { bundle: shortHistories });
for (const journey of recordedInRuns.filter((one) => runNames(one).some(isAsked))) {
  const [first, last] = await liveJourneyInRuns(casesInRuns, journey);
  const [firstName, lastName] = runNames(journey);
  save(firstName, first);
  save(lastName, last);
}
await casesInRuns.close();

function isAsked(name: string): boolean {
  return !values.missing || !existsSync(pathOf(name));
}

function pathOf(name: string): string {
  return `${newestHistories}/${fileNameOf(name)}.json.gz`;
}

function save(name: string, history: History): void {
  writeFileSync(pathOf(name), gzipSync(JSON.stringify(plainHistory(history)), { level: 9 }));
  console.log(name);
}
