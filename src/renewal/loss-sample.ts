import { addDays, type Calendar, type Day, type Instant } from './calendar.ts';
import type { LossReason } from './loss.ts';
import type { LossSample } from './settings.ts';

/** A lost case as the draw sees it; the agent is empty when nobody owned it. */
export type LostCase = { renewalId: string; agentId: string | null; lossReason: LossReason };

export const lossCheckStates = ['open', 'confirmed', 'overturned', 'withdrawn'] as const;
export type LossCheckState = (typeof lossCheckStates)[number];

/** `YYYY-MM`. */
export type Month = string;

/** The month whose losses are looked at on a day: the one before. */
export function monthToReview(today: Day): Month {
  return addDays(`${today.slice(0, 7)}-01`, -1).slice(0, 7);
}

/** The first instant of a month in the business zone, and of the one after it. */
export function boundsOf(month: Month, calendar: Calendar): { from: Instant; before: Instant } {
  const first = `${month}-01`;
  const next = `${addDays(first, 31).slice(0, 7)}-01`;
  return { from: calendar.instantOf(first, 0), before: calendar.instantOf(next, 0) };
}

/** One seed for each month and branch, so that the draw can be repeated by whoever doubts it. */
export function seedOf(month: Month, branchId: string): string {
  return `${month}.${branchId}`;
}

/**
 * Draws the lost cases to call back (business.md, Figures: lost cases; The stage plan: *no result* at a higher rate). The
 * same cases, rule and seed give the same sample in whatever order they come; no agent with losses is left out.
 */
export function drawLosses(lost: readonly LostCase[], rule: LossSample, seed: string): LostCase[] {
  const strata = Map.groupBy(lost, ({ agentId }) => agentId);
  const agents = [...strata.keys()].toSorted(byText);
  return agents.flatMap((agentId) => drawOfAgent(strata.get(agentId) ?? [], rule, seed));
}

/** How many of an agent's losses are drawn at these rates: shares rounded to whole cases, the minimum where there are as many. */
function sampleSize(counts: { all: number; noResult: number }, rule: LossSample): number {
  return Math.min(counts.all, Math.max(rule.minimumPerAgent, sharesOf(counts, rule).all));
}

function sharesOf({ all, noResult }: { all: number; noResult: number }, rule: LossSample) {
  const ofNoResult = Math.round((noResult * rule.noResultPercent) / 100);
  return { noResult: ofNoResult, all: ofNoResult + Math.round(((all - noResult) * rule.percent) / 100) };
}

function drawOfAgent(lost: readonly LostCase[], rule: LossSample, seed: string): LostCase[] {
  const shuffled = shuffle(lost, seed);
  const isWithout = ({ lossReason }: LostCase): boolean => lossReason === 'no-result';
  const [without, others] = [shuffled.filter(isWithout), shuffled.filter((one) => !isWithout(one))];
  const counts = { all: lost.length, noResult: without.length };
  const shares = sharesOf(counts, rule);
  const drawn = [...without.slice(0, shares.noResult), ...others.slice(0, shares.all - shares.noResult)];
  const left = shuffled.filter((one) => !drawn.includes(one));
  return [...drawn, ...left.slice(0, sampleSize(counts, rule) - drawn.length)];
}

/** By a number that depends on seed and case alone; two cases with the same number by their id. */
function shuffle(lost: readonly LostCase[], seed: string): LostCase[] {
  const numbered = lost.map((one) => ({ one, number: scatter(`${seed}/${one.renewalId}`) }));
  return numbered
    .toSorted((a, b) => a.number - b.number || byText(a.one.renewalId, b.one.renewalId))
    .map(({ one }) => one);
}

/** FNV-1a with the last steps of MurmurHash3: ids that differ in their last digit alone lie far apart. */
function scatter(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function byText(one: string | null, other: string | null): number {
  if (one === other) return 0;
  return (one ?? '') < (other ?? '') ? -1 : 1;
}
