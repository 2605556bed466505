import { addDays, type Day } from './calendar.ts';

export const horizonDays = 60;
export const shortestTermDays = 183;

export const leftOutReasons = [
  'cancelled',
  'expired',
  'term-too-short',
  'underwriting-refused',
  'already-renewed',
  'same-vehicle-twice',
] as const;
type LeftOutReason = (typeof leftOutReasons)[number];

/** What decides whether a policy gets a case. */
export type EligibilityFacts = {
  startsOn: Day;
  expiresOn: Day;
  termDays: number;
  underwritingApproved: boolean;
  cancelledOn?: Day | undefined;
  /** The same vehicle (VIN or plate) has a later term of the same cover with us. */
  renewedElsewhereInTheBook: boolean;
  /** Another policy term of the same cover of the same vehicle expires the same day and came first. */
  sameVehicleFirst: boolean;
};

export type Eligibility =
  { kind: 'eligible' } | { kind: 'not-yet'; from: Day } | { kind: 'left-out'; reason: LeftOutReason };

/**
 * Whether a policy's case opens today (business.md, Eligibility): term of at least 183 days, underwriting policy met,
 * expiry within 60 days and not passed, neither cancelled nor renewed already.
 */
export function decideEligibility(facts: EligibilityFacts, today: Day): Eligibility {
  const opensOn = addDays(facts.expiresOn, -horizonDays);
  if (today < opensOn) return { kind: 'not-yet', from: opensOn };
  const reason = reasonToLeaveOut(facts, today);
  return reason ? { kind: 'left-out', reason } : { kind: 'eligible' };
}

function reasonToLeaveOut(facts: EligibilityFacts, today: Day): LeftOutReason | undefined {
  if (facts.cancelledOn !== undefined && facts.cancelledOn <= today) return 'cancelled';
  if (facts.termDays < shortestTermDays) return 'term-too-short';
  if (!facts.underwritingApproved) return 'underwriting-refused';
  if (facts.renewedElsewhereInTheBook) return 'already-renewed';
  if (facts.sameVehicleFirst) return 'same-vehicle-twice';
  if (facts.expiresOn < today) return 'expired';
  return undefined;
}
