import { dayMs, type Instant } from './calendar.ts';

/** What a task is ranked by: the premium at stake (decimal string), its weight of 0 to 100 and its deadline. */
export type RankedBy = { value: string; priority: number; dueAt: Instant };

/** `daysLeft` are whole days until the deadline, below zero once it has passed. */
export type Rank = { score: number; value: string; daysLeft: number; priority: number; explanation: string };

/** A premium of this much weighs half of what the largest can weigh: that of a key customer. */
export const halfWeightPremium = 50_000;
export const fullWeight = 100;
/** Lifts whatever is late above everything that is not: value and priority together reach 202 at most. */
export const lateLift = 1_000;
/** After so many days a late task rises no further. */
export const latestDays = 30;

/**
 * A task's place in a worklist: value × days left × priority (decision record 0013). The score grows with the premium and
 * the priority and as the days run out; what is late comes first. Plain arithmetic, so that SQL gives the same number.
 */
export function rankTask({ value, priority, dueAt }: RankedBy, now: Instant): Rank {
  const premium = Number(value);
  const daysLeft = Math.floor((dueAt - now) / dayMs);
  const weight = (1 + (fullWeight * premium) / (premium + halfWeightPremium)) * (1 + Math.min(priority, 100) / 100);
  const score =
    daysLeft < 0 ? lateLift + weight * (1 + Math.min(-daysLeft, latestDays) / latestDays) : weight / (1 + daysLeft);
  return { score, value, daysLeft, priority, explanation: explain({ value, priority, daysLeft }) };
}

function explain({ value, priority, daysLeft }: { value: string; priority: number; daysLeft: number }): string {
  return `${timeLeft(daysLeft)}, premium ${value}, priority ${priority}`;
}

function timeLeft(daysLeft: number): string {
  if (daysLeft < 0) return daysLeft === -1 ? 'late by up to a day' : `late by up to ${-daysLeft} days`;
  return daysLeft === 0 ? 'due within a day' : `due in ${daysLeft} day${daysLeft === 1 ? '' : 's'}`;
}
