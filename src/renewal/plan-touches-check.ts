import { countDays, nameDay, problem, type PlanLimits, type PlanProblem } from './plan-problem.ts';
import { afterExpiry, isDayOfStage, nameSpan } from './plan-stages-check.ts';
import { channels, confirmationTouch, type StagePlan, type StageRule, type Touch } from './stage-plan.ts';

/** A touch with its place in the plan. */
type Placed = { touch: Touch; rule: StageRule; path: string };

const longestKey = 40;
const keyShape = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const daysOfWeek = 7;

/**
 * What is wrong with the customer touches of a plan: keys that name each once and for good, days inside their stage,
 * channels, templates, late policies, and the plan's own caps (business.md, The stage plan and Restraint).
 */
export function checkTouches(plan: StagePlan, limits: PlanLimits): PlanProblem[] {
  const placed = placedTouches(plan);
  return [
    ...placed.flatMap((one) => [...checkDay(one), ...checkContent(one, limits), ...checkLate(one)]),
    ...checkKeys(placed),
    ...checkCaps(placed, plan),
    ...(limits.followsOn ? checkRenames(placed, placedTouches(limits.followsOn)) : []),
  ];
}

function placedTouches(plan: StagePlan): Placed[] {
  return plan.stages.flatMap((rule, stage) =>
    rule.touches.map((touch, index) => ({ touch, rule, path: `stages[${stage}].touches[${index}]` })),
  );
}

function checkDay({ touch: { daysBefore }, rule, path }: Placed): PlanProblem[] {
  const at = `${path}.daysBefore`;
  if (daysBefore < 0) return [afterExpiry(at, daysBefore)];
  if (isDayOfStage(rule, daysBefore)) return [];
  const message = `${nameDay(daysBefore)} is no day of its stage: ${nameSpan(rule)}.`;
  return [problem(at, 'touch-outside-stage', message)];
}

function checkContent({ touch, path }: Placed, { templates }: PlanLimits): PlanProblem[] {
  const found: PlanProblem[] = [];
  const known: readonly string[] = channels;
  const isOnceEach = new Set(touch.channels).size === touch.channels.length;
  if (touch.channels.length === 0 || !isOnceEach || !touch.channels.every((channel) => known.includes(channel))) {
    found.push(problem(`${path}.channels`, 'channels-unfit', `At least one of ${channels.join(', ')}, each once.`));
  }
  if (!templates.includes(touch.template)) {
    const message = `There is no template ${touch.template}; there are ${templates.join(', ')}.`;
    found.push(problem(`${path}.template`, 'template-unknown', message));
  }
  return found;
}

/** A late touch goes at the expiry at the latest, because after it the message would be untrue. */
function checkLate({ touch: { late, daysBefore }, path }: Placed): PlanProblem[] {
  switch (late.kind) {
    case 'skip':
      return [];
    case 'send-if-within': {
      if (late.days >= 1 && (late.days <= daysBefore || daysBefore < 0)) return [];
      const message =
        daysBefore < 1
          ? 'A touch on T cannot be sent late; let it be skipped.'
          : `1 to ${countDays(daysBefore)}, so that a late touch comes by T.`;
      return [problem(`${path}.late.days`, 'late-unfit', message)];
    }
  }
}

/** A key goes into ids of messages and into workflow histories: a short code, and never that of the confirmation. */
function checkKeys(placed: readonly Placed[]): PlanProblem[] {
  return placed.flatMap(({ touch: { key }, path }, index) => {
    if (!keyShape.test(key) || key.length > longestKey || key === confirmationTouch) {
      const message = `A short code of small letters, digits and single hyphens, other than ${confirmationTouch}.`;
      return [problem(`${path}.key`, 'touch-key-unfit', message)];
    }
    const first = placed.findIndex((other) => other.touch.key === key);
    if (first === index) return [];
    const message = `${key} is the key of ${placed[first]?.path ?? 'another touch'} already; it would be sent once only.`;
    return [problem(`${path}.key`, 'touch-key-taken', message)];
  });
}

/** Each touch that is one too many, by day or by the seven days from it back. */
function checkCaps(placed: readonly Placed[], { caps }: StagePlan): PlanProblem[] {
  const inOrder = placed.toSorted((one, other) => other.touch.daysBefore - one.touch.daysBefore);
  return inOrder.flatMap(({ touch: { daysBefore }, path }, index) => {
    const upToHere = inOrder.slice(0, index + 1).map((one) => one.touch.daysBefore - daysBefore);
    const sameDay = upToHere.filter((days) => days === 0).length;
    const sameWeek = upToHere.filter((days) => days < daysOfWeek).length;
    if (sameDay > Math.max(1, caps.touchesPerDay)) {
      const message = `On ${nameDay(daysBefore)} this is touch ${sameDay}; the plan allows ${caps.touchesPerDay} a day.`;
      return [problem(`${path}.daysBefore`, 'too-many-a-day', message)];
    }
    if (sameWeek <= Math.max(1, caps.contactsPerWeek)) return [];
    const message = `In the seven days up to ${nameDay(daysBefore)} this is touch ${sameWeek}; the plan allows ${caps.contactsPerWeek} a week.`;
    return [problem(`${path}.daysBefore`, 'too-many-a-week', message)];
  });
}

/**
 * A touch that was moved under another key would reach those a second time who had it under its old one (promises.md, "at
 * most one message per planned touch").
 */
function checkRenames(placed: readonly Placed[], before: readonly Placed[]): PlanProblem[] {
  const has = (among: readonly Placed[], key: string): boolean => among.some(({ touch }) => touch.key === key);
  const gone = before.filter(({ touch }) => !has(placed, touch.key));
  return placed
    .filter(({ touch }) => !has(before, touch.key))
    .flatMap(({ touch, path }) => {
      const old = gone.find((other) => other.touch.template === touch.template);
      if (!old) return [];
      const message = `${old.touch.key} sent ${touch.template} so far; keep its key, or those who had it get it again.`;
      return [problem(`${path}.key`, 'touch-renamed', message)];
    });
}
