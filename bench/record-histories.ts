import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { silentProgress } from '../src/stack/progress.ts';
import { historiesFolder, plainHistory } from '../test/support/saved-histories.ts';
import { liveJourney } from '../test/support/lived-journey.ts';
import { startCases } from '../test/support/running-cases.ts';
import { findTimeSkippingServer } from '../test/support/time-skipping-server.ts';
import { journeys } from '../test/workflows/journeys.ts';

// Saves a history of every stage and outcome anew: node bench/record-histories.ts. Once a version of the workflow has
// been released, the histories of that version stay and new ones go beside them.
const executable = await findTimeSkippingServer(silentProgress);
const cases = await startCases(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }));
rmSync(historiesFolder, { recursive: true, force: true });
mkdirSync(historiesFolder, { recursive: true });
for (const journey of journeys) {
  const history = plainHistory(await liveJourney(cases, journey));
  const name = journey.name.replaceAll(/[^\w-]+/g, '-');
  writeFileSync(`${historiesFolder}/${name}.json.gz`, gzipSync(JSON.stringify(history), { level: 9 }));
  console.log(name);
}
await cases.close();
