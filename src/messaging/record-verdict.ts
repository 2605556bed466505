import { wallInstant } from '../db/business-clock.ts';
import type { CaseMoment } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { lockAttemptsInCase } from '../db/messages/attempt-in-case.ts';
import {
  changeAttempt,
  type AttemptChange,
  type AttemptRow,
  type AttemptsOfMessage,
} from '../db/messages/attempt-records.ts';
import { changeMessage, whySent, type MessageRow } from '../db/messages/message-records.ts';
import { minuteMs, type Calendar } from '../renewal/calendar.ts';
import type { SendOutcome } from './claim.ts';
import type { ClaimedMessage } from './win-message.ts';
import { addressOf, noteProviderError } from './provider-error.ts';
import { nextStep, type NextStep } from './provider-choice.ts';
import { writeAttempt } from './settle-attempt.ts';
import type { Verdict } from './verdict.ts';

/** Business time between two attempts of a message that was provably not accepted. */
const backOffMs = 10 * minuteMs;
/** Wall time that a fast business clock must not undercut, or a provider that is down would be asked without pause. */
const shortestBackOffMs = 1_000;

/**
 * Writes what became of an attempt, with a journal entry, in one transaction. Doing it twice changes nothing. An attempt
 * that was declared unknown meanwhile still takes its proof, but is never planned again: nobody waits for it any more. What
 * the provider called to tell before its answer was recorded stands.
 */
export async function recordVerdict(
  db: Db,
  { attempt, verdict }: { attempt: ClaimedMessage; verdict: Verdict },
  calendar: Calendar,
): Promise<{ moment: CaseMoment; outcome: SendOutcome }> {
  return db.transaction(async (tx) => {
    const { known, moment } = await lockAttemptsInCase(tx, attempt, calendar);
    const own = known.attempts.find(({ id }) => id === attempt.attemptId);
    if (!own) return { moment, outcome: { kind: 'unknown' } };
    const judged = { known, own, verdict, next: nextOf({ message: known.message, own }, attempt, verdict) };
    const outcome = outcomeOf(moment, judged);
    if (takesVerdict(own, verdict)) await write(tx, moment, judged);
    return { moment, outcome };
  });
}

type Judged = { known: AttemptsOfMessage; own: AttemptRow; verdict: Verdict; next: NextStep };

function nextOf({ message, own }: Standing, attempt: ClaimedMessage, verdict: Verdict): NextStep {
  const isWaitedFor = message.state === 'claimed' && own.state === 'claimed';
  // The same verdict again, of an attempt that has given its message back.
  const hasGivenBack = message.state === 'planned' && own.state === 'not-accepted' && own.settledBy === 'answer';
  const mayGoAgain = message.attemptId === own.id && (isWaitedFor || hasGivenBack);
  return mayGoAgain ? nextStep(verdict, attempt) : 'settled';
}

type Standing = { message: MessageRow; own: AttemptRow };

/** That a provider took the message is proof, whatever its list, the class or an operator made of the attempt meanwhile. */
function takesVerdict({ state, settledBy }: AttemptRow, { kind }: Verdict): boolean {
  const wasRuledOut = state === 'not-accepted' && settledBy !== 'answer';
  return state === 'claimed' || (state === 'unknown' && kind !== 'unknown') || (wasRuledOut && kind === 'accepted');
}

function outcomeOf({ clock }: CaseMoment, { known, own, verdict, next }: Judged): SendOutcome {
  const { message } = known;
  if (message.attemptId !== own.id) return { kind: 'unknown' };
  if (own.delivery !== null) return { kind: 'accepted' };
  if (next === 'settled') return { kind: verdict.kind === 'try-later' ? 'not-accepted' : verdict.kind };
  const wall = (business: number): number => wallInstant(clock, business);
  if (next === 'other-provider') return { kind: 'waiting', until: wall(clock.now), reason: verdict.code };
  const backOff = Math.max(wall(clock.now + backOffMs), wall(clock.now) + shortestBackOffMs);
  const until = Math.min(backOff, wall(message.latestAt.getTime()));
  return { kind: 'waiting', until, reason: verdict.code };
}

async function write(tx: Db, { clock, calendar }: CaseMoment, { known, own, verdict, next }: Judged): Promise<void> {
  const { message } = known;
  const { now } = clock;
  const code = providerCodeOf(verdict.code);
  if (verdict.kind === 'not-accepted' && code !== undefined) {
    const { id: messageId, renewalId, customerId, channel } = message;
    const facts = {
      messageId,
      renewalId,
      customerId,
      channel,
      address: addressOf(message, own),
      provider: own.provider,
    };
    await noteProviderError(tx, { ...facts, code, now, calendar });
  }
  const change = attemptAfter(verdict, { channel: message.channel, settledAt: new Date(now) });
  if (next === 'settled') {
    await writeAttempt(tx, known, { attemptId: own.id, change, reason: verdict.kind });
    return;
  }
  await changeAttempt(tx, own.id, change);
  const inputs = { attemptId: own.id, provider: own.provider, answer: verdict.code, ...whySent(message) };
  await changeMessage(tx, message, {
    // The attempt's id stays until the next claim, so that recording the same verdict again finds its own work.
    change: {
      state: 'planned',
      reason: verdict.code,
      claimedAt: lastThatMayHaveArrived(known, own),
      address: null,
      subject: null,
      body: null,
      templateVersion: null,
      rendering: null,
      segments: null,
      answer: verdict.code,
      refusedBy: refusals(message, own, verdict),
    },
    event: 'message-planned-again',
    reason: next === 'other-provider' ? next : verdict.kind,
    inputs,
  });
}

/** A message of which another attempt may have arrived still counts as a touch of that day. */
function lastThatMayHaveArrived({ attempts }: AttemptsOfMessage, own: AttemptRow): Date | null {
  return attempts.findLast(({ id, state }) => id !== own.id && state !== 'not-accepted')?.claimedAt ?? null;
}

/** Who will never take the message: whoever refused it for good. */
function refusals({ refusedBy }: MessageRow, { provider }: AttemptRow, verdict: Verdict): string[] {
  return verdict.kind === 'not-accepted' && provider !== null ? [...refusedBy, provider] : refusedBy;
}

function attemptAfter(
  verdict: Verdict,
  { channel, settledAt }: { channel: string; settledAt: Date },
): AttemptChange & { answer: string } {
  const answer = verdict.code;
  const settled = { answer, settledAt, settledBy: 'answer' };
  switch (verdict.kind) {
    case 'accepted':
      // Of an SMS a callback is awaited, and asked for when none comes; of an e-mail nobody tells more.
      return {
        ...settled,
        state: 'accepted',
        reason: null,
        providerId: verdict.providerId,
        ...(channel === 'sms' ? {} : { askAt: null }),
      };
    case 'not-accepted':
    case 'try-later':
      return { ...settled, state: 'not-accepted', reason: answer, askAt: null };
    case 'unknown':
      return { answer, state: 'unknown', reason: answer };
  }
}

/** The provider's own code in what is shown of an answer, such as 21610 in `http-400/21610`. */
function providerCodeOf(shown: string): string | undefined {
  return shown.split('/')[1];
}
