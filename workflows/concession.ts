import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ConcessionActivities } from '../activities/concession.ts';
import { concessionChanged } from './concession-messages.ts';

const { actOnDeadline } = proxyActivities<ConcessionActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

// A deadline that has passed here and not yet in the books is asked for again, at this pace.
const shortestWaitMs = 250;

/** A concession that waits for its decision: a level that stays silent hands it to the next (business.md, Concessions). */
export async function concession({ concessionId }: { concessionId: string }): Promise<string> {
  let changed = false;
  setHandler(concessionChanged, () => void (changed = true), { description: 'Somebody decided' });
  for (;;) {
    changed = false;
    const asked = await actOnDeadline({ concessionId });
    if (asked.kind === 'settled') return asked.state;
    if (changed) continue;
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof concession>({ concessionId });
    setCurrentDetails(`asks the ${asked.level}`);
    const wait = Math.max(shortestWaitMs, asked.until - Date.now());
    await condition(() => changed, wait, { summary: `the answer of the ${asked.level}` });
  }
}
