import { and, eq, gt, like, ne } from 'drizzle-orm';
import type { Outcome } from '../../renewal/loss.ts';
import { confirmationTouch } from '../../renewal/stage-plan.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { messages } from '../schema/messages.ts';
import { asDropped, decidedAs } from './dropped-messages.ts';
import { becauseOf, journaliseMessages } from './journal-messages.ts';

/**
 * A case goes on that had closed by mistake: what lies ahead is planned again, what was missed meanwhile is skipped, and a
 * confirmation that has not gone out confirms nothing.
 */
export async function planClosedMessagesAgain(tx: Db, situation: CaseSituation): Promise<void> {
  const { renewal, clock } = situation;
  const ofCase = eq(messages.renewalId, renewal.id);
  const ahead = await tx
    .update(messages)
    .set({ state: 'planned', reason: null })
    .where(
      and(
        ofCase,
        eq(messages.state, 'cancelled'),
        like(messages.reason, 'case-closed:%'),
        ne(messages.touch, confirmationTouch),
        gt(messages.dueAt, new Date(clock.now)),
      ),
    )
    .returning();
  const reason = 'result-corrected';
  await journaliseMessages(
    tx,
    ahead.map((message) => ({ ...message, reason })),
  );
  await withdrawConfirmation(tx, situation, null);
}

/** It may be planned again by a renewal that is true; `outcome` is the one that the case has now, null for none. */
export async function withdrawConfirmation(
  tx: Db,
  situation: CaseSituation,
  outcome: Outcome['kind'] | null,
): Promise<void> {
  const planned = and(
    eq(messages.renewalId, situation.renewal.id),
    eq(messages.touch, confirmationTouch),
    eq(messages.state, 'planned'),
  );
  const dropped = { state: 'expired', reason: 'result-corrected' };
  // Its case came to the confirmation of a renewal that was none, not to that of one that is true.
  const change = { ...asDropped(dropped), heldUntil: null, cameToAt: null };
  const withdrawn = await tx.update(messages).set(change).where(planned).returning();
  await journaliseMessages(
    tx,
    withdrawn.map((message) => decidedAs(message, dropped)),
    becauseOf(situation, 'correction', () => ({ outcome })),
  );
}
