import { uuidv7 } from 'uuidv7';
import { readClock, wallInstant, type ClockReading } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { readSetting } from '../db/settings-records.ts';
import {
  changeStaffMessage,
  holdStaffMessage,
  lockStaffMessage,
  markInterrupted,
  markStaffClaimed,
  readRecipient,
  type Recipient,
  type StaffMessageRow,
} from '../db/staff-messages/staff-message-records.ts';
import { findPerson } from '../db/staff/staff-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { RenewalError } from '../renewal/errors.ts';
import {
  decideStaffSending,
  type StaffDecision,
  type StaffMessageKind,
  type StaffSilence,
} from '../renewal/staff-message.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { addressOn } from './address.ts';
import { startAge } from './claim-age.ts';
import { writeStaffMail, type StaffContents } from './staff-contents.ts';
import type { StaffLists } from './staff-lists.ts';
import type { StaffMail } from './staff-mail.ts';

/** A message to staff that its winner, and nobody else, sends in one attempt. */
export type ClaimedStaffMessage = {
  messageId: string;
  attemptId: string;
  kind: StaffMessageKind;
  channel: Channel;
  address: string;
  language: string;
  mail: StaffMail;
  /** Wall seconds from the claim until it has been overtaken. */
  validForSeconds: number;
  /** Wall ms since the claim. */
  ageMs: () => number;
};

export type StaffClaim = { kind: 'won'; message: ClaimedStaffMessage } | { kind: 'answered' };

export type StaffClaimParts = { calendar: Calendar; lists: StaffLists; publicUrl: string };

/**
 * Decides in one transaction on the business clock whether a message to staff goes now, and makes the caller the only one who
 * sends it. One that was claimed before is never won again: it is `unknown`. The stop switch is about customers.
 */
export async function claimStaffMessage(db: Db, messageId: string, parts: StaffClaimParts): Promise<StaffClaim> {
  return db.transaction(async (tx) => {
    const message = await lockStaffMessage(tx, messageId);
    if (message?.state === 'claimed') await markInterrupted(tx, message);
    if (message?.state !== 'planned') return { kind: 'answered' };
    const clock = await readClock(tx);
    const recipient = await readRecipient(tx, message.staffId, parts.calendar.dayOf(clock.now));
    if (!recipient) return drop(tx, { message, clock }, 'has-left');
    const decision = await decide(tx, { message, recipient, clock }, parts);
    switch (decision.kind) {
      case 'send':
        return take(tx, { message, recipient, clock }, parts);
      case 'hold':
        await holdStaffMessage(tx, messageId, decision.until);
        return { kind: 'answered' };
      case 'drop':
        return drop(tx, { message, clock }, decision.reason);
    }
  });
}

type Candidate = { message: StaffMessageRow; recipient: Recipient; clock: ClockReading };

async function decide(
  tx: Db,
  { message, recipient, clock }: Candidate,
  { calendar }: StaffClaimParts,
): Promise<StaffDecision> {
  const { content: quiet } = await readSetting(tx, 'quiet-hours');
  const channel = message.channel as Channel;
  const facts = {
    kind: message.kind as StaffMessageKind,
    channel,
    from: message.dueAt.getTime(),
    until: message.latestAt.getTime(),
    address: addressOn(channel, recipient),
    wantsSms: recipient.digestSms,
    hasLeft: recipient.departedOn !== null && recipient.departedOn <= calendar.dayOf(clock.now),
    isOnLeave: recipient.isOnLeave,
  };
  return decideStaffSending(facts, { now: clock.now, quiet, calendar });
}

async function take(tx: Db, candidate: Candidate, parts: StaffClaimParts): Promise<StaffClaim> {
  const { message, recipient, clock } = candidate;
  const ageMs = startAge();
  const contents = await write(tx, candidate, parts);
  if (typeof contents === 'string') return drop(tx, candidate, contents);
  const channel = message.channel as Channel;
  const attemptId = uuidv7();
  await markStaffClaimed(tx, message.id, { attemptId, listed: contents.listed, at: clock.now });
  const validMs = wallInstant(clock, message.latestAt.getTime()) - wallInstant(clock, clock.now);
  return {
    kind: 'won',
    message: {
      messageId: message.id,
      attemptId,
      kind: message.kind as StaffMessageKind,
      channel,
      address: addressOn(channel, recipient) ?? '',
      language: recipient.language,
      mail: contents.mail,
      validForSeconds: validMs / 1_000,
      ageMs,
    },
  };
}

/** What it says, or why it says nothing. */
async function write(
  tx: Db,
  { message, recipient, clock }: Candidate,
  parts: StaffClaimParts,
): Promise<StaffContents | StaffSilence> {
  const person = await findPerson(tx, message.staffId, parts.calendar.zone);
  if (!person) return 'has-left';
  try {
    const occasion = { ...parts, message, person, language: recipient.language, now: clock.now };
    return (await writeStaffMail(tx, occasion)) ?? 'nothing-due';
  } catch (error) {
    if (error instanceof RenewalError && error.code === 'sending-misconfigured') return 'template-broken';
    throw error;
  }
}

async function drop(
  tx: Db,
  { message, clock }: Pick<Candidate, 'message' | 'clock'>,
  reason: StaffSilence,
): Promise<StaffClaim> {
  const state = reason === 'day-has-passed' ? 'expired' : 'suppressed';
  const change = { state, reason, settledAt: new Date(clock.now) };
  await changeStaffMessage(tx, message, { change, event: `staff-message-${state}`, reason });
  return { kind: 'answered' };
}
