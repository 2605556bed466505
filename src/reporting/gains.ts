import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { contactResults } from '../db/schema/contact-results.ts';
import { credits } from '../db/schema/credits.ts';
import { renewals } from '../db/schema/renewals.ts';

/** What a case wins back: the case lost the year before, and to whom; the rival's premium is a decimal string. */
export type WinBack = {
  renewalId: string;
  lossReason: string | null;
  rival: string | null;
  rivalPremium: string | null;
};

/** Whose a renewal is, part by part, and the lost case it wins back, if there is one (business.md, Figures and Words). */
export async function readGains(db: Db, { id, winBackOf }: { id: string; winBackOf: string | null }) {
  const [shares, winBack] = await Promise.all([
    db.select().from(credits).where(eq(credits.renewalId, id)).orderBy(asc(credits.part)),
    winBackOf === null ? null : readLostCase(db, winBackOf),
  ]);
  return { credits: shares, winBack };
}

async function readLostCase(db: Db, lostId: string): Promise<WinBack | null> {
  const declined = and(
    eq(contactResults.renewalId, renewals.id),
    eq(contactResults.result, 'declined'),
    inArray(contactResults.state, ['received', 'applied']),
    isNull(contactResults.correctedAt),
  );
  const { rival, rivalPremium } = contactResults;
  const [lost] = await db
    .select({ renewalId: renewals.id, lossReason: renewals.lossReason, rival, rivalPremium })
    .from(renewals)
    .leftJoin(contactResults, declined)
    .where(eq(renewals.id, lostId))
    .orderBy(desc(contactResults.recordedAt))
    .limit(1);
  return lost ?? null;
}
