import { addDays, type Day } from '../renewal/calendar.ts';
import { horizonDays } from '../renewal/eligibility.ts';
import { draw } from './draw.ts';
import { termKey, type SeasonTerm } from './season.ts';

/** How the people of a rehearsal bring a term to the end that it really had. */
export type Journey =
  | 'renewed'
  | 'declined-confirmed'
  | 'declined-unanswered'
  | 'declined-reopened'
  | 'unreachable-confirmed'
  | 'unreachable-unanswered'
  | 'never-answered'
  | 'cancelled-while-open'
  | 'cancelled-before-opening'
  | 'cancelled-before-the-list'
  | 'too-short';

/** Where a term must lie once the season is over. */
export type Ending = 'renewed' | 'lost' | 'not-renewable' | 'never-opened';

const daysBeforeFirstOpening = 1;

const waysToLose: readonly [share: number, journey: Journey][] = [
  [0.3, 'declined-confirmed'],
  [0.12, 'declined-unanswered'],
  [0.08, 'declined-reopened'],
  [0.15, 'unreachable-confirmed'],
  [0.07, 'unreachable-unanswered'],
];

/** The business day on which the list is written and the season's clock begins: the day before its first case opens. */
export function listDay(season: { from: Day }): Day {
  return addDays(season.from, -horizonDays - daysBeforeFirstOpening);
}

export function journeyOf(term: SeasonTerm, listedOn: Day): Journey {
  switch (term.fate) {
    case 'renewed':
      return 'renewed';
    case 'lost':
      return wayToLose(draw(`way to lose ${termKey(term.policyNumber, term.startsOn)}`));
    case 'cancelled':
      return cancelledJourney(term, listedOn);
    case 'ineligible':
      return 'too-short';
  }
}

export function endingOf(journey: Journey): Ending {
  switch (journey) {
    case 'renewed':
      return 'renewed';
    case 'declined-confirmed':
    case 'declined-unanswered':
    case 'declined-reopened':
    case 'unreachable-confirmed':
    case 'unreachable-unanswered':
    case 'never-answered':
      return 'lost';
    case 'cancelled-while-open':
      return 'not-renewable';
    case 'cancelled-before-opening':
    case 'cancelled-before-the-list':
    case 'too-short':
      return 'never-opened';
  }
}

function wayToLose(drawn: number): Journey {
  let reached = 0;
  for (const [share, journey] of waysToLose) {
    reached += share;
    if (drawn < reached) return journey;
  }
  return 'never-answered';
}

function cancelledJourney({ lapsedOn, expiresOn }: SeasonTerm, listedOn: Day): Journey {
  if (lapsedOn === undefined || lapsedOn <= listedOn) return 'cancelled-before-the-list';
  return lapsedOn <= addDays(expiresOn, -horizonDays) ? 'cancelled-before-opening' : 'cancelled-while-open';
}
