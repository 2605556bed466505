import { wallInstant } from '../db/business-clock.ts';
import { readSituation, type CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import {
  changeMessage,
  lockMessage,
  optOutOfSms,
  whySent,
  type MessageChange,
  type MessageRow,
} from '../db/messages/message-records.ts';
import { minuteMs, type Calendar } from '../renewal/calendar.ts';
import type { ClaimedMessage, SendOutcome } from './claim.ts';
import type { Verdict } from './verdict.ts';

/** Business time between two attempts of a message that was provably not accepted. */
const backOffMs = 10 * minuteMs;
/** Wall time that a fast business clock must not undercut, or a provider that is down would be asked without pause. */
const shortestBackOffMs = 1_000;

/**
 * Writes what became of an attempt, with a journal entry, in one transaction. Doing it twice changes nothing. An attempt
 * that was declared unknown meanwhile still takes its proof, but is never planned again: nobody waits for it any more.
 */
export async function recordVerdict(
  db: Db,
  { attempt, verdict }: { attempt: ClaimedMessage; verdict: Verdict },
  calendar: Calendar,
): Promise<{ situation: CaseSituation; outcome: SendOutcome }> {
  return db.transaction(async (tx) => {
    const situation = await readSituation(tx, attempt.renewalId, calendar);
    const message = await lockMessage(tx, attempt);
    if (!message || message.attemptId !== attempt.attemptId) return { situation, outcome: { kind: 'unknown' } };
    const planAgain = verdict.kind === 'try-later' && message.state !== 'unknown';
    const outcome = outcomeOf(situation, { message, verdict, planAgain });
    if (message.state === 'claimed' || (message.state === 'unknown' && verdict.kind !== 'unknown')) {
      const event = planAgain ? 'message-planned-again' : `message-${outcome.kind}`;
      const inputs = { attemptId: attempt.attemptId, answer: verdict.code, ...whySent(message) };
      const change = { ...changeFor(situation, verdict, planAgain), answer: verdict.code };
      await changeMessage(tx, message, { change, event, reason: verdict.kind, inputs });
      if (verdict.kind === 'not-accepted' && verdict.optedOut) await optOutOfSms(tx, situation, attempt.customerId);
    }
    return { situation, outcome };
  });
}

type Judged = { message: MessageRow; verdict: Verdict; planAgain: boolean };

function outcomeOf({ clock }: CaseSituation, { message, verdict, planAgain }: Judged): SendOutcome {
  if (!planAgain) return { kind: verdict.kind === 'try-later' ? 'not-accepted' : verdict.kind };
  const wall = (business: number): number => wallInstant(clock, business);
  const backOff = Math.max(wall(clock.now + backOffMs), wall(clock.now) + shortestBackOffMs);
  const until = Math.min(backOff, wall(message.latestAt.getTime()));
  return { kind: 'waiting', until, reason: verdict.code };
}

function changeFor({ clock }: CaseSituation, verdict: Verdict, planAgain: boolean): MessageChange {
  const settledAt = new Date(clock.now);
  // The attempt's id stays until the next claim, so that recording the same verdict again finds its own work.
  if (planAgain) {
    return { state: 'planned', reason: verdict.code, claimedAt: null, address: null, subject: null, body: null };
  }
  switch (verdict.kind) {
    case 'accepted':
      return { state: 'accepted', reason: null, providerId: verdict.providerId, settledAt };
    case 'not-accepted':
    case 'try-later':
      return { state: 'not-accepted', reason: verdict.code, settledAt };
    case 'unknown':
      return { state: 'unknown', reason: verdict.code };
  }
}
