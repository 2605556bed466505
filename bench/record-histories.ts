import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { silentProgress } from '../src/stack/progress.ts';
import { fileNameOf, newestHistories, plainHistory } from '../test/support/saved-histories.ts';
import { liveJourney } from '../test/support/lived-journey.ts';
import { startCases } from '../test/support/running-cases.ts';
import { findTimeSkippingServer } from '../test/support/time-skipping-server.ts';
import { journeys } from '../test/workflows/journeys.ts';

// Saves a history of every stage and outcome anew, for the newest version of the workflow: node bench/record-histories.ts.
// Once that version has been released, its histories stay and the next version gets a folder of its own.
const executable = await findTimeSkippingServer(silentProgress);
const cases = await startCases(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }));
rmSync(newestHistories, { recursive: true, force: true });
mkdirSync(newestHistories, { recursive: true });
for (const journey of journeys) {
  const history = plainHistory(await liveJourney(cases, journey));
  const name = fileNameOf(journey.name);
  writeFileSync(`${newestHistories}/${name}.json.gz`, gzipSync(JSON.stringify(history), { level: 9 }));
  console.log(name);
}
await cases.close();
