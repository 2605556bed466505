import type { Day } from '../renewal/calendar.ts';
import { journeyOf } from './journey.ts';
import type { Season, SeasonTerm } from './season.ts';

/**
 * So many terms of a season, always the same ones: spread over its days, with each journey in its share and, as far as
 * they go round, every journey at least once.
 */
export function takeSample(season: Season, limit: number, listedOn: Day): Season {
  if (season.terms.length <= limit) return season;
  const groups = Object.values(Object.groupBy(season.terms, (term) => journeyOf(term, listedOn)))
    .filter((group) => group !== undefined)
    .toSorted((one, other) => other.length - one.length);
  const quotas = shareOut(
    groups.map((group) => group.length),
    limit,
  );
  const chosen = new Set(groups.flatMap((group, index) => spread(group, quotas[index] ?? 0)));
  return { ...season, terms: season.terms.filter((term) => chosen.has(term)) };
}

/** One for each group, and the rest in proportion to their sizes, largest remainders first. */
function shareOut(sizes: number[], limit: number): number[] {
  const quotas: number[] = sizes.map((_, index) => (index < limit ? 1 : 0));
  const rest = limit - quotas.reduce((sum, quota) => sum + quota, 0);
  const room = sizes.map((size, index) => size - (quotas[index] ?? 0));
  const total = room.reduce((sum, size) => sum + size, 0);
  const exact = room.map((size) => (rest * size) / total);
  const whole = exact.map(Math.floor);
  const left = rest - whole.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((part, index) => ({ index, remainder: part - Math.floor(part) }))
    .toSorted((one, other) => other.remainder - one.remainder)
    .slice(0, left)
    .map(({ index }) => index);
  return quotas.map((quota, index) => quota + (whole[index] ?? 0) + (byRemainder.includes(index) ? 1 : 0));
}

function spread(terms: SeasonTerm[], count: number): SeasonTerm[] {
  const step = terms.length / Math.max(1, count);
  return Array.from({ length: count }, (_, index) => terms[Math.floor((index + 0.5) * step)]).filter(
    (term) => term !== undefined,
  );
}
