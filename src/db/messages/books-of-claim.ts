import { sql } from 'drizzle-orm';
import type { Instant } from '../../renewal/calendar.ts';
import type { TouchState } from '../../renewal/plan-change.ts';
import type { SettingName } from '../../renewal/settings.ts';
import type { Channel } from '../../renewal/stage-plan.ts';
import { messagesSettled } from '../cases/next-action-records.ts';
import type { Db } from '../connection.ts';
import { comparedAddress, leftAloneUntil, reachedAlike } from '../customers/reached-alike.ts';
import { suppressionFor } from '../customers/suppressed-records.ts';
import { onlyRow } from '../only-row.ts';
import { prepareOnce } from '../prepare-once.ts';
import { effectiveContacts, type EffectiveContact } from '../results/effective-contacts.ts';
import { resultsToTake, unheardIn, type Unheard } from '../results/results-to-take.ts';
import { dateFrom, rowsAsJson } from '../rows-as-json.ts';
import type { renewals } from '../schema/renewals.ts';
import type { TemplateContent } from '../schema/templates.ts';
import { newestSettings, settingsIn, type Setting } from '../settings-records.ts';
import { unreadReplies } from '../tasks/unread-replies.ts';
import { newestText } from '../templates/template-rows.ts';
import { signature } from './message-facts.ts';
import {
  openCasesBeside,
  sentToCustomer,
  stopSwitchOf,
  type MessageRow,
  type OtherCase,
  type SentRow,
} from './message-records.ts';

const settingsOfSending = ['quiet-hours', 'caps', 'sms-providers'] as const satisfies readonly SettingName[];

/** What the books say around a message at its claim. */
export type BooksOfClaim = {
  settings: { [Name in (typeof settingsOfSending)[number]]: Setting<Name> };
  sendingStopped: boolean;
  /**
   * Of the customer and everybody else who has the address: the other messages of the week that may have been sent, and when
   * somebody spoke with them.
   */
  sent: SentRow[];
  contacts: EffectiveContact[];
  unheard: Unheard | undefined;
  /** When their answers that nobody has read yet should have been. */
  unreadReplies: Instant[];
  /** Until when one of them is to be left alone. */
  leftAloneUntil: Date | null;
  addressSuppressed: boolean;
  /** The messages of the same case that have gone, or were decided not to. */
  settled: TouchState[];
  /** Their other open cases. */
  others: OtherCase[];
  /** Who signs, if their name is known. */
  contact: string | null;
  /** The text in force; nothing while the shipped one is. */
  text: { version: number; content: TemplateContent } | undefined;
};

// Behind the locks of a claim all of it is one look: each statement costs more than most of what it reads.
const booksOfClaim = prepareOnce('books_of_claim', (db) =>
  db
    .select({
      settings: rowsAsJson(newestSettings(db)),
      stopSwitch: rowsAsJson(stopSwitchOf(db)),
      sent: rowsAsJson(sentToCustomer(db)),
      contacts: rowsAsJson(effectiveContacts(db, reachedAlike)),
      results: rowsAsJson(resultsToTake(db)),
      replies: rowsAsJson(unreadReplies(db)),
      refusals: rowsAsJson(leftAloneUntil(db)),
      suppressions: rowsAsJson(suppressionFor(db)),
      settled: rowsAsJson(messagesSettled(db)),
      others: rowsAsJson(openCasesBeside(db)),
      signatures: rowsAsJson(signature(db)),
      texts: rowsAsJson(newestText(db)),
    })
    .from(sql`(values (true)) as one`),
);

type Around = {
  renewal: Pick<typeof renewals.$inferSelect, 'id' | 'ownerId' | 'branchId'>;
  message: MessageRow;
  address: string | null;
  language: string;
  /** Where the week begins in which contacts count (business ms). */
  since: Instant;
};

/** Reads all of it in one statement, and so as of one moment. */
export async function readBooksOfClaim(
  tx: Db,
  { renewal, message, address, language, since }: Around,
): Promise<BooksOfClaim> {
  const { customerId, touch, channel } = message;
  const read = onlyRow(
    await booksOfClaim(tx, {
      names: [...settingsOfSending],
      renewalId: renewal.id,
      renewalIds: [renewal.id],
      ownerId: renewal.ownerId,
      branchId: renewal.branchId,
      messageId: message.id,
      customerId,
      touch,
      channel,
      address: comparedAddress(channel, address),
      since: new Date(since).toISOString(),
      key: message.template,
      language,
    }),
  );
  return {
    settings: settingsIn(read.settings, settingsOfSending),
    sendingStopped: read.stopSwitch[0]?.stopped ?? false,
    sent: read.sent.map((row) => ({ ...row, claimedAt: instant(row.claimedAt) })),
    contacts: read.contacts.map((row) => ({ ...row, contactedAt: instant(row.occurredAt ?? row.recordedAt) })),
    unheard: unheardIn(read.results),
    unreadReplies: read.replies.map(({ dueAt }) => instant(dueAt)),
    leftAloneUntil: dateFrom(read.refusals[0]?.until ?? null),
    addressSuppressed: read.suppressions.length > 0,
    settled: read.settled.map((row) => ({ ...row, channel: row.channel as Channel })),
    others: read.others.map((row) => ({ ...row, openedAt: new Date(row.openedAt), dueAt: dateFrom(row.dueAt) })),
    contact: onlyRow(read.signatures).name,
    text: read.texts[0],
  };
}

function instant(text: string | null): Instant {
  return text === null ? 0 : Date.parse(text);
}
