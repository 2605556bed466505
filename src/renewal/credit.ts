export const creditParts = ['caller', 'seller', 'lead'] as const;
export type CreditPart = (typeof creditParts)[number];

export const creditRules = ['own-work', 'owner-keeps', 'telesales-half'] as const;
type CreditRule = (typeof creditRules)[number];

/** One part of a renewal: whose it is (staff number), the rate, and by which rule. */
export type Credit = { part: CreditPart; staffId: string; rate: 1 | 0.5; rule: CreditRule };

type Worker = { staffId: string; isCallCentre: boolean };

/** Who had a hand in a renewal; empty where nobody is known, as when the core system reported it. */
export type CreditFacts = {
  ownerId: string | null;
  /** Who leads the owner's team. */
  leadId: string | null;
  /** Who reached the customer last. */
  caller: Worker | null;
  /** Who recorded the renewal. */
  closer: Worker | null;
  telesalesBorn: boolean;
};

const full: Record<CreditPart, number> = { caller: 20, seller: 50, lead: 10 };

/**
 * Whose a renewal is (business.md, Figures and The stage plan; docs/decisions/0016): the caller's part is of who reached the
 * customer last, the seller's the owner's, whoever closed it, the lead's the team's leader's. Whoever of the call
 * centre has a part has half of it; of a policy that telesales wrote every part is half.
 */
export function creditsOf(facts: CreditFacts): Credit[] {
  const { ownerId, leadId, closer, telesalesBorn } = facts;
  const caller = facts.caller ?? closer;
  const brought = closer ?? caller;
  const seller: Worker | null = ownerId === null ? brought : { staffId: ownerId, isCallCentre: false };
  const ownerKeeps = ownerId !== null && brought?.isCallCentre === true;
  return [
    ...credit('caller', caller, { telesalesBorn, usual: 'own-work' }),
    ...credit('seller', seller, { telesalesBorn, usual: ownerKeeps ? 'owner-keeps' : 'own-work' }),
    ...credit('lead', leadId === null ? null : { staffId: leadId, isCallCentre: false }, {
      telesalesBorn,
      usual: 'own-work',
    }),
  ];
}

function credit(
  part: CreditPart,
  worker: Worker | null,
  { telesalesBorn, usual }: { telesalesBorn: boolean; usual: CreditRule },
): Credit[] {
  if (!worker) return [];
  const isHalf = worker.isCallCentre || telesalesBorn;
  return [{ part, staffId: worker.staffId, rate: isHalf ? 0.5 : 1, rule: isHalf ? 'telesales-half' : usual }];
}

/** What a part is worth at a rate, as a decimal string of the book's currency (business.md, Figures). */
export function creditAmount(part: CreditPart, rate: number): string {
  return (full[part] * rate).toFixed(2);
}
