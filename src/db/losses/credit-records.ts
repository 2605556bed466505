import { desc, eq, inArray, sql } from 'drizzle-orm';
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

type ResultRow = typeof contactResults.$inferSelect;
type Contact = Pick<ResultRow, 'id' | 'kind' | 'result'> & { madeBy: string; roles: string[] };

/**
 * What people recorded about a case and nobody struck out, the newest first. What replaces an entry is the work of whoever
 * made that one, whoever corrects or promotes it (docs/decisions/0014).
 */
async function contactsOf(tx: Db, renewalId: string): Promise<Contact[]> {
  const all = await tx
    .select()
    .from(contactResults)
    .where(eq(contactResults.renewalId, renewalId))
    .orderBy(desc(contactResults.recordedAt), desc(contactResults.id));
  const byId = new Map(all.map((row) => [row.id, row]));
  const standing = all
    .filter(({ state, correctedAt }) => correctedAt === null && (state === 'received' || state === 'applied'))
    .map(({ id, kind, result, ...row }) => ({ id, kind, result, madeBy: firstOf(row, byId).recordedBy }));
  const roles = await rolesOf(
    tx,
    standing.map(({ madeBy }) => madeBy),
  );
  return standing.map((contact) => ({ ...contact, roles: roles.get(contact.madeBy) ?? [] }));
}

type Entry = Pick<ResultRow, 'correctsId' | 'recordedBy'>;

/** The first entry of those that corrected one another. */
function firstOf(row: Entry, byId: ReadonlyMap<string, Entry>): Entry {
  const corrected = row.correctsId === null ? undefined : byId.get(row.correctsId);
  return corrected ? firstOf(corrected, byId) : row;
}

async function rolesOf(tx: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const people = await tx
    .select({ id: staff.id, roles: staff.roles })
    .from(staff)
    .where(inArray(staff.id, [...new Set(ids)]));
  return new Map(people.map((person) => [person.id, person.roles]));
}

function workerOf({ madeBy, roles }: Contact) {
  return { staffId: madeBy, isCallCentre: roles.includes('call-centre') };
}
