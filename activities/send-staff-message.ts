import type { Db } from '../src/db/connection.ts';
import { readSetting } from '../src/db/settings-records.ts';
import { readStaffDestination } from '../src/db/staff-messages/staff-destination.ts';
import { stillValidFor } from '../src/messaging/claim-age.ts';
import { failureCode } from '../src/messaging/failure-code.ts';
import type { ProviderCaps } from '../src/messaging/pace.ts';
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
import { waitAfterClaim, waitForTurnAt } from './wait-for-turn.ts';

export type StaffSendingParts = {
  db: Db;
  calendar: Calendar;
  lists: StaffLists;
  publicUrl: string;
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

/** Claim, one attempt, verdict, as for customers (promises.md, Sending a message). */
export async function sendStaffMessage(parts: StaffSendingParts, messageId: string): Promise<void> {
  const { db, caps = {} } = parts;
  const expected = await inCodes(() => chooseBeforeClaim(parts, messageId));
  await waitForTurnAt(db, expected, caps);
  const claim = await inCodes(() => claimStaffMessage(parts.db, messageId, parts));
  if (claim.kind === 'answered') return;
  const attempt = claim.message;
  const provider = await choose(parts, attempt);
  const isOurTurn = await waitAfterClaim(db, { expected, provider, caps }).catch(() => false);
  const verdict = judge(isOurTurn ? await tryOnce(parts, attempt, provider).catch(asNoAnswer) : atCapacity);
  if (verdict.kind === 'try-later' && verdict.misconfigured) {
    parts.reportMisconfigured({ channel: attempt.channel, provider, messageId, code: verdict.code });
  }
  await inCodes(() => patiently(() => recordStaffVerdict(db, { attempt, verdict, provider })));
}

const atCapacity: ProviderAnswer = { kind: 'not-tried', code: 'provider-at-capacity', misconfigured: false };

function asNoAnswer(error: unknown): ProviderAnswer {
  return { kind: 'no-answer', code: failureCode(error) };
}

/** Who will be asked as the person's record stands; undefined where no provider has a cap, or nothing goes any more. */
async function chooseBeforeClaim(parts: StaffSendingParts, messageId: string): Promise<string | undefined> {
  if (Object.keys(parts.caps ?? {}).length === 0) return undefined;
  const to = await readStaffDestination(parts.db, messageId);
  return to && choose(parts, { channel: to.channel, address: to.phone });
}

/** The first one in the order of the number that is there. No other one is asked: the next morning has the same counts. */
async function choose(
  { db, sms, email }: StaffSendingParts,
  { channel, address }: Pick<ClaimedStaffMessage, 'channel' | 'address'>,
): Promise<string> {
  if (channel === 'email') return email.name;
  const { content } = await readSetting(db, 'sms-providers');
  const here = sms.map(({ name }) => name);
  return orderFor(address, content).find((name) => here.includes(name)) ?? '';
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
    return email.send({ messageId, to: address, language, subject, text, html, validForSeconds });
  }
  const port = sms.find(({ name }) => name === provider);
  if (!port) return { kind: 'not-tried', code: 'no-such-provider', misconfigured: true };
  const templated = { templateKey: kind, templateCode: null, params: {} };
  return port.send({ attemptId, to: address, ...templated, language, renderedText: mail.sms, validForSeconds });
}
