import type { Day } from '../renewal/calendar.ts';
import { booksOf, type Books } from '../renewal/figures.ts';
import { endingOf, journeyOf } from './journey.ts';
import type { SeasonTerm } from './season.ts';
import { countBy } from './situation.ts';

/** What the book itself says of the season, in the words of the product's books. */
export function truthOf(terms: readonly SeasonTerm[], listedOn: Day): Books {
  const counts = countBy(terms, (term) => endingOf(journeyOf(term, listedOn)));
  const { renewed = 0, lost: lostInRate = 0, 'not-renewable': notRenewable = 0 } = counts;
  const lost = lostInRate + notRenewable;
  return booksOf({ due: renewed + lost, renewed, lost, notRenewable, handedOff: 0, open: 0 });
}
