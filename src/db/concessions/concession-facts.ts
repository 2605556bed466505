import { Decimal } from 'decimal.js';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import {
  lessPercent,
  type ConcessionFacts,
  type ConcessionStep,
  type GrantedConcession,
} from '../../renewal/concession.ts';
import type { QuoteFacts } from '../../renewal/quote.ts';
import { benefitsOn } from '../../renewal/settings.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { concessions } from '../schema/concessions.ts';
import { staff } from '../schema/organisation.ts';
import { quotes } from '../schema/quotes.ts';
import { readSetting } from '../settings-records.ts';

/** What a request for a concession is judged by, and the premium that its percentage is of (decimal string). */
export async function readConcessionFacts(
  tx: Db,
  { renewal, policy }: CaseSituation,
  { roles }: { roles: readonly string[] },
): Promise<ConcessionFacts & { base: string }> {
  const { content: benefits } = await readSetting(tx, 'benefits');
  const base = (await calculatedPremium(tx, renewal.id)) ?? policy.premium;
  return {
    decidedSteps: await decidedSteps(tx, renewal.id),
    benefitsOn: benefitsOn(benefits),
    granted: await readGrantedOn(tx, renewal.id),
    ownRight: roles.includes('specialist'),
    premium: inCents(base),
    lastPremium: inCents(policy.premium),
    base,
  };
}

/** What the premium of a quote is judged by, which somebody of this staff number gives. */
export async function readQuoteFacts(tx: Db, { renewal, policy }: CaseSituation, by: string): Promise<QuoteFacts> {
  const granted = await readGrantedOn(tx, renewal.id);
  return {
    calculates: (await tx.$count(staff, and(eq(staff.id, by), isSpecialist))) > 0,
    base: inCents((await calculatedPremium(tx, renewal.id)) ?? policy.premium),
    lastPremium: inCents(policy.premium),
    conceded: granted && lessPercent(inCents(granted.premium), granted.percent),
  };
}

const isSpecialist = sql`'specialist' = any(${staff.roles})`;

/** The newest quote of a specialist: what agents quote is passed on, not calculated. */
async function calculatedPremium(tx: Db, renewalId: string): Promise<string | undefined> {
  const [quote] = await tx
    .select({ premium: quotes.premium })
    .from(quotes)
    .innerJoin(staff, eq(staff.id, quotes.quotedBy))
    .where(and(eq(quotes.renewalId, renewalId), isSpecialist))
    .orderBy(desc(quotes.version))
    .limit(1);
  return quote?.premium;
}

/** The approved concession that stands on a case, with the premium that it is of. */
async function readGrantedOn(
  tx: Db,
  renewalId: string,
): Promise<(GrantedConcession & { premium: string }) | undefined> {
  const [row] = await tx
    .select({ percent: concessions.percent, benefit: concessions.benefit, premium: concessions.premium })
    .from(concessions)
    .where(and(eq(concessions.renewalId, renewalId), eq(concessions.state, 'approved')))
    .orderBy(desc(concessions.percent), desc(concessions.decidedAt))
    .limit(1);
  return row && { ...row, percent: Number(row.percent) };
}

async function decidedSteps(tx: Db, renewalId: string): Promise<ConcessionStep[]> {
  const decided = inArray(concessions.state, ['approved', 'rejected', 'superseded']);
  const rows = await tx
    .selectDistinct({ step: concessions.step })
    .from(concessions)
    .where(and(eq(concessions.renewalId, renewalId), decided));
  return rows.map(({ step }) => step as ConcessionStep);
}

/** A decimal string of money as a whole number of hundredths. */
export function inCents(amount: string): bigint {
  return BigInt(new Decimal(amount).times(100).toFixed(0));
}
