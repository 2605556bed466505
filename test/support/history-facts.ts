import type { CasePlan } from '../../src/renewal/case-plan.ts';
import type { Outcome } from '../../src/renewal/loss.ts';
import type { Stage } from '../../src/renewal/stage-plan.ts';
import type { SavedHistory } from './saved-histories.ts';

type Payloads = { payloads?: { data?: string }[] };
type Event = {
  eventId: number;
  eventTime: { seconds: number };
  workflowExecutionStartedEventAttributes?: { workflowType: { name: string } };
  activityTaskScheduledEventAttributes?: { activityType: { name: string }; input: Payloads };
  activityTaskCompletedEventAttributes?: { scheduledEventId: number; result: Payloads };
  workflowExecutionCompletedEventAttributes?: { result: Payloads };
  workflowExecutionContinuedAsNewEventAttributes?: object;
};

/** What a saved history tells: how a case ended, where it stood then, and why its stages turned. */
export type HistoryFacts = {
  name: string;
  type: string;
  stage: Stage | 'before' | 'grace';
  outcome: Outcome | undefined;
  goesOnInNewRun: boolean;
  /** Why it asked for a stage, each with the stage in which it stood. */
  turns: readonly { why: string; from: string }[];
};

type Turned = { kind: string; stage?: Stage; plan?: CasePlan };

export function factsOf({ workflowId: name, history }: SavedHistory): HistoryFacts {
  const { events } = history as { events: Event[] };
  const completed = events.findLast((event) => event.workflowExecutionCompletedEventAttributes);
  const type = events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name ?? '';
  const stood = type === 'renewal' ? whereItStood(events) : { stage: 'before' as const, turns: [] };
  return {
    name,
    type,
    outcome: completed && (read(completed.workflowExecutionCompletedEventAttributes?.result) as Outcome),
    goesOnInNewRun: events.some((event) => event.workflowExecutionContinuedAsNewEventAttributes !== undefined),
    ...stood,
  };
}

function whereItStood(events: readonly Event[]): Pick<HistoryFacts, 'stage' | 'turns'> {
  let stage: Stage | undefined;
  let plan: CasePlan | undefined;
  const turns: { why: string; from: string }[] = [];
  for (const { activityTaskCompletedEventAttributes: done } of events) {
    const asked = events.find(
      ({ eventId }) => eventId === done?.scheduledEventId,
    )?.activityTaskScheduledEventAttributes;
    if (!done || !asked) continue;
    const answer = read(done.result) as Turned;
    plan = answer.plan ?? plan;
    if (asked.activityType.name !== 'turnStage') continue;
    turns.push({ why: (read(asked.input) as { why: string }).why, from: stage ?? 'before' });
    if (answer.kind === 'opened') stage = answer.stage;
  }
  const endedAt = (events.at(-1)?.eventTime.seconds ?? 0) * 1_000;
  const expiresAt = plan?.stages.at(-1)?.endsAt ?? Infinity;
  return { stage: endedAt >= expiresAt ? 'grace' : (stage ?? 'before'), turns };
}

function read(payloads: Payloads | undefined): unknown {
  const data = payloads?.payloads?.[0]?.data;
  return data === undefined ? undefined : JSON.parse(Buffer.from(data, 'base64').toString());
}
