import { sql } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import type { Day } from '../renewal/calendar.ts';
import type { Period } from '../reporting/books.ts';
import { endingOf, journeyOf, type Ending } from './journey.ts';
import { termKey, type SeasonTerm } from './season.ts';

/** Where a term lies in the product's books. */
export type BookedTerm = {
  policyNumber: string;
  startsOn: Day;
  outcome: string | null;
  renewable: boolean | null;
  opened: boolean;
  leftOut: string | null;
};

export type Difference = { policyNumber: string; startsOn: Day; really: string; booked: string };

export async function readBookedTerms(db: Db, { from, to }: Period): Promise<BookedTerm[]> {
  const { rows } = await db.execute<BookedTerm>(sql`
    select p.policy_number as "policyNumber", p.starts_on::text as "startsOn", r.outcome, r.renewable,
      r.id is not null as opened, p.left_out_reason as "leftOut"
    from policies p left join renewals r on r.policy_id = p.id where p.expires_on between ${from} and ${to}`);
  return rows;
}

/** Term by term: what really happened beside what the books say; terms that only one side knows are differences too. */
export function compareTerms(terms: readonly SeasonTerm[], booked: readonly BookedTerm[], listedOn: Day): Difference[] {
  const left = new Map(booked.map((term) => [termKey(term.policyNumber, term.startsOn), term]));
  const differences = terms.flatMap((term): Difference[] => {
    const key = termKey(term.policyNumber, term.startsOn);
    const journey = journeyOf(term, listedOn);
    const found = left.get(key);
    left.delete(key);
    const said = found ? bookedEnding(found) : 'not in the book';
    if (said === endingOf(journey)) return [];
    const { policyNumber, startsOn } = term;
    return [{ policyNumber, startsOn, really: `${endingOf(journey)} (${journey})`, booked: said }];
  });
  const unasked = [...left.values()].map((term) => ({
    policyNumber: term.policyNumber,
    startsOn: term.startsOn,
    really: 'not in the season',
    booked: bookedEnding(term),
  }));
  return [...differences, ...unasked];
}

function bookedEnding(term: BookedTerm): Ending | 'still open' | 'neither opened nor left out' | 'handed off' {
  if (!term.opened) return term.leftOut === null ? 'neither opened nor left out' : 'never-opened';
  switch (term.outcome) {
    case null:
      return 'still open';
    case 'renewed':
      return 'renewed';
    case 'lost':
      return term.renewable === true ? 'lost' : 'not-renewable';
    default:
      return 'handed off';
  }
}
