import { eq, sql } from 'drizzle-orm';
import { measureMix, bandOf, type ConcessionMix, type MixBand } from '../renewal/concession-mix.ts';
import type { ConcessionLadder } from '../renewal/concession.ts';
import type { CaseSituation } from './case-situation.ts';
import { readGranted } from './concession-mix-records.ts';
import type { Db } from './connection.ts';
import { renewals } from './schema/renewals.ts';

export type Budget = { mix: ConcessionMix; band: MixBand };

/** The case whose budget is looked at: the customers of its branch and the month of its expiry. */
export type BudgetOf = { branchId: string; expiresOn: string; customerId: string };

/** How the mix stands around a case, as if its customer had nothing yet, and the band that a percentage falls into. */
export async function readBudget(
  db: Db,
  { branchId, expiresOn, customerId }: BudgetOf,
  { percent, ladder }: { percent: number; ladder: ConcessionLadder },
): Promise<Budget> {
  const month = expiresOn.slice(0, 7);
  const granted = await readGranted(db, {
    from: `${month}-01`,
    to: lastDayOf(month),
    where: eq(renewals.branchId, branchId),
    without: customerId,
  });
  const mix = measureMix(granted, ladder);
  const ceilings = ladder.rungs.map(({ upToPercent }) => upToPercent);
  const band = mix.bands[bandOf(percent, ceilings)];
  if (!band) throw new Error('a ladder without rungs');
  return { mix, band };
}

/** Whether the band still takes this customer; two who ask at once wait for each other. */
export async function hasBudget(
  tx: Db,
  { renewal, policy }: CaseSituation,
  asked: { percent: number; ladder: ConcessionLadder },
): Promise<boolean> {
  const { branchId, expiresOn } = renewal;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`mix.${branchId}.${expiresOn.slice(0, 7)}`}))`);
  const { band } = await readBudget(tx, { branchId, expiresOn, customerId: policy.customerId }, asked);
  return band.left === null || band.left > 0;
}

function lastDayOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
