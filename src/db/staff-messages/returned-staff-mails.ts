import { and, desc, eq, gt, inArray, isNotNull, sql } from 'drizzle-orm';
import { staffMessageKinds } from '../../renewal/staff-message.ts';
import { readClock } from '../business-clock.ts';
import type { Db } from '../connection.ts';
import { knownTaken, stillTried } from '../messages/sent-mails.ts';
import { staff } from '../schema/organisation.ts';
import { staffMessages } from '../schema/staff-messages.ts';
import { changeStaffMessage, lockStaffMessage } from './staff-message-records.ts';

/** Whether an id is that of a mail to staff which a mail server took, or may have taken. */
export async function isStaffMail(db: Db, id: string): Promise<boolean> {
  return (await db.$count(staffMessages, and(wasSent, eq(staffMessages.id, id)))) > 0;
}

/** The last mail to a person with this address that a mail system took and may still give up. */
export async function newestStaffMailTo(db: Db, address: string): Promise<string | undefined> {
  const theirs = db
    .select({ id: staff.id })
    .from(staff)
    .where(eq(sql`lower(${staff.email})`, address.toLowerCase()));
  const [row] = await db
    .select({ id: staffMessages.id })
    .from(staffMessages)
    // The kinds are named for the index.
    .where(
      and(
        wasSent,
        inArray(staffMessages.kind, [...staffMessageKinds]),
        inArray(staffMessages.staffId, theirs),
        isStillTried,
        inArray(staffMessages.state, knownTaken),
      ),
    )
    .orderBy(desc(staffMessages.claimedAt))
    .limit(1);
  return row?.id;
}

const wasSent = and(
  eq(staffMessages.channel, 'email'),
  isNotNull(staffMessages.attemptId),
  isNotNull(staffMessages.claimedAt),
);
const isStillTried = gt(staffMessages.claimedAt, stillTried);

/** Writes that a mail to staff came back, with the mail system's code; the same report again changes nothing. */
export async function markReturned(db: Db, { id, code }: { id: string; code: string }): Promise<void> {
  await db.transaction(async (tx) => {
    const message = await lockStaffMessage(tx, id);
    if (!message || message.state === 'undelivered') return;
    const settledAt = new Date((await readClock(tx)).now);
    const reason = 'bounced';
    await changeStaffMessage(tx, message, {
      change: { state: 'undelivered', reason, errorCode: code, settledAt, settledBy: 'report' },
      event: 'staff-message-undelivered',
      reason,
      inputs: { attemptId: message.attemptId, code, was: message.state },
    });
  });
}

/** Keeps the code of a report that proves nothing with the mail that it may be about, whose state stays; the first counts. */
export async function noteUnprovedReturn(db: Db, { id, code }: { id: string; code: string }): Promise<void> {
  await db.transaction(async (tx) => {
    const message = await lockStaffMessage(tx, id);
    if (message?.state !== 'accepted' || message.errorCode !== null) return;
    await changeStaffMessage(tx, message, {
      change: { errorCode: code },
      event: 'staff-message-returned',
      reason: 'unproved',
      inputs: { attemptId: message.attemptId, code },
    });
  });
}
