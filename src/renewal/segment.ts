export const segments = ['key-customer', 'claim-free', 'one-claim', 'several-claims'] as const;
export type Segment = (typeof segments)[number];

export const keyCustomerPremium = 50_000;

/** The segment of a policy; a premium of 50,000 or more makes a key customer (business.md, Special lines). */
export function chooseSegment(policy: { premium: string; claimsCount: number }): Segment {
  if (Number(policy.premium) >= keyCustomerPremium) return 'key-customer';
  if (policy.claimsCount === 0) return 'claim-free';
  return policy.claimsCount === 1 ? 'one-claim' : 'several-claims';
}

/** Worklist weight, 0 to 100: by premium, key customers first. */
export function choosePriority(policy: { premium: string; claimsCount: number }): number {
  return Math.min(100, Math.floor((Number(policy.premium) / keyCustomerPremium) * 100));
}
