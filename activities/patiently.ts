import { setTimeout as sleep } from 'node:timers/promises';
import { RenewalError } from '../src/renewal/errors.ts';

// Together with the provider's time-out well below the time Temporal gives one attempt.
const recordingWaitsMs = [250, 500, 1_000, 2_000, 4_000];

/** A database that restarts just now must not turn what the provider proved into an unknown. */
export async function patiently<Answer>(record: () => Promise<Answer>): Promise<Answer> {
  for (const waitMs of recordingWaitsMs) {
    try {
      return await record();
    } catch (error) {
      if (error instanceof RenewalError) throw error;
      await sleep(waitMs);
    }
  }
  return record();
}
