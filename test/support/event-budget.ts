import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Journey } from '../workflows/journeys.ts';

/** What Temporal counts as a billable action, by the attributes that such an event carries. */
const actions = {
  start: 'workflowExecutionStartedEventAttributes',
  activities: 'activityTaskScheduledEventAttributes',
  timers: 'timerStartedEventAttributes',
  updates: 'workflowExecutionUpdateAcceptedEventAttributes',
  signals: 'workflowExecutionSignaledEventAttributes',
  'search attributes': 'upsertWorkflowSearchAttributesEventAttributes',
  markers: 'markerRecordedEventAttributes',
} as const;

export type Spent = { events: number; actions: number; byKind: Record<string, number> };

/** Events and billable actions of one history. */
export function countHistory(history: History): Spent {
  const events = history.events ?? [];
  const counted = Object.entries(actions).map(([kind, attributes]): [string, number] => [
    kind,
    events.filter((event) => event[attributes] !== null && event[attributes] !== undefined).length,
  ]);
  const sum = counted.reduce((total, [, count]) => total + count, 0);
  return { events: events.length, actions: sum, byKind: Object.fromEntries(counted) };
}

/** The journeys that have a budget (architecture.md, The case). */
export const budgets: readonly { journey: Journey; events: number; actions: number | undefined }[] = [
  {
    journey: {
      name: 'unanswered default journey',
      day: 61,
      live: async () => {},
      outcome: { kind: 'lost', reason: 'no-result', renewable: true },
    },
    events: 130,
    actions: 30,
  },
  {
    journey: {
      name: 'confirmed, quoted, renewed in follow-up',
      day: 50,
      live: async (one) => {
        await one.says('confirmed');
        await one.until(40);
        await one.says('quoted');
        await one.until(35);
        await one.says('renewed');
      },
      outcome: { kind: 'renewed', early: false },
    },
    events: 75,
    actions: undefined,
  },
];
