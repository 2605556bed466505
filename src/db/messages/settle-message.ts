import { eq } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { isUncertain, type MessageState, type Settlement } from '../../renewal/message-state.ts';
import { confirmationTouch } from '../../renewal/stage-plan.ts';
import { readSituation, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { messageAttempts } from '../schema/message-attempts.ts';
import { messageSettlements } from '../schema/message-settlements.ts';
import { messages } from '../schema/messages.ts';
import type { MessageChange, MessageRow } from './message-records.ts';

/** What an operator says became of an uncertain message, under the id of the request. */
export type OperatorSettlement = {
  id: string;
  messageId: string;
  as: Settlement;
  providerId: string | undefined;
  note: string | undefined;
  by: string;
};

export type SettleAnswer =
  | { kind: 'settled'; renewalId: string }
  | { kind: 'unknown' }
  | { kind: 'not-uncertain'; state: MessageState }
  | { kind: 'case-closed'; outcome: string | null }
  | { kind: 'day-has-passed' };

/**
 * Settles a message of which nobody can tell whether it went (promises.md, Settling an unknown). Of two who decide at once
 * the first one does; the same decision again changes nothing. `resend` only plans it again: whether and when it goes is
 * decided by its claim, like everything that goes to customers.
 */
export async function settleMessage(tx: Db, settled: OperatorSettlement, calendar: Calendar): Promise<SettleAnswer> {
  const { messageId } = settled;
  const [known] = await tx.select({ renewalId: messages.renewalId }).from(messages).where(eq(messages.id, messageId));
  if (!known) return { kind: 'unknown' };
  // The case first, as everybody locks them (docs/architecture.md, Locks).
  const situation = await readSituation(tx, known.renewalId, calendar);
  const [message] = await tx.select().from(messages).where(eq(messages.id, messageId)).for('update');
  if (!message) return { kind: 'unknown' };
  if (await isRecorded(tx, settled.id)) return { kind: 'settled', renewalId: message.renewalId };
  if (!isUncertain(message.state)) return { kind: 'not-uncertain', state: message.state as MessageState };
  const refused = settled.as === 'resend' ? refuseResend(situation, message) : undefined;
  if (refused) return refused;
  await write(tx, { situation, message, settled });
  return { kind: 'settled', renewalId: message.renewalId };
}

async function isRecorded(tx: Db, id: string): Promise<boolean> {
  return (await tx.$count(messageSettlements, eq(messageSettlements.id, id))) > 0;
}

/** What no claim would send any more; everything else that speaks against it is the claim's to say. */
function refuseResend({ renewal, clock, calendar }: CaseSituation, message: MessageRow): SettleAnswer | undefined {
  const { outcome, expiresOn } = renewal;
  const isConfirmation = message.touch === confirmationTouch;
  if (isConfirmation ? outcome !== 'renewed' : outcome !== null) return { kind: 'case-closed', outcome };
  const expiryIsOver = !isConfirmation && calendar.dayOf(clock.now) > expiresOn;
  return expiryIsOver || message.latestAt.getTime() < clock.now ? { kind: 'day-has-passed' } : undefined;
}

type Settling = { situation: CaseSituation; message: MessageRow; settled: OperatorSettlement };

async function write(tx: Db, { situation, message, settled }: Settling): Promise<void> {
  const { id, attemptId, renewalId, touch, channel } = message;
  const settledAt = new Date(situation.clock.now);
  const { as, by, note = null, providerId = null } = settled;
  const record = {
    id: settled.id,
    messageId: id,
    attemptId,
    settledAs: as,
    providerId,
    note,
    settledBy: by,
    settledAt,
  };
  await tx.insert(messageSettlements).values(record);
  const change = changeFor(as, { message, settledAt, providerId });
  await tx.update(messages).set(change).where(eq(messages.id, id));
  const attempt = attemptAfter(as, { settledAt, providerId });
  if (attempt && attemptId) await tx.update(messageAttempts).set(attempt).where(eq(messageAttempts.id, attemptId));
  const inputs = { id: settled.id, messageId: id, attemptId, touch, channel, as, was: message.state };
  await journalise(tx, [{ chain: renewalId, actor: by, event: 'message-settled', reason: 'asked-by-person', inputs }]);
}

type Said = { settledAt: Date; providerId: string | null };

/** What was claimed stays with a message that may have gone: it counts for the caps. */
function changeFor(as: Settlement, { message, settledAt, providerId }: Said & { message: MessageRow }): MessageChange {
  const settled = { settledAt, settledBy: 'operator' };
  switch (as) {
    case 'sent':
      return { ...settled, state: 'accepted', reason: null, providerId: providerId ?? message.providerId };
    case 'not-sent':
      return { ...settled, state: 'not-accepted', reason: 'settled-as-not-sent' };
    case 'dropped':
      return { ...settled, state: 'suppressed', reason: 'dropped-by-operator' };
    case 'resend':
      return { state: 'planned', reason: null, heldUntil: null, resends: message.resends + 1 };
  }
}

/** Nobody asks the provider about an attempt any more of which an operator said how it ended. */
function attemptAfter(as: Settlement, { settledAt, providerId }: Said) {
  const settled = { settledAt, settledBy: 'operator', askAt: null };
  switch (as) {
    case 'sent':
      return { ...settled, state: 'accepted', ...(providerId === null ? {} : { providerId }) };
    case 'not-sent':
      return { ...settled, state: 'not-accepted', reason: 'settled-as-not-sent' };
    case 'dropped':
      return settled;
    case 'resend':
      return undefined;
  }
}
