import type { Calendar, Instant } from './calendar.ts';
import { dueAfterWorkdays, type Due } from './due-time.ts';

/** The steps of a concession, in order; none may be jumped (business.md, Concessions). */
export const concessionSteps = ['none', 'part', 'whole-fee', 'whole-fee-plus-benefit'] as const;
export type ConcessionStep = (typeof concessionSteps)[number];

/** Who may decide, in order of authority. */
export const concessionLevels = ['nobody', 'specialist', 'channel-manager', 'general-manager'] as const;
export type ConcessionLevel = (typeof concessionLevels)[number];

export const concessionStates = ['pending', 'approved', 'rejected', 'lapsed', 'superseded'] as const;
export type ConcessionState = (typeof concessionStates)[number];

/** @public The glossary is compared with it. */
export const concessionRefusals = [
  'above-the-ladder',
  'benefit-off',
  'benefit-before-whole-fee',
  'step-skipped',
  'below-the-floor',
  'budget-used-up',
  'granted-already',
] as const;
export type ConcessionRefusal = (typeof concessionRefusals)[number];

/** Up to this percentage of the premium, both borders included, the level decides. */
export type LadderRung = { upToPercent: number; level: ConcessionLevel; needsAttachedService: boolean };

/** The versioned data behind concessions; percentages have at most two decimals. */
export type ConcessionLadder = {
  rungs: readonly LadderRung[];
  /** From this percentage on, the whole agency fee is given away. */
  agencyFeePercent: number;
  /** The benefit that may come with a manager's decision before the whole fee is given. */
  companionBenefit: string;
  decisionWorkdays: number;
  /** What the premium may not fall below after the concession, in percent of the expiring policy's; 0 is no floor. */
  floorOfPremiumPercent: number;
  /** Whether a used-up band of the budget refuses; otherwise it warns. */
  enforceMix: boolean;
};

/** The default ladder of business.md, Concessions. */
export const defaultLadder: ConcessionLadder = {
  rungs: [
    { upToPercent: 0, level: 'nobody', needsAttachedService: false },
    { upToPercent: 8, level: 'specialist', needsAttachedService: false },
    { upToPercent: 10, level: 'channel-manager', needsAttachedService: false },
    { upToPercent: 13, level: 'general-manager', needsAttachedService: false },
    { upToPercent: 14, level: 'general-manager', needsAttachedService: true },
  ],
  agencyFeePercent: 14,
  companionBenefit: 'rescue-card',
  decisionWorkdays: 1,
  floorOfPremiumPercent: 80,
  enforceMix: false,
};

export type ConcessionAsked = { percent: number; benefit?: string | undefined };

/** An approved concession: nothing comes on top of it but more. */
export type GrantedConcession = { percent: number; benefit: string | null };

/** A percentage in hundredths of a percent: what is compared is a whole number. */
export function hundredthsOf(percent: number): number {
  return Math.round(percent * 100);
}

/** The lowest rung that reaches a percentage; none above the ladder. */
export function rungFor(percent: number, ladder: ConcessionLadder): LadderRung | undefined {
  return ladder.rungs.find(({ upToPercent }) => hundredthsOf(percent) <= hundredthsOf(upToPercent));
}

/** Who decides: by percentage, and with a benefit the channel manager at least; nobody above the ladder can. @internal */
export function authorityFor(asked: ConcessionAsked, ladder: ConcessionLadder): ConcessionLevel | undefined {
  const level = rungFor(asked.percent, ladder)?.level;
  if (level === undefined || asked.benefit === undefined) return level;
  return rankOf(level) < rankOf('channel-manager') ? 'channel-manager' : level;
}

/** The step that is asked for (decision 0015): less than the agency fee is a part of it. @internal */
export function stepOf({ percent, benefit }: ConcessionAsked, ladder: ConcessionLadder): ConcessionStep {
  const isWholeFee = hundredthsOf(percent) >= hundredthsOf(ladder.agencyFeePercent);
  if (benefit !== undefined && (isWholeFee || benefit !== ladder.companionBenefit)) return 'whole-fee-plus-benefit';
  if (isWholeFee) return 'whole-fee';
  return percent === 0 && benefit === undefined ? 'none' : 'part';
}

/** What a request is judged by; both premiums are in hundredths of the currency. */
export type ConcessionFacts = {
  /** Steps that somebody approved or rejected on this case. */
  decidedSteps: readonly ConcessionStep[];
  benefitsOn: readonly string[];
  /** The highest concession that was approved on this case and stands. */
  granted: GrantedConcession | undefined;
  /** Whether the person who asks is a specialist, who has a right of their own. */
  ownRight: boolean;
  premium: bigint;
  lastPremium: bigint;
};

export type ConcessionJudgement =
  | { kind: 'approved'; step: ConcessionStep; level: ConcessionLevel }
  | { kind: 'to-decide'; step: ConcessionStep; level: ConcessionLevel }
  | { kind: 'refused'; refusal: ConcessionRefusal };

/** Whether a request is refused, needs nobody, lies within the asker's own right, or whom it goes to. */
export function judgeConcession(
  asked: ConcessionAsked,
  facts: ConcessionFacts,
  ladder: ConcessionLadder,
): ConcessionJudgement {
  const level = authorityFor(asked, ladder);
  if (level === undefined) return { kind: 'refused', refusal: 'above-the-ladder' };
  const refusal = refusalOf(asked, facts, ladder);
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const step = stepOf(asked, ladder);
  const needsNobody = level === 'nobody' || (level === 'specialist' && facts.ownRight);
  return { kind: needsNobody ? 'approved' : 'to-decide', step, level };
}

function refusalOf(
  asked: ConcessionAsked,
  facts: ConcessionFacts,
  ladder: ConcessionLadder,
): ConcessionRefusal | undefined {
  const { benefit, percent } = asked;
  if (facts.granted && !isMoreThan(facts.granted, asked)) return 'granted-already';
  if (benefit !== undefined && !facts.benefitsOn.includes(benefit)) return 'benefit-off';
  const step = stepOf(asked, ladder);
  const isWholeFee = hundredthsOf(percent) >= hundredthsOf(ladder.agencyFeePercent);
  if (step === 'whole-fee-plus-benefit' && !isWholeFee) return 'benefit-before-whole-fee';
  if (!isNextStep(step, facts.decidedSteps)) return 'step-skipped';
  return fallsBelowFloor({ ...facts, percent }, ladder) ? 'below-the-floor' : undefined;
}

/** Whether a request goes beyond another concession: by percentage, or by a benefit on top of the same one. */
export function isMoreThan({ percent, benefit }: GrantedConcession, asked: ConcessionAsked): boolean {
  const beyond = hundredthsOf(asked.percent) - hundredthsOf(percent);
  return beyond > 0 || (beyond === 0 && asked.benefit !== undefined && asked.benefit !== benefit);
}

/** Whether a step lies at most one beyond the highest one that was approved or rejected; the first one is a part. @internal */
export function isNextStep(step: ConcessionStep, decided: readonly ConcessionStep[]): boolean {
  const highest = Math.max(0, ...decided.map((one) => concessionSteps.indexOf(one)));
  return concessionSteps.indexOf(step) <= highest + 1;
}

/** Whether the reduced premium would lie below the floor, exactly at the border not; amounts in hundredths. */
export function fallsBelowFloor(
  { premium, lastPremium, percent }: { premium: bigint; lastPremium: bigint; percent: number },
  { floorOfPremiumPercent }: Pick<ConcessionLadder, 'floorOfPremiumPercent'>,
): boolean {
  const reduced = premium * BigInt(10_000 - hundredthsOf(percent));
  return reduced < lastPremium * BigInt(hundredthsOf(floorOfPremiumPercent));
}

/** The lowest premium in hundredths that does not fall below the floor. */
export function floorOf(
  lastPremium: bigint,
  { floorOfPremiumPercent }: Pick<ConcessionLadder, 'floorOfPremiumPercent'>,
): bigint {
  return (lastPremium * BigInt(hundredthsOf(floorOfPremiumPercent)) + 9_999n) / 10_000n;
}

/** A premium in hundredths less a percentage of it, rounded half up. */
export function lessPercent(premium: bigint, percent: number): bigint {
  return (premium * BigInt(10_000 - hundredthsOf(percent)) + 5_000n) / 10_000n;
}

/** The level that decides after this one stayed silent; none above the general manager. */
export function levelAbove(level: ConcessionLevel): ConcessionLevel | undefined {
  return concessionLevels[rankOf(level) + 1];
}

/** By which of somebody's roles they may decide at a level: the lowest that suffices; none when none does. */
export function authorityOver(level: ConcessionLevel, roles: readonly string[]): ConcessionLevel | undefined {
  return concessionLevels.find((held) => rankOf(held) >= rankOf(level) && roles.includes(held));
}

/** When a level that is asked now has to have answered: the same time of day so many working days later. */
export function countDecisionTime(now: Instant, workdays: number, calendar: Calendar): Due {
  return dueAfterWorkdays({ from: now, workdays, at: 'same-minute', latest: Infinity }, calendar);
}

function rankOf(level: ConcessionLevel): number {
  return concessionLevels.indexOf(level);
}
