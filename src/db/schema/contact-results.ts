import { sql } from 'drizzle-orm';
import { boolean, index, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { staff } from './organisation.ts';
import { renewals } from './renewals.ts';

/** What a person recorded after a call or visit: received → applied, refused or late; a mistaken one → corrected. */
export const contactResults = pgTable(
  'contact_results',
  {
    id: uuid().primaryKey(),
    renewalId: text()
      .notNull()
      .references(() => renewals.id),
    kind: text().notNull(),
    state: text().notNull(),
    refusal: text(),
    refusalDetail: text(),
    result: text().notNull(),
    stage: text(),
    note: text(),
    callBackAt: timestamp({ withTimezone: true }),
    newPolicyNumber: text(),
    early: boolean().notNull().default(false),
    lossReason: text(),
    rival: text(),
    rivalPremium: numeric({ precision: 14, scale: 2 }),
    channel: text(),
    evidence: text(),
    /** What kind of proof it is and where it lies, e.g. a recording and its number. */
    evidenceKind: text(),
    evidenceReference: text(),
    /** When the contact took place, and whether it was entered long after. */
    occurredAt: timestamp({ withTimezone: true }),
    afterTheFact: boolean().notNull().default(false),
    /** Steps of the call script that were read out. */
    script: text().array(),
    /** The mistaken result that this one replaces, and on that one who struck it out, when and why. */
    correctsId: uuid(),
    correctedBy: text().references(() => staff.id),
    correctedAt: timestamp({ withTimezone: true }),
    correctionReason: text(),
    closing: text().array(),
    recordedBy: text()
      .notNull()
      .references(() => staff.id),
    recordedAt: timestamp({ withTimezone: true }).notNull(),
    /** Wall instant of the last attempt to hand it to the case; the sweeper goes by it. */
    sentAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [
    index('contact_results_by_renewal').on(t.renewalId, t.recordedAt),
    index('contact_results_by_state').on(t.state, t.sentAt),
    index('contact_results_by_new_number')
      .on(t.newPolicyNumber)
      .where(sql`${t.newPolicyNumber} is not null`),
  ],
);
