import { horizonDays } from './eligibility.ts';
import { countDays, nameDay, problem, type PlanProblem } from './plan-problem.ts';
import { countingResults, escalationTargets, stages, type StagePlan, type StageRule } from './stage-plan.ts';

/**
 * What is wrong with the stages of a plan: the four in their order, one right after the other, from within the horizon until
 * T, each with the result that it waits for and who takes over (business.md, The stage plan). Days count back from T.
 */
export function checkStages(plan: StagePlan): PlanProblem[] {
  if (!areTheFour(plan)) {
    return [
      problem('stages', 'stages-differ', `A plan has exactly these stages, in this order: ${stages.join(', ')}.`),
    ];
  }
  return plan.stages.flatMap((rule, index) => [
    ...checkSpan(rule, index),
    ...checkNeighbour(rule, { next: plan.stages[index + 1], index }),
    ...checkCounting(rule, index),
    ...checkTargets(rule, index),
  ]);
}

/** Whether the plan has the four stages in their order, so that other rules may go by a stage's place. */
export function areTheFour(plan: StagePlan): boolean {
  return plan.stages.length === stages.length && plan.stages.every(({ stage }, index) => stage === stages[index]);
}

/** Whether a day belongs to a stage: the day on which two meet is that of the one that opens; T is the last stage's. */
export function isDayOfStage({ opensDaysBefore, endsDaysBefore }: StageRule, daysBefore: number): boolean {
  if (daysBefore > opensDaysBefore) return false;
  return daysBefore > endsDaysBefore || (daysBefore === 0 && endsDaysBefore === 0);
}

/** The days of a stage in words. */
export function nameSpan({ stage, opensDaysBefore, endsDaysBefore }: StageRule): string {
  const last = endsDaysBefore === 0 ? 0 : endsDaysBefore + 1;
  return `${stage} has the days ${nameDay(opensDaysBefore)} to ${nameDay(last)}`;
}

/** The problem of a day after the expiry. */
export function afterExpiry(path: string, daysBefore: number): PlanProblem {
  return problem(path, 'day-after-expiry', `${nameDay(daysBefore)} lies after the expiry; nothing is planned after T.`);
}

function checkSpan(rule: StageRule, index: number): PlanProblem[] {
  const { stage, opensDaysBefore: opens, endsDaysBefore: ends } = rule;
  const path = `stages[${index}]`;
  const isLast = index === stages.length - 1;
  if (opens < 0) return [afterExpiry(`${path}.opensDaysBefore`, opens)];
  if (ends < 0) return [afterExpiry(`${path}.endsDaysBefore`, ends)];
  const found: PlanProblem[] = [];
  if (opens <= ends) {
    const message = `${stage} opens on ${nameDay(opens)} and ends on ${nameDay(ends)}: it has no day.`;
    found.push(problem(`${path}.endsDaysBefore`, 'stage-empty', message));
  }
  if (index === 0 && opens > horizonDays) {
    const message = `Cases open ${horizonDays} days before the expiry; ${stage} cannot open on ${nameDay(opens)}.`;
    found.push(problem(`${path}.opensDaysBefore`, 'before-horizon', message));
  }
  if (isLast && ends > 0) {
    const message = `${stage} ends on ${nameDay(ends)}; the last stage lasts until T.`;
    found.push(problem(`${path}.endsDaysBefore`, 'ends-before-expiry', message));
  }
  return found;
}

function checkNeighbour(rule: StageRule, { next, index }: { next: StageRule | undefined; index: number }) {
  if (!next || next.opensDaysBefore < 0 || rule.endsDaysBefore < 0) return [];
  const days = rule.endsDaysBefore - next.opensDaysBefore;
  if (days === 0) return [];
  const ends = `${rule.stage} ends on ${nameDay(rule.endsDaysBefore)}`;
  const opens = `${next.stage} opens on ${nameDay(next.opensDaysBefore)}`;
  const path = `stages[${index + 1}].opensDaysBefore`;
  return days > 0
    ? [problem(path, 'stage-gap', `${ends} and ${opens}: ${countDays(days)} without a stage.`)]
    : [problem(path, 'stage-overlap', `${ends} and ${opens}: ${countDays(-days)} in both stages.`)];
}

/** `confirmed` counts in preparation only, and a final outcome ends the case instead of a stage before the last. */
function checkCounting({ stage, counts }: StageRule, index: number): PlanProblem[] {
  const allowed = countingResults.filter((result) => {
    if (stage === 'wrap-up') return result === 'final-outcome';
    return result === 'effective-contact' || (result === 'confirmed' && stage === 'preparation');
  });
  if (allowed.includes(counts)) return [];
  return [problem(`stages[${index}].counts`, 'counts-unfit', `${stage} waits for ${allowed.join(' or ')}.`)];
}

/** After the last stage nobody takes over: the grace passes and the case closes. */
function checkTargets({ stage, unanswered }: StageRule, index: number): PlanProblem[] {
  const allowed = stage === 'wrap-up' ? (['nobody'] as const) : escalationTargets;
  return (['handedOut', 'notHandedOut'] as const)
    .filter((entry) => !allowed.some((target) => target === unanswered[entry]))
    .map((entry) => {
      const message = `Out of ${stage} goes to: ${allowed.join(', ')}; ${unanswered[entry]} cannot take over there.`;
      return problem(`stages[${index}].unanswered.${entry}`, 'target-unfit', message);
    });
}
