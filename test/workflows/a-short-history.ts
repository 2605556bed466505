import { workflowInfo } from '@temporalio/workflow';
import { goOn as goOnInNewRun } from '../../workflows/long-history.ts';

/** Stands in for the server's suggestion, which comes after thousands of events. */
export function historyIsLong(): boolean {
  return workflowInfo().historyLength > 25;
}

export const goOn: typeof goOnInNewRun = (input, state) => goOnInNewRun(input, state);
