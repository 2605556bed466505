import type { Db } from '../db/connection.ts';
import type { AttemptChange, AttemptRow, AttemptsOfMessage } from '../db/messages/attempt-records.ts';
import { changeMessage, whySent, type MessageChange, type MessageRow } from '../db/messages/message-records.ts';
import { messageAttempts } from '../db/schema/message-attempts.ts';
import { messages } from '../db/schema/messages.ts';
import { changeOf, writeTogether } from '../db/write-together.ts';
import { decidingAttempt } from './attempt-standing.ts';

/** `reason` says in the journal how it became known. */
export type NewsOfAttempt = { attemptId: string; change: AttemptChange; reason: string };

/**
 * Writes what is now known of an attempt, and brings its message to where its attempts leave it; a change of its state has
 * a journal entry. Nothing here sends. Answers the state of the message.
 */
export async function writeAttempt(
  tx: Db,
  { message, attempts }: AttemptsOfMessage,
  { attemptId, change, reason }: NewsOfAttempt,
): Promise<string> {
  const ofAttempt = changeOf(messageAttempts, { id: attemptId, change });
  const known = attempts.map((attempt) => (attempt.id === attemptId ? { ...attempt, ...change } : attempt));
  const deciding = decidingAttempt(known);
  if (!deciding || !follows(message, deciding.state)) {
    await writeTogether(tx, [ofAttempt]);
    return message.state;
  }
  const standing = standingOf(deciding);
  if (deciding.state === message.state) {
    await writeTogether(tx, [ofAttempt, changeOf(messages, { id: message.id, change: standing })]);
    return message.state;
  }
  await changeMessage(tx, message, {
    change: standing,
    besides: [ofAttempt],
    event: `message-${deciding.state}`,
    reason,
    inputs: {
      attemptId: deciding.id,
      ...codesOf(deciding),
      ...overruled(message, deciding),
      ...(isOpen(message) ? whySent(message) : {}),
    },
  });
  return deciding.state;
}

/**
 * Whether a message goes where its attempts are. What a customer has, or a provider took, holds whatever was decided
 * meanwhile: an attempt that was ordered and has not begun falls away. Nothing else undoes a decision.
 */
function follows({ state, settledBy }: MessageRow, attemptState: string): boolean {
  if (attemptState === 'accepted' || attemptState === 'delivered') return true;
  switch (state) {
    case 'planned':
    case 'suppressed':
    case 'expired':
    case 'cancelled':
      return false;
    case 'operator':
      return attemptState !== 'unknown';
    case 'not-accepted':
      return settledBy !== 'operator' || attemptState === 'not-accepted';
    default:
      return true;
  }
}

/** Whose word on a message the news contradict, for the journal; nothing where nobody decided, or the news bear it out. */
function overruled({ state, settledBy }: MessageRow, deciding: AttemptRow): { overrules?: string; was?: string } {
  const isBorneOut = state === 'accepted' && deciding.state === 'delivered';
  return settledBy !== 'operator' || isBorneOut ? {} : { overrules: settledBy, was: state };
}

function isOpen({ state }: MessageRow): boolean {
  return state === 'claimed' || state === 'unknown';
}

function standingOf(attempt: AttemptRow): MessageChange {
  const { state, reason, provider, providerId, providerStatus, errorCode, answer, settledBy, settledAt } = attempt;
  return { state, reason, provider, providerId, providerStatus, errorCode, answer, settledBy, settledAt };
}

function codesOf({ answer, providerStatus, errorCode }: AttemptRow): Record<string, string> {
  return {
    ...(answer === null ? {} : { answer }),
    ...(providerStatus === null ? {} : { providerStatus }),
    ...(errorCode === null ? {} : { errorCode }),
  };
}
