import { nameDay, problem, type PlanProblem } from './plan-problem.ts';
import { afterExpiry, isDayOfStage, nameSpan } from './plan-stages-check.ts';
import { segments } from './segment.ts';
import { plannedTaskKinds, type StagePlan, type StageRule, type StageTask } from './stage-plan.ts';

type Placed = { task: StageTask; rule: StageRule; path: string };

/**
 * What is wrong with the work that a plan brings: kinds that a stage may bring, each once for a policy in a stage, from a day
 * of its stage on, and no firm quote before the bind clock opens (business.md, The stage plan).
 */
export function checkTasks(plan: StagePlan): PlanProblem[] {
  const placed = plan.stages.flatMap((rule, stage) =>
    rule.tasks.map((task, index) => ({ task, rule, path: `stages[${stage}].tasks[${index}]` })),
  );
  return placed.flatMap((one, index) => [
    ...checkKind(one, placed.slice(0, index)),
    ...checkSegments(one),
    ...checkStart(one, plan),
  ]);
}

function checkKind(one: Placed, earlier: readonly Placed[]): PlanProblem[] {
  const { task, path } = one;
  const known: readonly string[] = plannedTaskKinds;
  if (!known.includes(task.kind)) {
    const message = `${task.kind} is no work that a stage brings; that is: ${known.join(', ')}.`;
    return [problem(`${path}.kind`, 'task-unknown', message)];
  }
  const first = earlier.find((other) => isSameWork(one, other));
  if (!first) return [];
  const message = `${first.path} brings ${task.kind} already; a policy gets it once.`;
  return [problem(`${path}.kind`, 'task-twice', message)];
}

/** Phone attempts are counted through the whole case; other work is told apart by its stage. */
function isSameWork(one: Placed, other: Placed): boolean {
  if (one.task.kind !== other.task.kind) return false;
  if (one.rule !== other.rule && one.task.kind !== 'phone-attempt') return false;
  const of = (task: StageTask) => task.segments ?? segments;
  return of(one.task).some((segment) => of(other.task).includes(segment));
}

function checkSegments({ task, path }: Placed): PlanProblem[] {
  const named = task.segments;
  if (named === undefined) return [];
  const isKnown = named.every((segment) => segments.includes(segment));
  if (named.length > 0 && isKnown && new Set(named).size === named.length) return [];
  const message = `At least one of ${segments.join(', ')}, each once; leave it out for all.`;
  return [problem(`${path}.segments`, 'task-segments-unfit', message)];
}

function checkStart({ task, rule, path }: Placed, { bindOpensDaysBefore: bind }: StagePlan): PlanProblem[] {
  const startsOn = task.startsDaysBefore ?? rule.opensDaysBefore;
  const at = `${path}.startsDaysBefore`;
  if (task.startsDaysBefore !== undefined) {
    if (startsOn < 0) return [afterExpiry(at, startsOn)];
    if (!isDayOfStage(rule, startsOn)) {
      return [problem(at, 'task-outside-stage', `${nameDay(startsOn)} is no day of its stage: ${nameSpan(rule)}.`)];
    }
  }
  if (task.kind !== 'firm-quote' || startsOn <= bind) return [];
  const message = `Quotes are firm from ${nameDay(bind)} on; a firm quote cannot be asked for on ${nameDay(startsOn)}.`;
  return [problem(at, 'firm-quote-too-early', message)];
}
