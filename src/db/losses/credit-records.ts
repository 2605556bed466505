import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { creditsOf, type CreditFacts } from '../../renewal/credit.ts';
import { isEffectiveContact, type ContactResult } from '../../renewal/contact-result.ts';
import { isTelesalesBorn } from '../../renewal/special-lines.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { contactResults } from '../schema/contact-results.ts';
import { credits } from '../schema/credits.ts';
import { staff, teams } from '../schema/organisation.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** `resultId` is the result that renewed it, none when the core system reported it; `by` and `reason` are for the journal. */
export type Crediting = { renewalId: string; resultId?: string | undefined; by: string; reason: string };

/** Writes whose a renewal is (business.md, Figures); asked again, as after a correction, it replaces what was credited. */
export async function creditRenewal(tx: Db, { renewalId, resultId, by, reason }: Crediting): Promise<void> {
  const shared = creditsOf(await factsOf(tx, renewalId, resultId));
  await tx.delete(credits).where(eq(credits.renewalId, renewalId));
  if (shared.length === 0) return;
  await tx.insert(credits).values(
    shared.map(({ part, staffId, rate, rule }) => ({
      renewalId,
      part,
      staffId,
      rate: String(rate),
      rule,
      creditedAt: sql`business_now()`,
    })),
  );
  const inputs = { resultId: resultId ?? null, credits: shared };
  await journalise(tx, [{ chain: renewalId, actor: by, event: 'credited', reason, inputs }]);
}

/** Takes the credit for a renewal away that turned out to be none; nothing happens where none was given. */
export async function withdrawCredits(tx: Db, { renewalId, by, reason }: Omit<Crediting, 'resultId'>): Promise<void> {
  const withdrawn = await tx.delete(credits).where(eq(credits.renewalId, renewalId)).returning({ part: credits.part });
  if (withdrawn.length === 0) return;
  const inputs = { parts: withdrawn.map(({ part }) => part) };
  await journalise(tx, [{ chain: renewalId, actor: by, event: 'credit-withdrawn', reason, inputs }]);
}

async function factsOf(tx: Db, renewalId: string, resultId: string | undefined): Promise<CreditFacts> {
  const { ownerId, leadId, channel } = onlyRow(
    await tx
      .select({ ownerId: renewals.ownerId, leadId: leader, channel: policies.channel })
      .from(renewals)
      .innerJoin(policies, eq(policies.id, renewals.policyId))
      .leftJoin(teams, eq(teams.id, renewals.teamId))
      .where(eq(renewals.id, renewalId)),
  );
  const contacts = await contactsOf(tx, renewalId);
  const reached = contacts.find(({ kind, result }) => kind === 'contact' && reachesCustomer(result as ContactResult));
  return {
    ownerId,
    leadId,
    caller: reached ? workerOf(reached) : null,
    closer: contacts.filter(({ id }) => id === resultId).map(workerOf)[0] ?? null,
    telesalesBorn: isTelesalesBorn({ channel }),
  };
}

/** Whoever is on the list as the team's leader, if they are staff of ours. */
const leader = sql<string | null>`(select ${staff.id} from ${staff} where ${staff.id} = ${teams.supervisorId})`;

function reachesCustomer(result: ContactResult): boolean {
  return result === 'renewed' || isEffectiveContact(result);
}

type Contact = Awaited<ReturnType<typeof contactsOf>>[number];

/** What people recorded about a case and nobody struck out, the newest first. */
function contactsOf(tx: Db, renewalId: string) {
  const { id, kind, result, recordedBy } = contactResults;
  return tx
    .select({ id, kind, result, recordedBy, roles: staff.roles })
    .from(contactResults)
    .innerJoin(staff, eq(staff.id, contactResults.recordedBy))
    .where(
      and(
        eq(contactResults.renewalId, renewalId),
        inArray(contactResults.state, ['received', 'applied']),
        isNull(contactResults.correctedAt),
      ),
    )
    .orderBy(desc(contactResults.recordedAt), desc(contactResults.id));
}

function workerOf({ recordedBy, roles }: Contact) {
  return { staffId: recordedBy, isCallCentre: roles.includes('call-centre') };
}
