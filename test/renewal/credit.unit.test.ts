import { describe, expect, test } from 'vitest';
import { creditAmount, creditsOf, type CreditFacts } from '../../src/renewal/credit.ts';

const agent = { staffId: 'A1', isCallCentre: false };
const caller = { staffId: 'C1', isCallCentre: true };
const ownWork: CreditFacts = { ownerId: 'A1', leadId: 'S1', caller: agent, closer: agent, telesalesBorn: false };

/** Part, person, what it is worth, by which rule. */
const table = (facts: Partial<CreditFacts>) =>
  creditsOf({ ...ownWork, ...facts }).map(({ part, staffId, rate, rule }) => [
    part,
    staffId,
    creditAmount(part, rate),
    rule,
  ]);

describe('The credit for a renewal', () => {
  test('is the owner’s and the team leader’s where the owner called and sold', () => {
    expect(table({})).toEqual([
      ['caller', 'A1', '20.00', 'own-work'],
      ['seller', 'A1', '50.00', 'own-work'],
      ['lead', 'S1', '10.00', 'own-work'],
    ]);
  });

  test('leaves the owner theirs where the call centre brought it, and gives the call centre half', () => {
    expect(table({ caller, closer: caller })).toEqual([
      ['caller', 'C1', '10.00', 'telesales-half'],
      ['seller', 'A1', '50.00', 'owner-keeps'],
      ['lead', 'S1', '10.00', 'own-work'],
    ]);
  });

  test('is the call centre’s by half where nobody owned the case', () => {
    expect(table({ ownerId: null, leadId: null, caller, closer: caller })).toEqual([
      ['caller', 'C1', '10.00', 'telesales-half'],
      ['seller', 'C1', '25.00', 'telesales-half'],
    ]);
  });

  test('is half in every part for a policy that telesales wrote', () => {
    expect(table({ telesalesBorn: true })).toEqual([
      ['caller', 'A1', '10.00', 'telesales-half'],
      ['seller', 'A1', '25.00', 'telesales-half'],
      ['lead', 'S1', '5.00', 'telesales-half'],
    ]);
  });

  test('of a renewal that only the core system reported is the owner’s and the leader’s', () => {
    expect(table({ caller: null, closer: null }).map(([part]) => part)).toEqual(['seller', 'lead']);
  });

  test('is the caller’s and the owner’s where somebody else reached the customer', () => {
    expect(table({ caller: { staffId: 'X1', isCallCentre: false }, closer: agent }).slice(0, 2)).toEqual([
      ['caller', 'X1', '20.00', 'own-work'],
      ['seller', 'A1', '50.00', 'own-work'],
    ]);
  });
});
