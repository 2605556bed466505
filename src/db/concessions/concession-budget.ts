import { and, eq, sql } from 'drizzle-orm';
import { addDays } from '../../renewal/calendar.ts';
import { measureMix, bandOf, type ConcessionMix, type MixBand } from '../../renewal/concession-mix.ts';
import type { ConcessionLadder } from '../../renewal/concession.ts';
import { RenewalError } from '../../renewal/errors.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import { readGranted, type MixCut } from './concession-mix-records.ts';
import type { Db } from '../connection.ts';
import type { concessions } from '../schema/concessions.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { readSetting } from '../settings-records.ts';

export type Budget = { mix: ConcessionMix; band: MixBand };

/** The case whose budget is looked at: the customers of its branch and the month of its expiry. */
type BudgetOf = { branchId: string; expiresOn: string; customerId: string };

type ConcessionRow = typeof concessions.$inferSelect;

/** How the mix stands around a case, as if its customer had nothing yet, and the band that a percentage falls into. */
async function readBudget(
  db: Db,
  of: BudgetOf,
  { percent, ladder }: { percent: number; ladder: ConcessionLadder },
): Promise<Budget> {
  const granted = await readGranted(db, { ...cutOf(of), without: of.customerId });
  const mix = measureMix(granted, ladder);
  const band = mix.bands[bandOf(percent, ladder)];
  if (!band) throw new Error('a ladder without rungs');
  return { mix, band };
}

function cutOf({ branchId, expiresOn }: BudgetOf): MixCut {
  const from = `${expiresOn.slice(0, 7)}-01`;
  const to = addDays(`${addDays(from, 31).slice(0, 7)}-01`, -1);
  return { from, to, where: eq(renewals.branchId, branchId) };
}

/** The budget around a stored concession, by the ladder it was requested under. */
export async function readCaseBudget(db: Db, concession: ConcessionRow): Promise<Budget> {
  const { renewalId, ladderVersion, percent } = concession;
  const [row] = await db
    .select({ branchId: renewals.branchId, expiresOn: renewals.expiresOn, customerId: policies.customerId })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(eq(renewals.id, renewalId));
  if (!row) throw new RenewalError('renewal-unknown', 'No case has this id.');
  const { content: ladder } = await readSetting(db, 'concession-ladder', ladderVersion);
  return readBudget(db, row, { percent: Number(percent), ladder });
}

/** Whether the band still takes this customer, or has them already; two who ask at once wait for each other. */
export async function hasBudget(
  tx: Db,
  { renewal, policy }: CaseSituation,
  asked: { percent: number; ladder: ConcessionLadder },
): Promise<boolean> {
  const { branchId, expiresOn } = renewal;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`mix.${branchId}.${expiresOn.slice(0, 7)}`}))`);
  const of = { branchId, expiresOn, customerId: policy.customerId };
  if (bandOf(asked.percent, asked.ladder) <= (await bandReached(tx, of, asked.ladder))) return true;
  const { band } = await readBudget(tx, of, asked);
  return band.left === null || band.left > 0;
}

async function bandReached(tx: Db, of: BudgetOf, ladder: ConcessionLadder): Promise<number> {
  const { where, ...cut } = cutOf(of);
  const [own] = await readGranted(tx, { ...cut, where: and(where, eq(policies.customerId, of.customerId)) });
  return bandOf(own?.percent ?? 0, ladder);
}
