export const lossReasons = [
  'refused-contact',
  'price',
  'rival-service',
  'rival-gift',
  'claims-experience',
  'sold-or-scrapped',
  'moved-away',
  'late-or-no-guidance',
  'unreachable',
  'no-result',
  'other',
] as const;
export type LossReason = (typeof lossReasons)[number];

/** What people choose as the reason; the others follow from another result or from silence. */
export const chosenLossReasons = lossReasons.filter(isChosen);
export type ChosenLossReason = Exclude<LossReason, 'refused-contact' | 'unreachable' | 'no-result'>;

function isChosen(reason: LossReason): reason is ChosenLossReason {
  return reason !== 'refused-contact' && reason !== 'unreachable' && reason !== 'no-result';
}

/** The three books, and that one of them every case ends in (business.md, Figures). */
export type Outcome =
  | { kind: 'renewed'; early: boolean }
  | { kind: 'lost'; reason: LossReason; renewable: boolean }
  | { kind: 'orphan-handed-off'; channel: string };

export const outcomeKinds = ['renewed', 'lost', 'orphan-handed-off'] as const satisfies Outcome['kind'][];
