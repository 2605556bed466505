import { wallInstant } from '../db/business-clock.ts';
import { nextActionWrites } from '../db/cases/next-action-records.ts';
import { readSituation, type CaseSituation } from '../db/cases/case-situation.ts';
import { markArmed } from '../db/cases/stage-records.ts';
import type { Db } from '../db/connection.ts';
import { standingOfDropped } from '../db/messages/dropped-messages.ts';
import { followMessages } from '../db/messages/follow-messages.ts';
import {
  changeMessage,
  holdMessage,
  lockCustomer,
  lockMessage,
  markCameTo,
  type MessageKey,
  type MessageRow,
} from '../db/messages/message-records.ts';
import { giveUpClaim } from '../db/messages/old-claims.ts';
import { writeTogether } from '../db/write-together.ts';
import type { Calendar, Instant } from '../renewal/calendar.ts';
import type { SendAnswer } from '../renewal/case-answers.ts';
import type { Explained } from '../renewal/explanation.ts';
import type { Stage } from '../renewal/stage-plan.ts';
import { awaitRepair } from './await-repair.ts';
import { startAge } from './claim-age.ts';
import { factsOf, momentOf, readBooks } from './claim-facts.ts';
import { explainSending } from './explain-sending.ts';
import { askIfUnreachable } from './missing-contact.ts';
import type { ProvidersToAsk } from './provider-choice.ts';
import { decideSending, type Decision } from './restraint.ts';
import { winMessage, type Candidate, type ClaimedMessage } from './win-message.ts';

type WithoutPlan<Answer> = Answer extends unknown ? Omit<Answer, 'stamp' | 'planVersion' | 'plan'> : never;
/** What a case hears of a message, without the part about its plan. */
export type SendOutcome = WithoutPlan<SendAnswer>;

/** Which message, and through whom it may go; without providers the claim names none. */
export type ClaimQuestion = MessageKey & {
  /** Which of the attempts that were ordered on purpose this is; a case orders none. */
  resend?: number;
  providers?: ProvidersToAsk;
};

export type Claim = { situation: CaseSituation } & (
  { kind: 'won'; message: ClaimedMessage } | { kind: 'answered'; outcome: SendOutcome }
);

/**
 * Decides in one transaction on the business clock whether a planned message goes now, and makes the caller the only one
 * who sends it (promises.md, Sending a message). A message that was claimed before is never won again. Throws
 * `renewal-unknown`; one that cannot be written or handed over waits.
 */
export async function claimMessage(db: Db, key: ClaimQuestion, calendar: Calendar): Promise<Claim> {
  return db.transaction(async (tx) => {
    const ageMs = startAge();
    const situation = await readSituation(tx, key.renewalId, calendar);
    if (followsAnotherPlan(situation)) await followMessages(tx, situation, situation.renewal.stage as Stage);
    // Only the workflow of a case arms its timers by the answer.
    if (key.resend === undefined) await markArmed(tx, situation);
    const message = await lockMessage(tx, key);
    if (!message) return answered(situation, { kind: 'suppressed', reason: 'not-planned' });
    if (key.resend !== undefined && key.resend !== message.resends) return answered(situation, { kind: 'already' });
    if (message.state !== 'planned') {
      await markCameTo(tx, message, situation.clock.now);
      return answered(situation, await answerOfState(tx, message));
    }
    const customer = await lockCustomer(tx, message.customerId);
    const books = await readBooks(tx, { situation, message, customer });
    const moment = momentOf(situation, customer, books.settings);
    const way = { providers: key.providers, setting: books.settings['sms-providers'].content };
    const besides = await nextActionWrites(tx, situation, books.settled);
    const candidate = { situation, message, customer, moment, books, way, ageMs, besides };
    const facts = factsOf(candidate);
    const decision = decideSending(facts, moment);
    const why = explainSending(decision, facts, { moment, planVersion: situation.planVersion });
    switch (decision.kind) {
      case 'send':
        return takeOrWait(tx, candidate, why);
      case 'hold':
        await writeTogether(tx, besides);
        return answered(situation, await hold(tx, situation, { message, decision, why }));
      case 'drop':
        await writeTogether(tx, besides);
        await askIfUnreachable(tx, { situation, customer, message, reason: decision.reason });
        return answered(situation, await drop(tx, { message, decision, why }, situation.clock.now));
    }
  });
}

/** A plan that was published a moment ago holds for a case that nobody has told of it yet. */
function followsAnotherPlan({ renewal, planVersion }: CaseSituation): boolean {
  return renewal.outcome === null && renewal.stage !== null && renewal.planVersion !== planVersion;
}

function answered(situation: CaseSituation, outcome: SendOutcome): Claim {
  return { situation, kind: 'answered', outcome };
}

/** What a message that is no longer planned means for the case; one that was claimed by somebody else may have gone. */
async function answerOfState(tx: Db, message: MessageRow): Promise<SendOutcome> {
  switch (message.state) {
    case 'claimed':
      await giveUpClaim(tx, message);
      return { kind: 'unknown' };
    case 'unknown':
    case 'operator':
      return { kind: 'unknown' };
    case 'not-accepted':
      return { kind: 'not-accepted' };
    case 'suppressed':
    case 'cancelled':
      return { kind: 'suppressed', reason: message.reason ?? message.state };
    case 'expired':
      return { kind: 'expired', reason: message.reason ?? message.state };
    default:
      return { kind: 'already' };
  }
}

/** What keeps this message from being written or handed over keeps nothing else. */
async function takeOrWait(tx: Db, candidate: Candidate, why: Explained): Promise<Claim> {
  const { situation, message } = candidate;
  try {
    return { situation, kind: 'won', message: await winMessage(tx, candidate, why) };
  } catch (error) {
    const outcome = await awaitRepair(tx, situation, { message, error });
    await writeTogether(tx, candidate.besides);
    return answered(situation, outcome);
  }
}

type Decided<Kind extends Decision['kind']> = {
  message: MessageRow;
  decision: Decision & { kind: Kind };
  why: Explained;
};

async function hold(
  tx: Db,
  { clock }: CaseSituation,
  { message, decision, why }: Decided<'hold'>,
): Promise<SendOutcome> {
  const { until, reason, validUntil } = decision;
  // A pause that is looked at again and again is one decision, journalled once.
  const isLonger = validUntil !== undefined && validUntil > message.latestAt.getTime();
  const isNews = isLonger || (reason !== 'not-due' && message.reason !== reason);
  if (isNews) {
    const latestAt = new Date(validUntil ?? message.latestAt);
    const inputs = { until: new Date(until).toISOString(), ...why };
    await changeMessage(tx, message, { change: { reason, latestAt }, event: 'message-held', reason, inputs });
  }
  await holdMessage(tx, message.id, until);
  return { kind: 'waiting', until: wallInstant(clock, until), reason };
}

async function drop(tx: Db, { message, decision, why }: Decided<'drop'>, now: Instant): Promise<SendOutcome> {
  const { state, reason } = decision;
  const standing = await standingOfDropped(tx, message, { state, reason });
  const inputs = standing.state === state ? why : { ...why, stands: standing.state };
  const change = { ...standing, cameToAt: new Date(now) };
  await changeMessage(tx, message, { change, event: `message-${state}`, reason, inputs });
  return { kind: state === 'expired' ? 'expired' : 'suppressed', reason };
}
