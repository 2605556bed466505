import { describe, expect, test } from 'vitest';
import { followPlan, type RunningCase } from '../../src/renewal/follow-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { changed, type PlanChange } from '../support/given-plan-change.ts';
import { daysBeforeT } from '../support/given-plan.ts';
import { aRunningCase, followed, presentAt } from '../support/given-running-case.ts';

const now = daysBeforeT(20, { minute: 20 * 60 });
const present = presentAt(now);
const before = changed((plan) => (plan.spreadMinutes = 0));

const and = (change: PlanChange): StagePlan =>
  changed((plan) => {
    plan.spreadMinutes = 0;
    change(plan);
  });
const chaseFrom = (opens: number): StagePlan =>
  and((plan) => {
    plan.stages[1].endsDaysBefore = opens;
    plan.stages[2].opensDaysBefore = opens;
    plan.stages[2].touches = plan.stages[2].touches.slice(1);
  });
const wrapUpFrom = (opens: number): StagePlan =>
  and((plan) => {
    plan.stages[2].endsDaysBefore = opens;
    plan.stages[3].opensDaysBefore = opens;
  });
const t15On = (daysBefore: number): StagePlan => and((plan) => (plan.stages[2].touches[1].daysBefore = daysBefore));

function following(target: StagePlan, facts: Partial<RunningCase> = {}, armed = before) {
  return followPlan(aRunningCase(before, now, facts), { books: before, armed, target }, present);
}

/** On the evening of T-20 a case is in the intensive chase, and waits for its touch at T-15. */
describe('What another plan does to a case', () => {
  const at = (what: string, days: number) => ({ what, at: daysBeforeT(days) });

  test.each<[string, StagePlan, Partial<RunningCase>, object]>([
    ['the same one: nothing', before, {}, { after: at('touch:t-15', 15), nudge: false, messages: [], tasks: [] }],
    ['an earlier touch: it is told', t15On(18), {}, { after: at('touch:t-15', 18), nudge: true }],
    ['a later touch: it finds out', t15On(12), {}, { after: at('touch:t-15', 12), nudge: false }],
    [
      'a touch whose day has passed: it is not sent',
      t15On(22),
      {},
      { after: at('stage:wrap-up', 7), nudge: false, messages: [{ kind: 'late' }, { kind: 'late' }] },
    ],
    [
      'a touch of this morning: it is sent now',
      t15On(20),
      {},
      { nudge: true, messages: [{ kind: 'moved' }, { kind: 'moved' }] },
    ],
    [
      'a stage that ends before today: the next one opens now',
      wrapUpFrom(25),
      {},
      { stageAfter: 'wrap-up', nudge: true },
    ],
    [
      'a stage that begins after today: it goes back',
      chaseFrom(18),
      {},
      { stageAfter: 'follow-up', after: at('stage:intensive-chase', 18), nudge: true },
    ],
    [
      'longer grace days: nothing now',
      and((plan) => (plan.graceDays = 9)),
      {},
      { after: at('touch:t-15', 15), nudge: false },
    ],
    [
      'a call-back that comes first goes first',
      t15On(18),
      { callBackAt: daysBeforeT(19) },
      { after: at('call-back', 19), nudge: false },
    ],
    [
      'a held case stays until its hold is over',
      wrapUpFrom(25),
      { heldUntil: daysBeforeT(10) },
      {
        pauses: true,
        stageAfter: 'intensive-chase',
        after: at('hold-ends', 10),
        nudge: false,
        messages: [],
        tasks: [],
      },
    ],
    ['a hold that is over holds nothing', wrapUpFrom(25), { heldUntil: now }, { pauses: false, stageAfter: 'wrap-up' }],
    [
      'a case in its second round stays in it',
      wrapUpFrom(25),
      { secondRoundDueAt: daysBeforeT(18) },
      { pauses: true, after: at('second-round-ends', 18), nudge: false },
    ],
    [
      'an orphan moves its touches, and waits for its owner',
      t15On(18),
      { isOrphan: true, handoverDueAt: daysBeforeT(19) },
      { after: at('hand-over-ends', 19), nudge: false, messages: [{ kind: 'moved' }, { kind: 'moved' }] },
    ],
    [
      'nobody is written to who refused it',
      t15On(18),
      { mayBeWrittenTo: () => false },
      { after: at('stage:wrap-up', 7), nudge: false, messages: [], tasks: [] },
    ],
  ])('%s', (_title, ...[target, facts, expected]) => {
    expect(following(target, facts)).toMatchObject(expected);
  });

  test('a case whose books follow already is told where its workflow sleeps by an older plan', () => {
    expect(following(before, {}, t15On(12))).toMatchObject({ messages: [], tasks: [], nudge: true });
    expect(following(before, {}, t15On(18))).toMatchObject({ nudge: false });
  });

  test('a message that was sent wakes nobody, wherever a plan puts its day', () => {
    const one = aRunningCase(before, now);
    const messages = one.messages.map((row) => ({ ...row, state: 'accepted' }));
    const plans = (armed: StagePlan, target: StagePlan) => ({ books: armed, armed, target });

    // It sleeps until the wrap-up.
    expect(followPlan({ ...one, messages }, plans(before, t15On(18)), present).nudge).toBe(false);
    expect(followPlan({ ...one, messages }, plans(t15On(12), wrapUpFrom(10)), present).nudge).toBe(true);
  });

  test('a stage that opens takes away the work of the one before and gives its own', () => {
    const { tasks } = following(wrapUpFrom(25));

    expect(tasks.map(({ kind, change }) => `${change} ${kind}`).toSorted()).toEqual([
      'added last-offer',
      'dropped firm-quote',
      'dropped phone-attempt',
    ]);
  });

  test('a case that has not opened yet opens where the calendar of its plan has it', () => {
    const early = daysBeforeT(65);
    const one = aRunningCase(before, early);
    const target = and((plan) => (plan.stages[0].opensDaysBefore = 70));

    const opened = followPlan(one, { books: before, armed: before, target }, presentAt(early));

    expect(opened).toMatchObject({ stageBefore: undefined, stageAfter: 'preparation', nudge: true });
    expect(opened.tasks.map(({ change }) => change)).toEqual(['added', 'added']);
  });

  test('a task that was due before it was given keeps the time that it got', () => {
    const target = wrapUpFrom(25);
    const one = aRunningCase(before, now);
    const then = followed(one, followPlan(one, { books: before, armed: before, target }, present), present);

    const again = followPlan(then, { books: target, armed: before, target }, present);

    expect(then.tasks.find(({ kind }) => kind === 'last-offer')?.dueAt).toBeGreaterThan(now);
    expect(again.tasks).toEqual([]);
  });
});
