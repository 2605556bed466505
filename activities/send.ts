import { present } from '../src/config/config.ts';
import { answerFor } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { claimMessage } from '../src/messaging/claim.ts';
import { stillValidFor } from '../src/messaging/claim-age.ts';
import { purposeOf } from '../src/messaging/consent-facts.ts';
import { failureCode } from '../src/messaging/failure-code.ts';
import type { EmailMessage, EmailPort, ProviderAnswer, SmsPort } from '../src/messaging/provider-answer.ts';
import type { ProviderCaps } from '../src/messaging/pace.ts';
import { nextStep } from '../src/messaging/provider-choice.ts';
import { recordVerdict } from '../src/messaging/record-verdict.ts';
import type { RenderedText } from '../src/messaging/render.ts';
import { rememberRests, type RestingProviders } from '../src/messaging/resting-providers.ts';
import { judge, type Verdict } from '../src/messaging/verdict.ts';
import type { ClaimedMessage } from '../src/messaging/win-message.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import type { SendAnswer, SendQuestion } from '../src/renewal/case-answers.ts';
import type { Channel } from '../src/renewal/stage-plan.ts';
import { inCodes } from './in-codes.ts';
import { patiently } from './patiently.ts';
import { waitAfterClaim, waitForTurn } from './wait-for-turn.ts';

/** One message each. Once it is claimed, no retry sends it again: a retry finds the claim and answers `unknown`. */
export type SendActivities = {
  sendSms: (question: SendQuestion) => Promise<SendAnswer>;
  sendEmail: (question: SendQuestion) => Promise<SendAnswer>;
};

export type SendingParts = {
  db: Db;
  calendar: Calendar;
  /** Which of them takes a message says the setting `sms-providers`. */
  sms: readonly SmsPort[];
  email: EmailPort;
  caps?: ProviderCaps;
  /** Told by id and code when a provider refuses our credentials. */
  reportMisconfigured: (problem: {
    channel: Channel;
    provider: string | null;
    messageId: string;
    code: string;
  }) => void;
};

/** Reminders carry a way out of reminders; whoever takes it is still owed service notices. */
function wayOut(customerId: string, template: string): { customerId?: string } {
  return purposeOf(template) === 'renewal-reminder' ? { customerId } : {};
}

export function createSendActivities(parts: SendingParts): SendActivities {
  const resting = rememberRests();
  const ports = new Map(parts.sms.map((port) => [port.name, port]));
  const smsWay: Way = {
    channel: 'sms',
    resting,
    configured: [...ports.keys()],
    tryOnce: async (message) =>
      ports.get(message.provider ?? '')?.send({
        attemptId: message.attemptId,
        to: message.address,
        templateKey: message.template,
        templateVersion: message.text.templateVersion,
        templateCode: message.templateCode,
        language: message.language,
        params: message.text.params,
        renderedText: message.text.body,
        validForSeconds: message.validForSeconds,
      }) ?? { kind: 'not-tried', code: 'no-such-provider', misconfigured: true },
  };
  const emailWay: Way = {
    channel: 'email',
    resting,
    configured: [parts.email.name],
    tryOnce: ({ messageId, customerId, template, address, language, text, validForSeconds }) =>
      parts.email.send({
        messageId,
        ...wayOut(customerId, template),
        to: address,
        language,
        ...contentOf(text),
        validForSeconds,
      }),
  };
  return {
    sendSms: (question) => send(parts, question, smsWay),
    sendEmail: (question) => send(parts, question, emailWay),
  };
}

function contentOf({ subject, body, html }: RenderedText): Pick<EmailMessage, 'subject' | 'text' | 'html'> {
  return { subject, text: body, ...(html === null ? {} : { html }) };
}

type Way = {
  channel: Channel;
  configured: readonly string[];
  resting: RestingProviders;
  tryOnce: (message: ClaimedMessage) => Promise<ProviderAnswer>;
};

/**
 * Claim, one attempt, verdict (promises.md, Sending a message). A provider that provably refused gives the message back to
 * the books before another is asked, and that is another claim: a death in between doubles nothing.
 */
async function send(parts: SendingParts, question: SendQuestion, way: Way): Promise<SendAnswer> {
  const { db, calendar, caps = {} } = parts;
  const { renewalId, touch, resend } = question;
  const { channel, configured, resting } = way;
  const refusedJustNow: string[] = [];
  for (;;) {
    const providers = { configured, resting: resting.list(), refusedJustNow: [...refusedJustNow] };
    const key = { ...present({ resend }), renewalId, touch, channel };
    const expected = await waitForTurn(db, key, { providers, caps });
    const claim = await inCodes(() => claimMessage(db, { ...key, providers }, calendar));
    if (claim.kind === 'answered') return { ...answerFor(question, claim.situation), ...claim.outcome };
    const attempt = claim.message;
    // An error here is none of the provider's: nothing was tried, and that must not be lost with the errand.
    const turn = waitAfterClaim(db, { expected, provider: attempt.provider, caps });
    const isOurTurn = await turn.catch(() => false);
    const verdict = isOurTurn ? await attemptOnce(parts, attempt, way) : judge(atCapacity);
    const record = () => recordVerdict(db, { attempt, verdict }, calendar);
    const { moment, outcome } = await inCodes(() => patiently(record));
    const goesOn = outcome.kind === 'waiting' && nextStep(verdict, attempt) === 'other-provider';
    if (!goesOn || attempt.provider === null) return { ...answerFor(question, moment), ...outcome };
    refusedJustNow.push(attempt.provider);
  }
}

const claimTooOld: ProviderAnswer = { kind: 'not-tried', code: 'claim-too-old', misconfigured: false };
const atCapacity: ProviderAnswer = { kind: 'not-tried', code: 'provider-at-capacity', misconfigured: false };

async function attemptOnce(parts: SendingParts, attempt: ClaimedMessage, way: Way): Promise<Verdict> {
  const { channel, resting, tryOnce } = way;
  // A worker that stood still wakes up here and must not send what was right to send an hour ago.
  const validForSeconds = stillValidFor(attempt.validForSeconds, attempt.ageMs());
  if (validForSeconds === undefined) return judge(claimTooOld);
  const answer = await tryOnce({ ...attempt, validForSeconds }).catch((error: unknown): ProviderAnswer => {
    return { kind: 'no-answer', code: failureCode(error) };
  });
  const verdict = judge(answer);
  const { messageId, provider } = attempt;
  if (verdict.kind === 'try-later' && provider !== null) resting.rest(provider);
  if (verdict.kind === 'try-later' && verdict.misconfigured) {
    parts.reportMisconfigured({ channel, provider, messageId, code: verdict.code });
  }
  return verdict;
}
