import { horizonDays } from './eligibility.ts';
import { nameDay, problem, type PlanLimits, type PlanProblem } from './plan-problem.ts';
import { areTheFour, checkStages } from './plan-stages-check.ts';
import { checkTasks } from './plan-tasks-check.ts';
import { checkTouches } from './plan-touches-check.ts';
import type { StagePlan } from './stage-plan.ts';

/**
 * Everything that keeps a stage plan from being published, each with its place; nothing when it may be. The plan is of the
 * right shape already; `limits` is what the house allows, which a plan may only narrow (business.md, The stage plan and
 * Restraint). Days count back from T, minutes are those of the business day.
 */
export function checkStagePlan(plan: StagePlan, limits: PlanLimits): PlanProblem[] {
  const inStages = areTheFour(plan) ? [...checkTouches(plan, limits), ...checkTasks(plan), ...checkBind(plan)] : [];
  return [
    ...checkStages(plan),
    ...inStages,
    ...checkNumbers(plan),
    ...checkWindow(plan, limits),
    ...checkCapsUnder(plan, limits),
  ];
}

/** The lowest and the highest that a number of the plan may be. */
const planRanges = {
  graceDays: [0, 30],
  bindOpensDaysBefore: [0, horizonDays],
  minimumAttempts: [1, 10],
  secondRoundDays: [1, 30],
  handoverWorkdays: [1, 10],
} as const satisfies Partial<Record<keyof StagePlan, readonly [number, number]>>;

const dueWorkdaysRange = [1, 30] as const;
const minutesOfDay = 1_440;
/** On the day on which clocks go forward an hour of the day is left out; a window that lies in it would be none. */
const longestGap = 60;

function checkNumbers(plan: StagePlan): PlanProblem[] {
  const named = Object.entries(planRanges).flatMap(([name, range]) =>
    inRange(name, plan[name as keyof typeof planRanges], range),
  );
  const workdays = plan.stages.flatMap(({ tasks }, stage) =>
    tasks.flatMap(({ dueWorkdays }, index) =>
      dueWorkdays === undefined
        ? []
        : inRange(`stages[${stage}].tasks[${index}].dueWorkdays`, dueWorkdays, dueWorkdaysRange),
    ),
  );
  const caps = (['touchesPerDay', 'contactsPerWeek'] as const).flatMap((cap) =>
    plan.caps[cap] >= 1 ? [] : [problem(`caps.${cap}`, 'out-of-range', 'At least 1.')],
  );
  return [...named, ...workdays, ...caps];
}

function inRange(path: string, value: number, [lowest, highest]: readonly [number, number]): PlanProblem[] {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return [];
  return [problem(path, 'out-of-range', `A whole number from ${lowest} to ${highest}.`)];
}

function checkBind({ bindOpensDaysBefore: bind, stages: [first] }: StagePlan): PlanProblem[] {
  if (!first || bind <= first.opensDaysBefore || bind > horizonDays) return [];
  const message = `The bind clock opens on ${nameDay(bind)}, before the first stage on ${nameDay(first.opensDaysBefore)}.`;
  return [problem('bindOpensDaysBefore', 'bind-before-first-stage', message)];
}

function checkWindow({ sendingWindow, spreadMinutes }: StagePlan, { quietHours }: PlanLimits): PlanProblem[] {
  const { fromMinute, toMinute } = sendingWindow;
  if (fromMinute < 0 || toMinute > minutesOfDay || toMinute - fromMinute <= longestGap) {
    const message = `From ${clock(fromMinute)} to ${clock(toMinute)} is no window of one day that lasts more than an hour.`;
    return [problem('sendingWindow.toMinute', 'window-empty', message)];
  }
  const quiet = `nobody is written to from ${clock(quietHours.fromMinute)} to ${clock(quietHours.toMinute)}`;
  const found: PlanProblem[] = [];
  if (fromMinute < quietHours.toMinute) {
    const message = `Begins at ${clock(fromMinute)}; ${quiet}.`;
    found.push(problem('sendingWindow.fromMinute', 'window-in-quiet-hours', message));
  }
  if (toMinute > quietHours.fromMinute) {
    const message = `Ends at ${clock(toMinute)}; ${quiet}.`;
    found.push(problem('sendingWindow.toMinute', 'window-in-quiet-hours', message));
  }
  if (spreadMinutes < 0 || fromMinute + spreadMinutes >= toMinute) {
    const message = `The window has ${toMinute - fromMinute} minutes; the spread is 0 or more, and less than that.`;
    found.push(problem('spreadMinutes', 'spread-beyond-window', message));
  }
  return found;
}

function checkCapsUnder({ caps }: StagePlan, limits: PlanLimits): PlanProblem[] {
  return (['touchesPerDay', 'contactsPerWeek'] as const)
    .filter((cap) => caps[cap] > limits.caps[cap])
    .map((cap) => {
      const message = `The house allows ${limits.caps[cap]}; a plan may be stricter, never looser.`;
      return problem(`caps.${cap}`, 'caps-looser', message);
    });
}

/** A minute of the day as a clock shows it: 540 is 09:00. */
function clock(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
