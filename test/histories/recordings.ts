import { batchJourneys } from '../workflows/batch-journeys.ts';
import { journeys, type Journey } from '../workflows/journeys.ts';
import { moreJourneys } from '../workflows/more-journeys.ts';
import { replanJourneys } from '../workflows/replan-journeys.ts';

/** The journeys of cases of which the newest version keeps a history each. */
export const recordedJourneys: readonly Journey[] = [...journeys, ...moreJourneys, ...replanJourneys];

const longLives = [
  'never answered',
  'orphaned for a week and assigned again',
  'held for ten days over the end of a stage',
  'replanned: the older content comes back after a stage has turned',
];

/** Journeys that are also recorded as a case lives them whose history grows long: over several runs. */
export const recordedInRuns = recordedJourneys.filter(({ name }) => longLives.includes(name));

/** What the histories of a case's first and last run are called. */
export function runNames({ name }: Journey): [string, string] {
  return [`in runs, the first: ${name}`, `in runs, the last: ${name}`];
}

/** Every history that the newest version must have, and no other. */
export const recordedNames: readonly string[] = [
  ...recordedJourneys.map(({ name }) => name),
  ...recordedInRuns.flatMap(runNames),
  ...batchJourneys.map(({ name }) => name),
];
