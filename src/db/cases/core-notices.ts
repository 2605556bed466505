import { and, eq, inArray, sql } from 'drizzle-orm';
import { addDays, daysBetween, type Calendar, type Day } from '../../renewal/calendar.ts';
import type { Notice } from '../../renewal/case-notice.ts';
import { graceIsOver } from '../../renewal/case-plan.ts';
import { lockCasesWhere } from './case-locks.ts';
import { readSituation } from './case-situation.ts';
import type { Db } from '../connection.ts';
import { readPlanAndClock } from './plan-records.ts';
import { journalise } from '../journal/journal-records.ts';
import { confirmRenewal } from '../losses/renewal-check-records.ts';
import { renewLostCase } from '../results/renew-lost-case.ts';
import { coreNotices } from '../schema/operations.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** A fact of the core system about one policy term; the key is the core system's own. */
export type CoreNotice = { key: string; policyNumber: string; startsOn: Day } & (
  | { kind: 'renewed'; newPolicyNumber: string }
  | { kind: 'cancelled'; on: Day }
  | { kind: 'expiry-corrected'; expiresOn: Day }
);

export type TakenNotice =
  | { kind: 'unknown-policy' }
  /** The key stands for something else that was reported before. */
  | { kind: 'key-reused' }
  | { kind: 'taken'; tell?: { renewalId: string; notice: Notice } };

type PolicyRow = typeof policies.$inferSelect;
type RenewalRow = typeof renewals.$inferSelect;

/**
 * Writes the fact and says what an open case must hear. A fact whose key is known changes nothing again, so that a late
 * delivery does not undo what was reported since; the case hears how it stands now.
 */
export async function takeCoreNotice(tx: Db, reported: CoreNotice, calendar: Calendar): Promise<TakenNotice> {
  const term = and(eq(policies.policyNumber, reported.policyNumber), eq(policies.startsOn, reported.startsOn));
  await lockCasesWhere(tx, inArray(renewals.policyId, tx.select({ id: policies.id }).from(policies).where(term)));
  const [policy] = await tx.select().from(policies).where(term).for('no key update');
  if (!policy) return { kind: 'unknown-policy' };
  const known = await rememberNotice(tx, reported);
  if (known === 'other') return { kind: 'key-reused' };
  const [renewal] = await tx.select().from(renewals).where(eq(renewals.policyId, policy.id));
  if (known === 'new') {
    await tx.update(policies).set(changeOf(policy, reported)).where(eq(policies.id, policy.id));
    if (renewal) await changeCase(tx, renewal, { ...reported, calendar });
  }
  if (!renewal || renewal.outcome !== null) return { kind: 'taken' };
  return {
    kind: 'taken',
    tell: { renewalId: renewal.id, notice: await noticeTo(tx, renewal.id, { ...reported, calendar }) },
  };
}

/** Which of these notices carry a key that stands for something else, here or among themselves. */
export async function reusedKeys(db: Db, notices: readonly CoreNotice[]): Promise<string[]> {
  const rows = JSON.stringify(notices.map((one) => ({ key: one.key, content: contentOf(one) })));
  const { rows: reused } = await db.execute<{ key: string }>(sql`
    select said.key from jsonb_to_recordset(${rows}::jsonb) as said (key text, content jsonb)
    left join core_notices known on known.key = said.key
    group by said.key having count(distinct said.content) > 1 or bool_or(known.content <> said.content) order by 1`);
  return reused.map(({ key }) => key);
}

/** Two deliveries of one key come here one after the other. */
async function rememberNotice(tx: Db, reported: CoreNotice): Promise<'new' | 'same' | 'other'> {
  const content = contentOf(reported);
  const row = { key: reported.key, content, takenAt: sql`business_now()` };
  const [taken] = await tx.insert(coreNotices).values(row).onConflictDoNothing().returning();
  if (taken) return 'new';
  const isSame = and(eq(coreNotices.key, reported.key), eq(coreNotices.content, content));
  return (await tx.$count(coreNotices, isSame)) > 0 ? 'same' : 'other';
}

function contentOf(reported: CoreNotice): Omit<CoreNotice, 'key'> {
  const { key: _, ...content } = reported;
  return content;
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
        expiresOnOverruled: overruledBy(policy, reported.expiresOn),
      };
  }
}

/** What lists said first; none where the core system came back to it. */
function overruledBy({ expiresOn, expiresOnOverruled }: PolicyRow, corrected: Day): Day | null {
  const listed = expiresOnOverruled ?? expiresOn;
  return listed === corrected ? null : listed;
}

type Heard = CoreNotice & { calendar: Calendar };

async function changeCase(tx: Db, renewal: RenewalRow, heard: Heard): Promise<void> {
  if (renewal.outcome !== null) return changeClosedCase(tx, renewal, heard);
  const change = await changeOfCase(tx, renewal, heard);
  if (change) await tx.update(renewals).set(change).where(eq(renewals.id, renewal.id));
  await journalise(tx, [entryOf(renewal, heard, 'core-notice')]);
}

/** Whether a renewal agrees with a case that has closed is seen here; anything else about it is only kept. */
async function changeClosedCase(tx: Db, renewal: RenewalRow, heard: Heard): Promise<void> {
  if (heard.kind === 'renewed' && renewal.outcome === 'renewed') return confirmRenewal(tx, renewal, heard);
  await journalise(tx, [entryOf(renewal, heard, `case-closed:${renewal.outcome}`)]);
  if (heard.kind !== 'renewed' || renewal.outcome !== 'lost') return;
  const { today, plan } = await present(tx, renewal, heard.calendar);
  const early = today < addDays(renewal.expiresOn, -plan.bindOpensDaysBefore);
  const { newPolicyNumber, calendar } = heard;
  await renewLostCase(tx, renewal, { newPolicyNumber, early, reason: 'core-notice', calendar });
}

function entryOf(renewal: RenewalRow, heard: Heard, reason: string) {
  const { kind, key } = heard;
  const dates = kind === 'expiry-corrected' ? { from: renewal.expiresOn, to: heard.expiresOn } : {};
  return { chain: renewal.id, actor: 'core-system', event: `reported:${kind}`, reason, inputs: { key, ...dates } };
}

async function changeOfCase(tx: Db, open: RenewalRow, heard: Heard): Promise<Partial<RenewalRow> | undefined> {
  if (heard.kind === 'renewed') return { newPolicyNumber: heard.newPolicyNumber };
  if (heard.kind === 'cancelled' || open.expiresOn === heard.expiresOn) return undefined;
  const { expiresOn } = heard;
  const { today, plan } = await present(tx, open, heard.calendar);
  // A case does not close the moment it hears that it should have closed before.
  const graceFrom = graceIsOver(expiresOn, plan, today) ? today : null;
  return { expiresOn, graceFrom, expiryRevision: open.expiryRevision + 1 };
}

async function present(tx: Db, renewal: RenewalRow, calendar: Calendar) {
  const { plan, clock } = await readPlanAndClock(tx, renewal);
  return { plan, today: calendar.dayOf(clock.now) };
}

async function noticeTo(tx: Db, renewalId: string, { kind, key, calendar }: Heard): Promise<Notice> {
  if (kind === 'cancelled') return { key: `core.${key}`, kind: 'cancelled-in-core' };
  const { renewal, clock, plan } = await readSituation(tx, renewalId, calendar);
  if (kind === 'expiry-corrected') return { key: `expiry.${renewal.expiryRevision}`, kind };
  return { key: `core.${key}`, kind: 'renewed-in-core', early: clock.now < plan.bindOpensAt };
}
