import { setTimeout as sleep } from 'node:timers/promises';
import { answerFor } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { claimMessage, type ClaimedMessage } from '../src/messaging/claim.ts';
import { failureCode } from '../src/messaging/failure-code.ts';
import type { EmailPort, ProviderAnswer, SmsPort } from '../src/messaging/provider-answer.ts';
import { recordVerdict } from '../src/messaging/record-verdict.ts';
import { judge } from '../src/messaging/verdict.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import type { SendAnswer, SendQuestion } from '../src/renewal/case-answers.ts';
import { RenewalError } from '../src/renewal/errors.ts';
import type { Channel } from '../src/renewal/stage-plan.ts';
import { inCodes } from './in-codes.ts';

/** One message each. Once it is claimed, no retry sends it again: a retry finds the claim and answers `unknown`. */
export type SendActivities = {
  sendSms: (question: SendQuestion) => Promise<SendAnswer>;
  sendEmail: (question: SendQuestion) => Promise<SendAnswer>;
};

export type SendingParts = {
  db: Db;
  calendar: Calendar;
  sms: SmsPort;
  email: EmailPort;
  /** Told by id and code when a provider refuses our credentials. */
  reportMisconfigured: (problem: { channel: Channel; messageId: string; code: string }) => void;
};

export function createSendActivities(parts: SendingParts): SendActivities {
  const trySms = (message: ClaimedMessage): Promise<ProviderAnswer> =>
    parts.sms.send({
      attemptId: message.attemptId,
      to: message.address,
      templateKey: message.template,
      language: message.language,
      params: message.text.params,
      renderedText: message.text.body,
      validForSeconds: message.validForSeconds,
    });
  const tryEmail = ({ messageId, customerId, address, language, text }: ClaimedMessage): Promise<ProviderAnswer> =>
    parts.email.send({ messageId, customerId, to: address, language, subject: text.subject, text: text.body });
  return {
    sendSms: (question) => send(parts, question, { channel: 'sms', tryOnce: trySms }),
    sendEmail: (question) => send(parts, question, { channel: 'email', tryOnce: tryEmail }),
  };
}

// Together with the provider's time-out well below the time Temporal gives one attempt.
const recordingWaitsMs = [250, 500, 1_000, 2_000, 4_000];

type Way = { channel: Channel; tryOnce: (message: ClaimedMessage) => Promise<ProviderAnswer> };

/** Claim, one attempt, verdict (promises.md, Sending a message). */
async function send(parts: SendingParts, question: SendQuestion, { channel, tryOnce }: Way): Promise<SendAnswer> {
  const { db, calendar, reportMisconfigured } = parts;
  const { renewalId, touch } = question;
  const claim = await inCodes(() => claimMessage(db, { renewalId, touch, channel }, calendar));
  if (claim.kind === 'answered') return { ...answerFor(question, claim.situation), ...claim.outcome };
  const attempt = claim.message;
  const answer = await tryOnce(attempt).catch((error: unknown): ProviderAnswer => {
    return { kind: 'no-answer', code: failureCode(error) };
  });
  const verdict = judge(answer);
  if (verdict.kind === 'try-later' && verdict.misconfigured) {
    reportMisconfigured({ channel, messageId: attempt.messageId, code: verdict.code });
  }
  const record = () => recordVerdict(db, { attempt, verdict }, calendar);
  const { situation, outcome } = await inCodes(() => patiently(record));
  return { ...answerFor(question, situation), ...outcome };
}

/** A database that restarts just now must not turn what the provider proved into an unknown. */
async function patiently<Answer>(record: () => Promise<Answer>): Promise<Answer> {
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
