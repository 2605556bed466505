import { hundredthsOf, type ConcessionLadder } from './concession.ts';

/** Customers who may get one and the same percentage; 0 for those without a concession. */
export type Granted = { percent: number; customers: number };

export type MixBand = {
  upToPercent: number;
  customers: number;
  /** Of all customers, in percent with two decimals; none without customers. */
  sharePercent: number | null;
  meanPercent: number | null;
  /** How many more customers this band takes; negative when it is overdrawn, none for the band of 0 %. */
  left: number | null;
};

/** How far the budget of concessions is used. */
export type ConcessionMix = {
  customers: number;
  meanPercent: number | null;
  /** What the mean stays at when every band is full. */
  targetPercent: number;
  bands: MixBand[];
};

/**
 * The budget of business.md, Concessions: as many bands of equal size as the ladder has rungs, the ceiling of each the
 * rung's percentage (0, 8, 10, 13, 14 make a mean of 9.0). What a higher band does not use, a lower one may.
 */
export function measureMix(granted: readonly Granted[], ladder: Pick<ConcessionLadder, 'rungs'>): ConcessionMix {
  const ceilings = ladder.rungs.map(({ upToPercent }) => upToPercent);
  const parts = ceilings.map((_, band) => granted.filter(({ percent }) => bandOf(percent, ladder) === band));
  const used = parts.map(countCustomers);
  const total = countCustomers(granted);
  return {
    customers: total,
    meanPercent: meanOf(granted),
    targetPercent: roundTo2(ceilings.reduce((sum, ceiling) => sum + ceiling, 0) / ceilings.length),
    bands: ceilings.map((upToPercent, band) => ({
      upToPercent,
      customers: used[band] ?? 0,
      sharePercent: total === 0 ? null : roundTo2(((used[band] ?? 0) * 100) / total),
      meanPercent: meanOf(parts[band] ?? []),
      left: band === 0 ? null : leftIn(band, used, total),
    })),
  };
}

/** The band that a percentage falls into, by its place; what lies above the ladder falls into the last. */
export function bandOf(percent: number, { rungs }: Pick<ConcessionLadder, 'rungs'>): number {
  const found = rungs.findIndex(({ upToPercent }) => hundredthsOf(percent) <= hundredthsOf(upToPercent));
  return found === -1 ? rungs.length - 1 : found;
}

/** A customer more in this band is one more in it and above, and one more in all below it and above those. */
function leftIn(band: number, used: readonly number[], total: number): number {
  const room = used.slice(1, band + 1).map((_, index) => {
    const from = index + 1;
    const quota = Math.floor((total * (used.length - from)) / used.length);
    return quota - used.slice(from).reduce((sum, customers) => sum + customers, 0);
  });
  return Math.min(...room);
}

function countCustomers(granted: readonly Granted[]): number {
  return granted.reduce((sum, { customers }) => sum + customers, 0);
}

function meanOf(granted: readonly Granted[]): number | null {
  const customers = countCustomers(granted);
  if (customers === 0) return null;
  const sum = granted.reduce((hundredths, one) => hundredths + hundredthsOf(one.percent) * one.customers, 0);
  return roundTo2(sum / customers / 100);
}

function roundTo2(value: number): number {
  return Math.round(value * 100) / 100;
}
