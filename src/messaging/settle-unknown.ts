import { readClock } from '../db/business-clock.ts';
import { lockCase } from '../db/cases/case-locks.ts';
import type { Db } from '../db/connection.ts';
import {
  changeAttempt,
  lockWithAttempts,
  type AttemptChange,
  type AttemptRow,
  type AttemptsOfMessage,
} from '../db/messages/attempt-records.ts';
import { changeMessage, type MessageChange } from '../db/messages/message-records.ts';
import { messageClassOf } from './message-class.ts';
import { writeAttempt } from './settle-attempt.ts';
import { settleUnknown, type ListSays, type Settlement } from './unknown-rule.ts';

/** `overtaken`: a callback, an operator or another attempt said meanwhile how the message stands. */
export type SettledHow = Settlement['kind'] | 'overtaken';

const notFoundAtProvider = 'not-found-at-provider';

/**
 * Settles an unknown that nobody proves to have been taken, by the provider's list and the class of the message, in one
 * transaction with its journal entry (promises.md, Settling an unknown). It never sends: `send-again` plans one more
 * attempt, which passes the claim like any other.
 */
export async function settleByClass(
  db: Db,
  { attempt: asked, renewalId }: { attempt: AttemptRow; renewalId: string },
  listSays: ListSays,
): Promise<SettledHow> {
  return db.transaction(async (tx) => {
    await lockCase(tx, renewalId);
    const known = await lockWithAttempts(tx, asked.messageId);
    const attempt = known?.attempts.find(({ id }) => id === asked.id);
    if (!known || attempt?.state !== 'unknown') return 'overtaken';
    const { now } = await readClock(tx);
    const settledAt = new Date(now);
    const { message } = known;
    if (message.state !== 'unknown' || message.attemptId !== attempt.id) {
      await writeAttempt(tx, known, { attemptId: attempt.id, change: proof(listSays, settledAt), reason: 'list' });
      return 'overtaken';
    }
    const settlement = settleUnknown(messageClassOf(message.template), { listSays, resends: message.resends });
    await write(tx, { known, attempt, settlement, listSays, settledAt });
    return settlement.kind;
  });
}

/** What the list alone proves of an attempt; nobody asks about it any more. */
function proof(listSays: ListSays, settledAt: Date): AttemptChange {
  if (listSays !== 'not-found') return { askAt: null };
  return { state: 'not-accepted', reason: notFoundAtProvider, settledBy: 'list', settledAt, askAt: null };
}

type Settling = {
  known: AttemptsOfMessage;
  attempt: AttemptRow;
  settlement: Settlement;
  listSays: ListSays;
  settledAt: Date;
};

async function write(tx: Db, { known, attempt, settlement, listSays, settledAt }: Settling): Promise<void> {
  const proved = proof(listSays, settledAt);
  if (settlement.kind === 'not-accepted') {
    await writeAttempt(tx, known, { attemptId: attempt.id, change: proved, reason: 'list' });
    return;
  }
  const byClass = { settledBy: 'class', settledAt };
  await changeAttempt(tx, attempt.id, proved.state === undefined ? { ...proved, ...byClass } : proved);
  const { message } = known;
  await changeMessage(tx, message, {
    change: { ...changeFor(settlement.kind, message.resends), ...byClass },
    event: 'message-settled',
    reason: messageClassOf(message.template),
    inputs: { attemptId: attempt.id, as: settlement.kind, was: message.state, listSays },
  });
}

function changeFor(kind: Exclude<Settlement['kind'], 'not-accepted'>, resends: number): MessageChange {
  switch (kind) {
    case 'leave':
      return {};
    case 'send-again':
      return { state: 'planned', reason: null, heldUntil: null, resends: resends + 1 };
    case 'operator':
      return { state: 'operator' };
  }
}
