import { and, eq, like, sql } from 'drizzle-orm';
import { daysBetween, type Calendar, type Day } from '../../renewal/calendar.ts';
import type { Notice } from '../../renewal/case-notice.ts';
import { readSituation } from './case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { confirmRenewal } from '../losses/renewal-check-records.ts';
import { journal } from '../schema/journal.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** A fact of the core system about one policy term; the key is the core system's own. */
export type CoreNotice = { key: string; policyNumber: string; startsOn: Day } & (
  | { kind: 'renewed'; newPolicyNumber: string }
  | { kind: 'cancelled'; on: Day }
  | { kind: 'expiry-corrected'; expiresOn: Day }
);

export type TakenNotice = { kind: 'unknown-policy' } | { kind: 'taken'; tell?: { renewalId: string; notice: Notice } };

type PolicyRow = typeof policies.$inferSelect;
type RenewalRow = typeof renewals.$inferSelect;

/**
 * Writes the fact and says what an open case must hear. A fact that its case has in the journal changes nothing again,
 * so that a late delivery does not undo what was reported since; the case hears how it stands now.
 */
export async function takeCoreNotice(tx: Db, reported: CoreNotice, calendar: Calendar): Promise<TakenNotice> {
  const [policy] = await tx
    .select()
    .from(policies)
    .where(and(eq(policies.policyNumber, reported.policyNumber), eq(policies.startsOn, reported.startsOn)))
    .for('update');
  if (!policy) return { kind: 'unknown-policy' };
  const [renewal] = await tx.select().from(renewals).where(eq(renewals.policyId, policy.id));
  const isOpen = renewal !== undefined && renewal.outcome === null;
  const isKnown = renewal !== undefined && (await wasReported(tx, renewal.id, reported.key));
  if (!isKnown) {
    await tx.update(policies).set(changeOf(policy, reported)).where(eq(policies.id, policy.id));
    if (isOpen) await changeCase(tx, renewal, reported);
    if (reported.kind === 'renewed' && renewal?.outcome === 'renewed') await confirmRenewal(tx, renewal, reported);
  }
  if (!isOpen) return { kind: 'taken' };
  return {
    kind: 'taken',
    tell: { renewalId: renewal.id, notice: await noticeTo(tx, renewal.id, { ...reported, calendar }) },
  };
}

/** The policy's row is locked, so that two deliveries of one fact come here one after the other. */
async function wasReported(tx: Db, chain: string, key: string): Promise<boolean> {
  const known = and(
    eq(journal.chain, chain),
    like(journal.event, 'reported:%'),
    sql`${journal.inputs} ->> 'key' = ${key}`,
  );
  return (await tx.$count(journal, known)) > 0;
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

async function changeCase(tx: Db, open: RenewalRow, reported: CoreNotice): Promise<void> {
  const change = changeOfCase(open, reported);
  if (change) await tx.update(renewals).set(change).where(eq(renewals.id, open.id));
  const { kind, key } = reported;
  const event = `reported:${kind}`;
  await journalise(tx, [{ chain: open.id, actor: 'core-system', event, reason: 'core-notice', inputs: { key } }]);
}

function changeOfCase(open: RenewalRow, reported: CoreNotice): Partial<RenewalRow> | undefined {
  if (reported.kind === 'renewed') return { newPolicyNumber: reported.newPolicyNumber };
  if (reported.kind === 'cancelled' || open.expiresOn === reported.expiresOn) return undefined;
  return { expiresOn: reported.expiresOn, expiryRevision: open.expiryRevision + 1 };
}

async function noticeTo(
  tx: Db,
  renewalId: string,
  { kind, key, calendar }: CoreNotice & { calendar: Calendar },
): Promise<Notice> {
  if (kind === 'cancelled') return { key: `core.${key}`, kind: 'cancelled-in-core' };
  const { renewal, clock, plan } = await readSituation(tx, renewalId, calendar);
  if (kind === 'expiry-corrected') return { key: `expiry.${renewal.expiryRevision}`, kind };
  return { key: `core.${key}`, kind: 'renewed-in-core', early: clock.now < plan.bindOpensAt };
}
