import type { Db } from '../db/connection.ts';
import { findMailById, newestMailTo, type SentMail } from '../db/messages/sent-mails.ts';
import {
  isStaffMail,
  markReturned,
  newestStaffMailTo,
  noteUnprovedReturn,
} from '../db/staff-messages/returned-staff-mails.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { unproved } from '../renewal/suppression.ts';
import { applyReceipt } from './apply-receipt.ts';
import { noteUnprovedReport } from './note-unproved-report.ts';
import type { Bounce } from './read-bounce.ts';

/** Which of our mails a report is about; no code and no message for one that is about none of them. */
export type TakenBounce = { messageId: string; code: string } | undefined;

/**
 * Brings into the books that a mail was not delivered (promises.md, SMTP specifics: bounces suppress an address). Our
 * Message-ID names it; without one the recipient does, and anybody can write such a report: it is kept and counts against
 * the address, and settles nothing. The same report again changes nothing.
 */
export async function takeBounce(db: Db, { messageId, failed }: Bounce, calendar: Calendar): Promise<TakenBounce> {
  const [first] = failed;
  if (!first) return undefined;
  const named = messageId === undefined ? undefined : await findMailById(db, messageId);
  if (named) return record(db, { mail: named, code: first.status }, calendar);
  const mail = messageId === undefined ? await newestMailTo(db, first.address) : undefined;
  if (mail) return note(db, { mail, code: unproved(first.status) }, calendar);
  return recordOfStaff(db, { messageId, first });
}

/** A mail to staff is shown as returned, and no address suppressed: people mend their own. */
async function recordOfStaff(
  db: Db,
  { messageId, first }: Pick<Bounce, 'messageId'> & { first: Bounce['failed'][number] },
): Promise<TakenBounce> {
  const isNamed = messageId !== undefined;
  const isOurs = isNamed && (await isStaffMail(db, messageId));
  const id = isNamed ? messageId : await newestStaffMailTo(db, first.address);
  if (id === undefined || (isNamed && !isOurs)) return undefined;
  const code = isNamed ? first.status : unproved(first.status);
  await (isNamed ? markReturned(db, { id, code }) : noteUnprovedReturn(db, { id, code }));
  return { messageId: id, code };
}

type Failed = { mail: SentMail; code: string };

async function note(db: Db, { mail, code }: Failed, calendar: Calendar): Promise<TakenBounce> {
  const { messageId, attemptId } = mail;
  await noteUnprovedReport(db, { attemptId, code }, calendar);
  return { messageId, code };
}

async function record(db: Db, { mail, code }: Failed, calendar: Calendar): Promise<TakenBounce> {
  const { messageId, attemptId, providerId } = mail;
  const delivery = { providerId, state: 'undelivered', status: 'bounced', errorCode: code } as const;
  await applyReceipt(db, { attemptId, delivery, by: 'callback' }, calendar);
  return { messageId, code };
}
