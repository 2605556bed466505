import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';

/** Set by the server on what a schedule starts: when it was planned for, whenever it came to it. */
const plannedStartKey = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/** The wall instant for which a run was planned; one that was started by hand was planned for then. */
export function plannedStart(): number {
  const { typedSearchAttributes, startTime } = workflowInfo();
  return (typedSearchAttributes.get(plannedStartKey) ?? startTime).getTime();
}
