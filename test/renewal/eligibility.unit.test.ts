import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/renewal/calendar.ts';
import { decideEligibility, type EligibilityFacts } from '../../src/renewal/eligibility.ts';

const today = '2027-01-30';

function aPolicy(facts: Partial<EligibilityFacts> = {}): EligibilityFacts {
  return {
    startsOn: '2026-04-01',
    expiresOn: '2027-03-31',
    termDays: 365,
    underwritingApproved: true,
    renewedElsewhereInTheBook: false,
    sameVehicleFirst: false,
    ...facts,
  };
}

describe('eligibility of a policy that expires in sixty days', () => {
  test('it enters', () => {
    expect(decideEligibility(aPolicy(), today)).toEqual({ kind: 'eligible' });
  });

  test.each([
    ['a term of 182 days is too short', { termDays: 182 }, 'term-too-short'],
    ['underwriting refused it', { underwritingApproved: false }, 'underwriting-refused'],
    ['it was cancelled yesterday', { cancelledOn: '2027-01-29' }, 'cancelled'],
    ['it is cancelled from today', { cancelledOn: today }, 'cancelled'],
    ['the vehicle has a later term', { renewedElsewhereInTheBook: true }, 'already-renewed'],
    ['the same vehicle came first under another number', { sameVehicleFirst: true }, 'same-vehicle-twice'],
    ['it expired yesterday', { expiresOn: '2027-01-29' }, 'expired'],
  ] as const)('%s: left out with the reason %j', (_, facts, reason) => {
    expect(decideEligibility(aPolicy(facts), today)).toEqual({ kind: 'left-out', reason });
  });

  test.each([
    ['a term of 183 days is long enough', { termDays: 183 }],
    ['it will be cancelled tomorrow', { cancelledOn: '2027-01-31' }],
    ['it expires today', { expiresOn: today }],
  ])('%s: it enters', (_, facts) => {
    expect(decideEligibility(aPolicy(facts), today)).toEqual({ kind: 'eligible' });
  });
});

test('a policy that expires in sixty-one days waits one day, whatever else is wrong with it', () => {
  const facts = aPolicy({ expiresOn: '2027-04-01', termDays: 10 });
  expect(decideEligibility(facts, today)).toEqual({ kind: 'not-yet', from: '2027-01-31' });
});

test('a sound policy enters on every day from T-60 to T, so that a late list still opens its case', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), (before) => {
      expect(decideEligibility(aPolicy(), addDays('2027-03-31', -before))).toEqual({ kind: 'eligible' });
    }),
  );
});
