import { and, eq, isNull, sql } from 'drizzle-orm';
import { daysBetween, type Calendar, type Day } from '../renewal/calendar.ts';
import type { Notice } from '../renewal/case-notice.ts';
import { readSituation } from './case-situation.ts';
import type { Db } from './connection.ts';
import { journalise } from './journal-records.ts';
import { journal } from './schema/journal.ts';
import { policies } from './schema/policies.ts';
import { renewals } from './schema/renewals.ts';

/** A fact of the core system about one policy term; the key is the core system's own. */
export type CoreNotice = { key: string; policyNumber: string; startsOn: Day } & (
  | { kind: 'renewed'; newPolicyNumber: string }
  | { kind: 'cancelled'; on: Day }
  | { kind: 'expiry-corrected'; expiresOn: Day }
);

export type TakenNotice = { kind: 'unknown-policy' } | { kind: 'taken'; tell?: { renewalId: string; notice: Notice } };

type PolicyRow = typeof policies.$inferSelect;

/** Writes the fact and says what an open case must hear; the same fact twice changes nothing. */
export async function takeCoreNotice(tx: Db, reported: CoreNotice, calendar: Calendar): Promise<TakenNotice> {
  const [policy] = await tx
    .select()
    .from(policies)
    .where(and(eq(policies.policyNumber, reported.policyNumber), eq(policies.startsOn, reported.startsOn)))
    .for('update');
  if (!policy) return { kind: 'unknown-policy' };
  await tx.update(policies).set(changeOf(policy, reported)).where(eq(policies.id, policy.id));
  const [open] = await tx
    .select()
    .from(renewals)
    .where(and(eq(renewals.policyId, policy.id), isNull(renewals.outcome)));
  if (!open) return { kind: 'taken' };
  const notice = await noticeTo(tx, { open, reported, calendar });
  await journaliseOnce(tx, open.id, reported);
  return { kind: 'taken', tell: { renewalId: open.id, notice } };
}

/** The policy's row is locked, so that two deliveries of one fact come here one after the other. */
async function journaliseOnce(tx: Db, chain: string, { kind, key }: CoreNotice): Promise<void> {
  const event = `reported:${kind}`;
  const known = and(eq(journal.chain, chain), eq(journal.event, event), sql`${journal.inputs} ->> 'key' = ${key}`);
  if ((await tx.$count(journal, known)) > 0) return;
  await journalise(tx, [{ chain, actor: 'core-system', event, reason: 'core-notice', inputs: { key } }]);
}

function changeOf(policy: PolicyRow, reported: CoreNotice): Partial<PolicyRow> {
  switch (reported.kind) {
    case 'renewed':
      return { renewedAs: reported.newPolicyNumber };
    case 'cancelled':
      return { cancelledOn: reported.on };
    case 'expiry-corrected':
      return {
        expiresOn: reported.expiresOn,
        termDays: policy.termDays + daysBetween(policy.expiresOn, reported.expiresOn),
      };
  }
}

async function noticeTo(
  tx: Db,
  { open, reported, calendar }: { open: typeof renewals.$inferSelect; reported: CoreNotice; calendar: Calendar },
): Promise<Notice> {
  switch (reported.kind) {
    case 'renewed': {
      const { clock, plan } = await readSituation(tx, open.id, calendar);
      await tx.update(renewals).set({ newPolicyNumber: reported.newPolicyNumber }).where(eq(renewals.id, open.id));
      return { key: `core.${reported.key}`, kind: 'renewed-in-core', early: clock.now < plan.bindOpensAt };
    }
    case 'cancelled':
      return { key: `core.${reported.key}`, kind: 'cancelled-in-core' };
    case 'expiry-corrected': {
      const revision = open.expiresOn === reported.expiresOn ? open.expiryRevision : open.expiryRevision + 1;
      await tx
        .update(renewals)
        .set({ expiresOn: reported.expiresOn, expiryRevision: revision })
        .where(eq(renewals.id, open.id));
      return { key: `expiry.${revision}`, kind: 'expiry-corrected' };
    }
  }
}
