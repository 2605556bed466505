import type { Db } from '../src/db/connection.ts';
import { readSetting } from '../src/db/settings-records.ts';
import { stillValidFor } from '../src/messaging/claim-age.ts';
import { failureCode } from '../src/messaging/failure-code.ts';
import type { EmailPort, ProviderAnswer, SmsPort } from '../src/messaging/provider-answer.ts';
import { orderFor } from '../src/messaging/provider-choice.ts';
import { recordStaffVerdict } from '../src/messaging/record-staff-verdict.ts';
import { claimStaffMessage, type ClaimedStaffMessage } from '../src/messaging/staff-claim.ts';
import type { StaffLists } from '../src/messaging/staff-lists.ts';
import { judge } from '../src/messaging/verdict.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import type { Channel } from '../src/renewal/stage-plan.ts';
import { inCodes } from './in-codes.ts';
import { patiently } from './patiently.ts';

export type StaffSendingParts = {
  db: Db;
  calendar: Calendar;
  lists: StaffLists;
  publicUrl: string;
  sms: readonly SmsPort[];
  email: EmailPort;
  /** Told by id and code when a provider refuses our credentials. */
  reportMisconfigured: (problem: {
    channel: Channel;
    provider: string | null;
    messageId: string;
    code: string;
  }) => void;
};

/** Claim, one attempt, verdict, as for customers (promises.md, Sending a message). */
export async function sendStaffMessage(parts: StaffSendingParts, messageId: string): Promise<void> {
  const claim = await inCodes(() => claimStaffMessage(parts.db, messageId, parts));
  if (claim.kind === 'answered') return;
  const attempt = claim.message;
  const provider = await choose(parts, attempt);
  const answer = await tryOnce(parts, attempt, provider).catch((error: unknown): ProviderAnswer => {
    return { kind: 'no-answer', code: failureCode(error) };
  });
  const verdict = judge(answer);
  if (verdict.kind === 'try-later' && verdict.misconfigured) {
    parts.reportMisconfigured({ channel: attempt.channel, provider, messageId, code: verdict.code });
  }
  await inCodes(() => patiently(() => recordStaffVerdict(parts.db, { attempt, verdict, provider })));
}

/** The first one in the order of the number that is there. No other one is asked: the next morning has the same counts. */
async function choose({ db, sms, email }: StaffSendingParts, attempt: ClaimedStaffMessage): Promise<string> {
  if (attempt.channel === 'email') return email.name;
  const { content } = await readSetting(db, 'sms-providers');
  const here = sms.map(({ name }) => name);
  return orderFor(attempt.address, content).find((name) => here.includes(name)) ?? '';
}

async function tryOnce(
  { sms, email }: StaffSendingParts,
  { messageId, attemptId, kind, channel, address, language, mail, ...claimed }: ClaimedStaffMessage,
  provider: string,
): Promise<ProviderAnswer> {
  const validForSeconds = stillValidFor(claimed.validForSeconds, claimed.ageMs());
  if (validForSeconds === undefined) return { kind: 'not-tried', code: 'claim-too-old', misconfigured: false };
  if (channel === 'email') {
    const { subject, text, html } = mail;
    return email.send({ messageId, to: address, language, subject, text, html });
  }
  const port = sms.find(({ name }) => name === provider);
  if (!port) return { kind: 'not-tried', code: 'no-such-provider', misconfigured: true };
  const templated = { templateKey: kind, templateCode: null, params: {} };
  return port.send({ attemptId, to: address, ...templated, language, renderedText: mail.sms, validForSeconds });
}
