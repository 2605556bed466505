import { fc } from '@fast-check/vitest';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { segments } from '../../src/renewal/segment.ts';
import {
  channels,
  escalationTargets,
  plannedTaskKinds,
  stages,
  type LatePolicy,
  type Stage,
  type StagePlan,
  type StageRule,
  type StageTask,
  type Touch,
} from '../../src/renewal/stage-plan.ts';

/** Shorter than this a window may lie wholly in the hour that a day of 23 hours leaves out. */
const shortestWindow = 61;

const windowWithin = (first: number, last: number) =>
  fc.integer({ min: first, max: last - shortestWindow }).chain((fromMinute) =>
    fc.record({
      fromMinute: fc.constant(fromMinute),
      toMinute: fc.integer({ min: fromMinute + shortestWindow, max: last }),
    }),
  );

/** Outside the default quiet hours, or anywhere in the day, as where the house has none. */
const windows = {
  waking: windowWithin(9 * 60, 21 * 60),
  any: fc.oneof(windowWithin(0, 24 * 60), windowWithin(0, 5 * 60)),
};

/** Stage plans that may be published, of every kind that a house could write; `windows` says when they write to customers. */
export function arbitraryStagePlan(window: keyof typeof windows = 'waking'): fc.Arbitrary<StagePlan> {
  return fc
    .tuple(windows[window], fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 4 }))
    .chain(([sendingWindow, opening]) => {
      const opens = opening.toSorted((one, other) => other - one);
      const bindOpensDaysBefore = fc.integer({ min: 0, max: opens[0]! });
      return bindOpensDaysBefore.chain((bind) =>
        fc.record({
          stages: fc.tuple(
            ...stages.map((stage, index) => stageRule(stage, [opens[index]!, opens[index + 1] ?? 0], bind)),
          ),
          graceDays: fc.integer({ min: 0, max: 30 }),
          bindOpensDaysBefore: fc.constant(bind),
          minimumAttempts: fc.integer({ min: 1, max: 10 }),
          secondRoundDays: fc.integer({ min: 1, max: 30 }),
          handoverWorkdays: fc.integer({ min: 1, max: 10 }),
          sendingWindow: fc.constant(sendingWindow),
          caps: fc.record({ touchesPerDay: fc.constant(1), contactsPerWeek: fc.integer({ min: 1, max: 3 }) }),
          spreadMinutes: fc.integer({ min: 0, max: sendingWindow.toMinute - sendingWindow.fromMinute - 1 }),
        }),
      );
    })
    .map(withinItsCaps);
}

function stageRule(stage: Stage, [opens, ends]: [number, number], bind: number): fc.Arbitrary<StageRule> {
  const firstDay = ends === 0 ? 0 : ends + 1;
  const days = fc.uniqueArray(fc.integer({ min: firstDay, max: opens }), { maxLength: 3 });
  const target = stage === 'wrap-up' ? fc.constant('nobody' as const) : fc.constantFrom(...escalationTargets);
  return fc.record({
    stage: fc.constant(stage),
    opensDaysBefore: fc.constant(opens),
    endsDaysBefore: fc.constant(ends),
    touches: days.chain((chosen) => fc.tuple(...chosen.map(touchOn))),
    tasks: fc
      .subarray(kindsIn(stage))
      .chain((kinds) =>
        fc.tuple(
          ...kinds.map((kind) => stageTask(kind, [kind === 'firm-quote' ? Math.min(bind, opens) : opens, firstDay])),
        ),
      )
      .map((tasks) => tasks.filter((task) => task.kind !== 'firm-quote' || firstDay <= bind)),
    counts: countsIn(stage),
    unanswered: fc.record({ handedOut: target, notHandedOut: target }),
  });
}

function countsIn(stage: Stage): fc.Arbitrary<StageRule['counts']> {
  if (stage === 'wrap-up') return fc.constant('final-outcome');
  return stage === 'preparation' ? fc.constantFrom('confirmed', 'effective-contact') : fc.constant('effective-contact');
}

function touchOn(daysBefore: number): fc.Arbitrary<Touch> {
  const skip: fc.Arbitrary<LatePolicy> = fc.constant({ kind: 'skip' });
  const within = fc.record({
    kind: fc.constant('send-if-within' as const),
    days: fc.integer({ min: 1, max: Math.max(1, daysBefore) }),
  });
  return fc.record({
    key: fc.constant(`t-${daysBefore}`),
    daysBefore: fc.constant(daysBefore),
    channels: fc.subarray([...channels], { minLength: 1 }),
    template: fc.constantFrom(
      ...defaultStagePlan.stages.flatMap(({ touches }) => touches.map(({ template }) => template)),
    ),
    late: daysBefore === 0 ? skip : fc.oneof(skip, within),
  });
}

/** Phone attempts are counted through the whole case, so one stage alone brings them. */
function kindsIn(stage: Stage): StageTask['kind'][] {
  return plannedTaskKinds.filter((kind) => kind !== 'phone-attempt' || stage === 'intensive-chase');
}

function stageTask(kind: StageTask['kind'], [latest, earliest]: [number, number]): fc.Arbitrary<StageTask> {
  const start = fc.integer({ min: Math.min(earliest, latest), max: latest });
  return fc.record(
    {
      kind: fc.constant(kind),
      startsDaysBefore: start,
      segments: fc.subarray([...segments], { minLength: 1 }),
      dueWorkdays: fc.integer({ min: 1, max: 30 }),
    },
    { requiredKeys: kind === 'firm-quote' ? ['kind', 'startsDaysBefore'] : ['kind'] },
  );
}

/** Leaves out the touches that are more in seven days than the plan itself allows. */
function withinItsCaps(plan: StagePlan): StagePlan {
  const days = plan.stages.flatMap(({ touches }) => touches.map(({ daysBefore }) => daysBefore));
  const kept: number[] = [];
  for (const day of days.toSorted((one, other) => other - one)) {
    const inTheWeek = kept.filter((earlier) => earlier - day < 7).length;
    if (inTheWeek < plan.caps.contactsPerWeek) kept.push(day);
  }
  const left = (rule: StageRule): StageRule => ({
    ...rule,
    touches: rule.touches.filter(({ daysBefore }) => kept.includes(daysBefore)),
  });
  return { ...plan, stages: plan.stages.map(left) };
}
