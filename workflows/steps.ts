import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { CaseActivities } from '../activities/case.ts';
import type { SendActivities } from '../activities/send.ts';
import type { Moment } from '../src/renewal/agenda.ts';
import type {
  CaseQuestion,
  CloseAnswer,
  CloseQuestion,
  SendAnswer,
  SendQuestion,
  StageQuestion,
  StageTurn,
  WaitAnswer,
} from '../src/renewal/case-answers.ts';
import { describeMoment, describeOutcome } from '../src/renewal/case-details.ts';
import type { SentMessage } from '../src/renewal/case-progress.ts';
import type { Refusal } from '../src/renewal/case-refusal.ts';
import type { CaseState } from '../src/renewal/case-state.ts';
import type { Channel } from '../src/renewal/stage-plan.ts';

const patiently = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

const shortestWaitMs = 250;

const books = proxyActivities<CaseActivities>({ startToCloseTimeout: '30s', retry: patiently });

// Eager dispatch would go round the rate caps of these queues.
const sms = proxyActivities<Pick<SendActivities, 'sendSms'>>({
  taskQueue: 'sms',
  startToCloseTimeout: '1m',
  heartbeatTimeout: '20s',
  allowEagerDispatch: false,
  retry: patiently,
});
const email = proxyActivities<Pick<SendActivities, 'sendEmail'>>({
  taskQueue: 'email',
  // An SMTP server may take ten minutes after the final dot; giving up sooner makes unknowns (promises.md).
  startToCloseTimeout: '11m',
  heartbeatTimeout: '20s',
  allowEagerDispatch: false,
  retry: patiently,
});

type StageMoment = Moment & { kind: 'case-opens' | 'stage-opens' | 'stage-by-calendar' };

export function turnStage(question: Omit<StageQuestion, 'why'>, moment: StageMoment): Promise<StageTurn> {
  return unhurried(
    books.turnStage.executeWithOptions({ summary: describeMoment(moment) }, [{ ...question, why: reasonOf(moment) }]),
  );
}

function reasonOf(moment: StageMoment): StageQuestion['why'] {
  switch (moment.kind) {
    case 'case-opens':
      return 'entered';
    case 'stage-opens':
      return 'calendar';
    case 'stage-by-calendar':
      return moment.detour;
  }
}

/** Sends messages of one instant at once; each is an activity of its own, so that operations staff see each. */
export function sendAll(
  question: CaseQuestion,
  messages: readonly { touch: string; channel: Channel }[],
  moment: Moment,
): Promise<SentMessage[]> {
  const summary = describeMoment(moment);
  return Promise.all(
    messages.map(async ({ touch, channel }) => ({
      ...(await send({ ...question, touch }, channel, summary)),
      touch,
      channel,
    })),
  );
}

/** Sends one message, if its claim lets it go. */
export function send(question: SendQuestion, channel: Channel, summary: string): Promise<SendAnswer> {
  return unhurried(
    channel === 'sms'
      ? sms.sendSms.executeWithOptions({ summary }, [question])
      : email.sendEmail.executeWithOptions({ summary }, [question]),
  );
}

export function assignCallBack(question: CaseQuestion): Promise<WaitAnswer> {
  return unhurried(books.assignCallBack.executeWithOptions({ summary: 'call back as promised' }, [question]));
}

export function assignSecondRound(question: CaseQuestion, state: CaseState): Promise<WaitAnswer> {
  const { reason, resultId } = state.secondRound ?? { reason: 'other' };
  const summary = 'second round for the supervisor';
  return books.assignSecondRound.executeWithOptions({ summary }, [{ ...question, reason, resultId }]);
}

export function closeCase(question: CloseQuestion): Promise<CloseAnswer> {
  return unhurried(
    books.closeCase.executeWithOptions({ summary: describeOutcome(question.ending.outcome) }, [question]),
  );
}

/** A clock that is slow may name an instant that has passed here; asking again at once would spin until it catches up. */
async function unhurried<Answer extends { kind: string }>(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (!('until' in answer) || typeof answer.until !== 'number') return answer;
  return { ...answer, until: Math.max(answer.until, Date.now() + shortestWaitMs) };
}

/** Refuses an update with a code that the API maps; anything else would stall the workflow. */
export function refuse(refusal: Refusal | undefined): void {
  if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.code);
}
