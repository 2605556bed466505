import { and, asc, eq, lt, sql } from 'drizzle-orm';
import type { Day, Instant } from '../../renewal/calendar.ts';
import type { StaffMessageKind } from '../../renewal/staff-message.ts';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { absences, staff } from '../schema/organisation.ts';
import { staffMessages } from '../schema/staff-messages.ts';

export type StaffMessageRow = typeof staffMessages.$inferSelect;
export type StaffMessageChange = Partial<Omit<StaffMessageRow, 'id' | 'kind' | 'staffId' | 'day' | 'channel'>>;

/** Locked until the transaction ends. */
export async function lockStaffMessage(tx: Db, id: string): Promise<StaffMessageRow | undefined> {
  const [row] = await tx.select().from(staffMessages).where(eq(staffMessages.id, id)).for('update');
  return row;
}

/** The message to staff that went by SMS in this attempt, if one did. */
export async function findStaffSms(db: Db, attemptId: string): Promise<string | undefined> {
  const isThis = and(eq(staffMessages.attemptId, attemptId), eq(staffMessages.channel, 'sms'));
  const [row] = await db.select({ id: staffMessages.id }).from(staffMessages).where(isThis);
  return row?.id;
}

export type Recipient = typeof staff.$inferSelect & { isOnLeave: boolean };

/** To whom it goes, as their record stands, and whether they are away on a business day. */
export async function readRecipient(tx: Db, staffId: string, today: Day): Promise<Recipient | undefined> {
  const [row] = await tx.select().from(staff).where(eq(staff.id, staffId));
  const away = sql`${today} between ${absences.fromOn} and ${absences.toOn}`;
  return row && { ...row, isOnLeave: (await tx.$count(absences, and(eq(absences.staffId, staffId), away))) > 0 };
}

/** What becomes of a message, why, and who says so where a person does. */
type StaffMessageNews = {
  change: StaffMessageChange;
  event: string;
  reason: string;
  inputs?: object;
  actor?: string;
};

/** Changes a message to staff and says why in the person's chain of the journal. */
export async function changeStaffMessage(
  tx: Db,
  message: StaffMessageRow,
  { change, event, reason, inputs, actor = 'system' }: StaffMessageNews,
): Promise<void> {
  const { id, kind, staffId, day, channel } = message;
  await tx.update(staffMessages).set(change).where(eq(staffMessages.id, id));
  const about = { messageId: id, kind, day, channel, ...inputs };
  await journalise(tx, [{ chain: `staff.${staffId}`, actor, event, reason, inputs: about }]);
}

/** The claim itself: from here on this attempt, and no other, may send. */
export async function markStaffClaimed(
  tx: Db,
  id: string,
  { attemptId, listed, at }: { attemptId: string; listed: readonly string[]; at: Instant },
): Promise<void> {
  const cleared = { reason: null, answer: null, providerId: null };
  await tx
    .update(staffMessages)
    .set({ ...cleared, state: 'claimed', attemptId, listed, claimedAt: new Date(at) })
    .where(eq(staffMessages.id, id));
}

/** It is not looked at again before that business instant. */
export async function holdStaffMessage(tx: Db, id: string, until: Instant): Promise<void> {
  await tx
    .update(staffMessages)
    .set({ dueAt: new Date(until) })
    .where(eq(staffMessages.id, id));
}

export type DueStaffMessages = { due: { id: string; channel: Channel }[]; nextAt: Instant | null };

/** The next messages of a kind that may go now, of one day where it is named; `nextAt` is when the next of the others may. */
export async function dueStaffMessages(
  db: Db,
  { kind, day, limit }: { kind: StaffMessageKind; day?: Day | undefined; limit: number },
): Promise<DueStaffMessages> {
  const ofDay = day === undefined ? undefined : eq(staffMessages.day, day);
  const planned = and(eq(staffMessages.state, 'planned'), eq(staffMessages.kind, kind), ofDay);
  const rows = await db
    .select({
      id: staffMessages.id,
      channel: sql<Channel>`${staffMessages.channel}`,
      dueAt: staffMessages.dueAt,
      isDue: sql<boolean>`${staffMessages.dueAt} <= business_now()`,
    })
    .from(staffMessages)
    .where(planned)
    .orderBy(asc(staffMessages.dueAt), asc(staffMessages.id))
    .limit(limit);
  const due = rows.filter(({ isDue }) => isDue).map(({ id, channel }) => ({ id, channel }));
  return { due, nextAt: rows.find(({ isDue }) => !isDue)?.dueAt.getTime() ?? null };
}

/** Longer than an SMTP server may take after the final dot; a claim is dated in business time. */
const oldestClaim = sql`business_now() - (select speed from business_clock where id = 1) * interval '15 minutes'`;

/** Claims whose attempt died with its process are unknown, and nobody sends them again. Answers how many. */
export async function giveUpOldStaffClaims(db: Db, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const claimed = await tx
      .select()
      .from(staffMessages)
      .where(and(eq(staffMessages.state, 'claimed'), lt(staffMessages.claimedAt, oldestClaim)))
      .orderBy(asc(staffMessages.staffId))
      .limit(limit)
      .for('update', { skipLocked: true });
    for (const message of claimed) await markInterrupted(tx, message);
    return claimed.length;
  });
}

/** Whether it went nobody knows: its attempt ended with its process. */
export async function markInterrupted(tx: Db, message: StaffMessageRow): Promise<void> {
  const reason = 'interrupted';
  const inputs = { attemptId: message.attemptId };
  await changeStaffMessage(tx, message, {
    change: { state: 'unknown', reason },
    event: 'staff-message-unknown',
    reason,
    inputs,
  });
}
