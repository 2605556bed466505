import { sleep } from '@temporalio/workflow';

/** What a careless change would be: a case that waits a moment before it does anything. */
export async function renewal(): Promise<void> {
  await sleep('1 second');
}
