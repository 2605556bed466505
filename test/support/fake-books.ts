import { activityInfo } from '@temporalio/activity';
import type { CaseActivities } from '../../activities/case.ts';
import type { SendActivities } from '../../activities/send.ts';
import { dayMs, daysBetween, type Day, type Instant } from '../../src/renewal/calendar.ts';
import type * as answers from '../../src/renewal/case-answers.ts';
import type { CaseFacts } from '../../src/renewal/case-state.ts';
import { mapInstants, planCase, stageAfter, stageAt, type CasePlan } from '../../src/renewal/case-plan.ts';
import { escalateOutOf } from '../../src/renewal/escalation.ts';
import type { Outcome } from '../../src/renewal/loss.ts';
import {
  confirmationTouch,
  unansweredIn,
  type Channel,
  type Stage,
  type StagePlan,
} from '../../src/renewal/stage-plan.ts';
import { shanghai } from './given-plan.ts';

/** One case as the books of a test know it; what a test changes here, the next step of the case finds. */
export type FakeCase = {
  expiresOn: Day;
  /** The stage plan in force; `planVersion` counts its publications. */
  stagePlan: StagePlan;
  planVersion: number;
  revision: number;
  /** Business milliseconds ahead of the server's clock; `epoch` counts its changes. */
  ahead: number;
  epoch: number;
  /** Milliseconds by which the clock of the books' machine is slow. */
  behind: number;
  stage?: Stage;
  handedOut: boolean;
  refusedContact: boolean;
  escalated: boolean;
  confirmBy: readonly Channel[];
  callBackAt?: Instant;
  secondRoundDueAt?: Instant;
  /** Business instant until which somebody holds the case. */
  caseHeldUntil?: Instant;
  /** What the books say of the results once one was struck out. */
  standing?: Partial<CaseFacts>;
  outcome?: Outcome;
  /** Business instants until which a touch on a channel is held. */
  heldUntil: Record<string, Instant>;
  /** Runs in the middle of a step, e.g. to report something just then. */
  during: Record<string, () => Promise<void>>;
  /** Touches with their channels that went out. */
  sent: string[];
  /** How often each step was asked for. */
  asked: Record<string, number>;
  /** What happened, each with its day before T. */
  story: string[];
};

export type FakeBooks = { cases: Map<string, FakeCase>; activities: CaseActivities & SendActivities };

export function planOf(row: FakeCase): CasePlan {
  return planCase({ expiresOn: row.expiresOn, spreadKey: '' }, row.stagePlan, shanghai);
}

/** The steps of a case over a map in memory; they follow the contract of case-answers.ts with the real rules. */
export function createFakeBooks(): FakeBooks {
  const cases = new Map<string, FakeCase>();
  function step<Q extends answers.CaseQuestion, A>(
    name: string,
    work: (row: FakeCase, now: Instant, question: Q) => A,
  ) {
    return async (question: Q) => {
      const row = cases.get(question.renewalId)!;
      row.asked[name] = (row.asked[name] ?? 0) + 1;
      const now = activityInfo().scheduledTimestampMs + row.ahead - row.behind;
      const answer = { ...answerFor(row, question), ...work(row, now, question) };
      await row.during[name]?.();
      return answer;
    };
  }
  return {
    cases,
    activities: {
      turnStage: step('turnStage', turnStage),
      assignCallBack: step('assignCallBack', assignCallBack),
      assignSecondRound: step('assignSecondRound', assignSecondRound),
      closeCase: step('closeCase', closeCase),
      sendSms: step('sendSms', sendOn('sms')),
      sendEmail: step('sendEmail', sendOn('email')),
    },
  };
}

function answerFor(row: FakeCase, question: answers.CaseQuestion): answers.CaseAnswer {
  const { planVersion } = row;
  const stamp = `${planVersion}.${row.revision}.${row.epoch}`;
  if (question.stamp === stamp) return { stamp, planVersion };
  return { stamp, planVersion, plan: mapInstants(planOf(row), (instant) => instant - row.ahead) };
}

function tell(row: FakeCase, now: Instant, what: string): void {
  const before = daysBetween(shanghai.dayOf(now), row.expiresOn);
  row.story.push(`T${before < 0 ? '+' : '-'}${Math.abs(before)} ${what}`);
}

function turnStage(row: FakeCase, now: Instant, question: answers.StageQuestion): answers.StageTurned {
  if (row.outcome) return { kind: 'ended', outcome: row.outcome };
  if (question.why === 'reopened') delete row.secondRoundDueAt;
  if (question.why === 'entered' && row.stage)
    return { ...standStill(row), resumed: factsOf(row) } as answers.StageTurned;
  const { caseHeldUntil: held = 0 } = row;
  const waits = ['calendar', 'entered', 'hold-ended'].includes(question.why);
  if (now < held && waits) return { kind: 'held', until: held - row.ahead };
  const isPaused = now < held || row.secondRoundDueAt !== undefined;
  const turned = isPaused ? standStill(row) : moveOn(row, now, question);
  const hasChanged = question.why === 'corrected' || question.why === 'reopened';
  return hasChanged && turned.kind === 'opened' ? { ...turned, resumed: factsOf(row), unsettled: [] } : turned;
}

function factsOf(row: FakeCase): CaseFacts {
  const facts = { resultCounted: false, confirmed: false, attempts: 0, minimumAttempts: 3, owned: true };
  return { ...facts, refusedContact: row.refusedContact, escalated: row.escalated, ...row.standing };
}

function standStill(row: FakeCase): answers.StageTurned {
  return kept(
    row,
    planOf(row).stages.find(({ stage }) => stage === row.stage),
  );
}

function moveOn(row: FakeCase, now: Instant, question: answers.StageQuestion): answers.StageTurned {
  const plan = planOf(row);
  const due = question.why === 'calendar' ? stageAfter(plan, question.from) : stageAt(plan, now);
  if (question.why !== 'entered' && question.why !== 'calendar' && due?.stage === row.stage) return kept(row, due);
  if (!due && question.why !== 'entered') return kept(row, undefined);
  const awaited = due ?? plan.stages[0]!;
  if (now < awaited.opensAt) return { kind: 'not-yet', until: awaited.opensAt - row.ahead };
  if (question.why === 'calendar') escalate(row, now, question);
  row.stage = awaited.stage;
  tell(row, now, `opens ${awaited.stage}`);
  return { kind: 'opened', stage: awaited.stage, escalated: row.escalated, kept: false, endsAt: endOf(awaited) };
}

function kept(row: FakeCase, due: CasePlan['stages'][number] | undefined): answers.StageTurned {
  if (!due) {
    delete row.stage;
    return { kind: 'opened', escalated: row.escalated, kept: true };
  }
  return { kind: 'opened', stage: due.stage, escalated: row.escalated, kept: true, endsAt: endOf(due) };
}

function endOf(stage: { endsAt: Instant }): string {
  return new Date(stage.endsAt).toISOString();
}

function escalate(row: FakeCase, now: Instant, { from, resultCounted }: answers.StageQuestion): void {
  if (!from) return;
  const unanswered = unansweredIn(row.stagePlan, from);
  const facts = { unanswered, resultCounted, handedOut: row.handedOut, mayBeCalled: !row.refusedContact };
  const escalation = escalateOutOf(from, facts);
  if (escalation.kind === 'none') return;
  row.escalated = true;
  tell(row, now, `escalates ${escalation.task}`);
}

function assignCallBack(row: FakeCase, now: Instant): answers.Assigned {
  if (row.callBackAt !== undefined && now < row.callBackAt)
    return { kind: 'not-yet', until: row.callBackAt - row.ahead };
  tell(row, now, 'call-back');
  delete row.callBackAt;
  return { kind: 'assigned' };
}

function assignSecondRound(row: FakeCase, now: Instant, question: answers.SecondRoundQuestion): answers.Assigned {
  if (row.secondRoundDueAt === undefined) {
    row.secondRoundDueAt = Math.min(now + row.stagePlan.secondRoundDays * dayMs, planOf(row).closesAt);
    tell(row, now, `second round ${question.reason}`);
  }
  return { kind: 'assigned', dueAt: row.secondRoundDueAt - row.ahead };
}

function closeCase(row: FakeCase, now: Instant, { ending }: answers.CloseQuestion): answers.Closed {
  if (row.outcome) return { kind: 'closed', outcome: row.outcome, confirmBy: [] };
  const earliest = earliestClose(row, ending.cause);
  if (now < earliest) return { kind: 'not-yet', until: earliest - row.ahead };
  row.outcome = ending.outcome;
  const { outcome } = ending;
  tell(row, now, `closes ${outcome.kind === 'lost' ? `lost ${outcome.reason}` : outcome.kind} (${ending.cause})`);
  return { kind: 'closed', outcome, confirmBy: outcome.kind === 'renewed' ? row.confirmBy : [] };
}

function earliestClose(row: FakeCase, cause: string): Instant {
  if (cause === 'grace-ended') return planOf(row).closesAt;
  return cause === 'second-round:no-answer' ? (row.secondRoundDueAt ?? 0) : 0;
}

function sendOn(channel: Channel) {
  return (
    row: FakeCase,
    now: Instant,
    { touch }: answers.SendQuestion,
  ): { kind: 'accepted' | 'already' } | Waiting | Suppressed => {
    const until = row.heldUntil[`${touch}/${channel}`] ?? 0;
    if (now < until) return { kind: 'waiting', until: until - row.ahead, reason: 'quiet-hours' };
    if (row.outcome && touch !== confirmationTouch) return { kind: 'suppressed', reason: 'case-closed' };
    if (row.sent.includes(`${touch}/${channel}`)) return { kind: 'already' };
    row.sent.push(`${touch}/${channel}`);
    tell(row, now, `${channel} ${touch}`);
    putSmsFirst(row.story, touch);
    return { kind: 'accepted' };
  };
}

/** Both channels of a touch go out at once; a story tells the SMS first. */
function putSmsFirst(story: string[], touch: string): void {
  const [before, last] = story.slice(-2);
  if (last && before === last.replace(` sms ${touch}`, ` email ${touch}`)) story.splice(-2, 2, last, before);
}

type Waiting = { kind: 'waiting'; until: Instant; reason: string };
type Suppressed = { kind: 'suppressed'; reason: string };
