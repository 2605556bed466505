import { describe, expect, test } from 'vitest';
import { compareTerms, type BookedTerm } from '../../src/rehearsal/comparison.ts';
import { listDay } from '../../src/rehearsal/journey.ts';
import { aTerm } from './a-season.ts';

const listedOn = listDay({ from: '2018-03-01' });

const booked = (term: Partial<BookedTerm> = {}): BookedTerm => ({
  policyNumber: '4711',
  startsOn: '2017-03-15',
  outcome: 'lost',
  renewable: true,
  opened: true,
  leftOut: null,
  ...term,
});

const whatDiffers = (term: ReturnType<typeof aTerm>, found: BookedTerm[]): string[] =>
  compareTerms([term], found, listedOn).map(({ really, booked: said }) => `${really.split(' ')[0]} but ${said}`);

describe('A term of the season and its case', () => {
  test('agree when both say lost', () => {
    expect(whatDiffers(aTerm(), [booked()])).toEqual([]);
  });

  test('differ when the customer stayed and the case was lost', () => {
    expect(whatDiffers(aTerm({ fate: 'renewed' }), [booked()])).toEqual(['renewed but lost']);
  });

  test('differ when a cancelled term counts in the rate', () => {
    const cancelled = aTerm({ fate: 'cancelled', lapsedOn: '2018-02-20' });
    expect(whatDiffers(cancelled, [booked()])).toEqual(['not-renewable but lost']);
    expect(whatDiffers(cancelled, [booked({ renewable: false })])).toEqual([]);
  });

  test('differ while the case is open', () => {
    expect(whatDiffers(aTerm(), [booked({ outcome: null })])).toEqual(['lost but still open']);
  });

  test('agree when a short term was left out, and differ when nobody said why', () => {
    const short = aTerm({ fate: 'ineligible' });
    const unopened = { opened: false, outcome: null, renewable: null };
    expect(whatDiffers(short, [booked({ ...unopened, leftOut: 'term-too-short' })])).toEqual([]);
    expect(whatDiffers(short, [booked(unopened)])).toEqual(['never-opened but neither opened nor left out']);
  });

  test('differ when one of them is missing', () => {
    expect(whatDiffers(aTerm(), [])).toEqual(['lost but not in the book']);
    expect(compareTerms([], [booked()], listedOn)).toMatchObject([{ really: 'not in the season', booked: 'lost' }]);
  });
});
