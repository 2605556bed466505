import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { HandoverActivities } from '../activities/handover.ts';
import { handoverChanged } from './handover-messages.ts';

const { notifyCases, actOnSilence } = proxyActivities<HandoverActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
});

// The clocks of two machines differ a little: a deadline that is not over yet in the books is asked for again, at this pace.
const shortestWaitMs = 250;

/** All open cases of one agent who left: each hears of its new owner or channel; silence goes on by the rule (business.md, Orphans). */
export async function handover({ handoverId }: { handoverId: string }): Promise<void> {
  let changed = false;
  setHandler(handoverChanged, () => void (changed = true), { description: 'Somebody decided, offered or accepted' });
  for (;;) {
    changed = false;
    const left = await notifyCases({ handoverId });
    setCurrentDetails(`${left.total} cases: ${left.undecided} undecided, ${left.offered} offered`);
    if (changed) continue;
    if (left.nextDeadlineAt === undefined) return;
    // A list of thousands that is decided one by one.
    if (workflowInfo().continueAsNewSuggested) return continueAsNew<typeof handover>({ handoverId });
    const wait = Math.max(shortestWaitMs, left.nextDeadlineAt - Date.now());
    const decided = await condition(() => changed, wait, { summary: 'the deadline of the hand-over' });
    if (!decided) await actOnSilence({ handoverId });
  }
}
