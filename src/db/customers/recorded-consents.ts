import { and, desc, eq, getTableColumns, inArray, ne } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import {
  consentPurposes,
  needsEvidence,
  optOutStops,
  type ConsentPurpose,
  type RecordedSource,
} from '../../renewal/consent.ts';
import { channels, type Channel } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { consents } from '../schema/consents.ts';
import { customers } from '../schema/customers.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { takeConsentWord } from './consent-records.ts';
import { consentsOn } from './standing-consents.ts';

const shownWords = 100;

/** What somebody heard from the customer of a case; the id is the caller's and the same in every retry. */
export type RecordedConsent = {
  id: string;
  renewalId: string;
  channel: Channel;
  purpose: ConsentPurpose;
  given: boolean;
  source: RecordedSource;
  evidence?: string | undefined;
  recordedBy: string;
};

export type ConsentAnswer = { kind: 'recorded' | 'evidence-missing' | 'unknown' };

/** Records a consent or its withdrawal; who opted out or withdrew it gives consent again only with a proof of it. */
export async function recordConsent(tx: Db, said: RecordedConsent, calendar: Calendar): Promise<ConsentAnswer> {
  const customer = await customerOf(tx, said.renewalId);
  if (!customer) return { kind: 'unknown' };
  if ((await tx.$count(consents, eq(consents.id, said.id))) > 0) return { kind: 'recorded' };
  const { id, channel, purpose, given, source, evidence, renewalId, recordedBy } = said;
  if (given && evidence === undefined) {
    const withdrawn = await isWithdrawn(tx, { customerId: customer.id, channel, purpose });
    const standing = { ...consentsOn(channel, customer), withdrawn };
    if (needsEvidence(standing, channel, purpose)) return { kind: 'evidence-missing' };
  }
  const how = { source, evidence, renewalId, recordedBy };
  const word = { channel, purposes: [purpose], state: given ? 'given' : 'withdrawn', ...how } as const;
  await takeConsentWord(tx, { id, customerIds: [customer.id], ...word }, calendar);
  return { kind: 'recorded' };
}

/** Whether the last word on a consent that is no list's withdrew it, as with an opt-out that was ended for the other purpose. */
async function isWithdrawn(
  tx: Db,
  { customerId, channel, purpose }: { customerId: string; channel: Channel; purpose: ConsentPurpose },
): Promise<boolean> {
  const isThis = [eq(consents.customerId, customerId), eq(consents.channel, channel), eq(consents.purpose, purpose)];
  const [last] = await tx
    .select({ state: consents.state })
    .from(consents)
    .where(and(...isThis, ne(consents.source, 'list'), inArray(consents.state, ['given', 'withdrawn'])))
    .orderBy(desc(consents.at), desc(consents.id))
    .limit(1);
  return last?.state === 'withdrawn';
}

/** What the customer of a case may be sent, and the last words on it; undefined for an unknown case. */
export async function readConsents(db: Db, renewalId: string) {
  const customer = await customerOf(db, renewalId);
  if (!customer) return undefined;
  const { id, at, channel, purpose, state, source, evidence, recordedBy } = consents;
  const history = await db
    .select({ id, at, channel, purpose, state, source, evidence, recordedBy })
    .from(consents)
    .where(eq(consents.customerId, customer.id))
    .orderBy(desc(at), desc(id))
    .limit(shownWords);
  const items = channels.flatMap((one) =>
    consentPurposes.map((of) => {
      const { consents: given, optedOutAt } = consentsOn(one, customer);
      const stoppedAt = optedOutAt !== null && optOutStops(one, of) ? new Date(optedOutAt) : null;
      const mayBeSent = given[of] && stoppedAt === null;
      return { channel: one, purpose: of, given: given[of], optedOutAt: stoppedAt, mayBeSent };
    }),
  );
  return { items, doNotContactUntil: customer.doNotContactUntil, history };
}

async function customerOf(db: Db, renewalId: string): Promise<typeof customers.$inferSelect | undefined> {
  const [row] = await db
    .select(getTableColumns(customers))
    .from(customers)
    .innerJoin(policies, eq(policies.customerId, customers.id))
    .innerJoin(renewals, eq(renewals.policyId, policies.id))
    .where(eq(renewals.id, renewalId));
  return row;
}
