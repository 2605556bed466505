import { and, eq, gt, inArray, isNull, notLike, ne, sql, type SQL } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { consentPurposes, type ConsentPurpose } from '../../renewal/consent.ts';
import { confirmationTouch, type Channel } from '../../renewal/stage-plan.ts';
import { planVersionsOf } from '../cases/plan-versions.ts';
import type { Db } from '../connection.ts';
import { asDropped, decidedAs } from '../messages/dropped-messages.ts';
import { journaliseMessages } from '../messages/journal-messages.ts';
import { messages } from '../schema/messages.ts';
import { renewals } from '../schema/renewals.ts';

export type Pending = { customerIds: readonly string[]; channel: Channel; purposes: readonly ConsentPurpose[] };

/** Why a message falls away: that the channel was opted out of, or that there is no consent to it. */
export type StopReason = 'opted-out' | 'no-consent';

/** Suppresses what is planned for customers on a channel, in these cases or in all, with an entry in the journal of each. */
export async function stopPending(
  tx: Db,
  pending: Pending & { renewalIds?: readonly string[]; reason: StopReason; at: Date },
  calendar: Calendar,
): Promise<void> {
  const { channel, at, renewalIds } = pending;
  const isHere = renewalIds && inArray(messages.renewalId, [...renewalIds]);
  const reason = pending.reason === 'opted-out' ? `${channel}-opted-out` : `no-${channel}-consent`;
  const dropped = { state: 'suppressed', reason };
  const stopped = await tx
    .update(messages)
    .set(asDropped(dropped))
    .where(and(ofPending(pending), eq(messages.state, 'planned'), isHere))
    .returning();
  const versions = await planVersionsOf(
    tx,
    stopped.map(({ renewalId }) => renewalId),
  );
  const decided = stopped.map((message) => decidedAs(message, dropped));
  await journaliseMessages(tx, decided, {
    step: 'consent',
    decidingOn: ({ renewalId }) => ({ planVersion: versions.get(renewalId) ?? null, calendar, now: at.getTime() }),
    facts: () => (pending.reason === 'opted-out' ? { optedOut: true } : { consented: false }),
  });
}

/** Plans again what an opt-out or a missing consent stopped, as far as it lies ahead and its case has not come to it. */
export async function giveBackPending(tx: Db, pending: Pending): Promise<void> {
  const { channel } = pending;
  const open = tx
    .select({ id: renewals.id })
    .from(renewals)
    .where(and(isNull(renewals.outcome), isNull(renewals.refusedContactAt)));
  const ahead = await tx
    .update(messages)
    .set({ state: 'planned', reason: null })
    .where(
      and(
        ofPending(pending),
        eq(messages.state, 'suppressed'),
        inArray(messages.reason, [`${channel}-opted-out`, `no-${channel}-consent`]),
        gt(messages.dueAt, sql`business_now()`),
        isNull(messages.cameToAt),
        isNull(messages.heldUntil),
        inArray(messages.renewalId, open),
      ),
    )
    .returning();
  await journaliseMessages(
    tx,
    ahead.map((message) => ({ ...message, reason: 'consent-given' })),
  );
}

function ofPending({ customerIds, channel, purposes }: Pending): SQL | undefined {
  const isTheirs = and(inArray(messages.customerId, [...customerIds]), eq(messages.channel, channel));
  if (consentPurposes.every((purpose) => purposes.includes(purpose))) return isTheirs;
  // As `messageClassOf` has it: the confirmation and what the law asks for are no reminders.
  const isReminder = and(ne(messages.touch, confirmationTouch), notLike(messages.template, 'legal-%')) ?? sql`true`;
  return and(isTheirs, purposes.includes('renewal-reminder') ? isReminder : sql`not (${isReminder})`);
}
