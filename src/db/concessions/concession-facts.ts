import { Decimal } from 'decimal.js';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { ConcessionFacts, ConcessionStep } from '../../renewal/concession.ts';
import { benefitsOn } from '../../renewal/settings.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { concessions } from '../schema/concessions.ts';
import { quotes } from '../schema/quotes.ts';
import { readSetting } from '../settings-records.ts';

/** What a request for a concession is judged by, and the premium that its percentage is of (decimal string). */
export async function readConcessionFacts(
  tx: Db,
  { renewal, policy }: CaseSituation,
  { roles }: { roles: readonly string[] },
): Promise<ConcessionFacts & { base: string }> {
  const { content: benefits } = await readSetting(tx, 'benefits');
  const base = (await newestQuote(tx, renewal.id)) ?? policy.premium;
  return {
    decidedSteps: await decidedSteps(tx, renewal.id),
    benefitsOn: benefitsOn(benefits),
    ownRight: roles.includes('specialist'),
    premium: inCents(base),
    lastPremium: inCents(policy.premium),
    base,
  };
}

async function newestQuote(tx: Db, renewalId: string): Promise<string | undefined> {
  const [quote] = await tx
    .select({ premium: quotes.premium })
    .from(quotes)
    .where(eq(quotes.renewalId, renewalId))
    .orderBy(desc(quotes.version))
    .limit(1);
  return quote?.premium;
}

async function decidedSteps(tx: Db, renewalId: string): Promise<ConcessionStep[]> {
  const rows = await tx
    .selectDistinct({ step: concessions.step })
    .from(concessions)
    .where(and(eq(concessions.renewalId, renewalId), inArray(concessions.state, ['approved', 'rejected'])));
  return rows.map(({ step }) => step as ConcessionStep);
}

function inCents(amount: string): bigint {
  return BigInt(new Decimal(amount).times(100).toFixed(0));
}
