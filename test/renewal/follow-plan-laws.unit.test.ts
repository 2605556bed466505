import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../src/renewal/calendar.ts';
import { followPlan, type RunningCase } from '../../src/renewal/follow-plan.ts';
import type { StagePlan, Touch } from '../../src/renewal/stage-plan.ts';
import { workOfOneStage } from '../../src/renewal/work-of-one-stage.ts';
import { arbitraryStagePlan } from '../support/arbitrary-stage-plan.ts';
import { daysBeforeT } from '../support/given-plan.ts';
import { aRunningCase, followed, presentAt } from '../support/given-running-case.ts';

const plan = arbitraryStagePlan();
const minutesBeforeT = fc.integer({ min: 0, max: 70 * 1440 });

type What = 'plain' | 'held' | 'second-round' | 'orphan' | 'call-back' | 'left-alone';

/** Held, in its second round, an orphan, promised a call, or left alone: each now and done. */
const situation = fc
  .record({
    what: fc.constantFrom<What>('plain', 'held', 'second-round', 'orphan', 'call-back', 'left-alone'),
    days: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ what, days }) => (now: number): Partial<RunningCase> => {
    const until = now + days * dayMs;
    switch (what) {
      case 'held':
        return { heldUntil: until };
      case 'second-round':
        return { secondRoundDueAt: until };
      case 'orphan':
        return { isOrphan: true, handoverDueAt: until };
      case 'call-back':
        return { callBackAt: until };
      case 'left-alone':
        return { mayBeWrittenTo: (at) => at > until };
      case 'plain':
        return {};
    }
  });

const atSomeTime: fc.Arbitrary<Situated> = fc.record({ before: plan, after: plan, minutes: minutesBeforeT, situation });
type Situated = {
  before: StagePlan;
  after: StagePlan;
  minutes: number;
  situation: (now: number) => Partial<RunningCase>;
};

function holds(law: (example: Situated) => void): void {
  fc.assert(fc.property(atSomeTime, law));
}

function given({ before, after, minutes, situation: facts }: Situated) {
  const now = daysBeforeT(0, { minute: 20 * 60 }) - minutes * 60_000;
  const present = presentAt(now);
  const one = aRunningCase(before, now, facts(now));
  const following = followPlan(one, { books: before, armed: before, target: after }, present);
  return { one, following, present, done: followed(one, following, present) };
}

const byName = (rows: readonly object[]) => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe('Whatever a plan says', () => {
  test('a case that follows it a second time changes nothing', () =>
    holds(({ after, ...rest }) => {
      const { done, present } = given({ after, ...rest });

      const again = followPlan(done, { books: after, armed: after, target: after }, present);

      expect({ ...again, after: undefined }).toEqual({
        ...again,
        stageAfter: done.stage,
        before: again.after,
        after: undefined,
        messages: [],
        tasks: [],
        nudge: false,
      });
    }));

  test('the plan of before brings a case back to where it was', () =>
    holds(({ before, after, ...rest }) => {
      const { one, following, done, present } = given({ before, after, ...rest });

      const way = followPlan(done, { books: after, armed: after, target: before }, present);
      // A hold ends with its case, so that it may be over by one of the plans alone.
      fc.pre(way.pauses === following.pauses);
      const back = followed(done, way, present);

      expect(back.stage).toBe(one.stage);
      const stood = followPlan(one, { books: before, armed: before, target: before }, present).after;
      // A second round that was shortened stays so.
      expect(way.after).toEqual({ ...stood, at: Math.min(stood.at, done.secondRoundDueAt ?? Infinity) });
      const wasThere = back.messages.filter(({ touch, channel }) =>
        one.messages.some((row) => row.touch === touch && row.channel === channel),
      );
      expect(byName(wasThere)).toEqual(byName(one.messages));
      const open = ({ tasks }: RunningCase) =>
        tasks
          .filter((task) => task.state === 'open' && workOfOneStage.includes(task.kind))
          .map(({ kind, occasion }) => `${kind}/${occasion}`);
      // Where the way led before the first stage or out of there, people keep what they were given.
      const hadStages = one.stage !== undefined && done.stage !== undefined;
      expect(open(hadStages ? back : one).toSorted()).toEqual(open(one).toSorted());
    }));

  test('nothing that was sent or decided changes', () =>
    holds((example) => {
      const { one, following, done } = given(example);

      const decided = one.messages.filter(({ state }) => state === 'accepted');
      expect(done.messages).toEqual(expect.arrayContaining(decided));
      expect(
        following.messages.filter((change) =>
          decided.some(({ touch, channel }) => touch === change.touch && channel === change.channel),
        ),
      ).toEqual([]);
    }));

  test('a case is told if it would sleep too long, and only then', () =>
    holds(({ before, after, ...rest }) => {
      const { one: known, present } = given({ before, after, ...rest });
      // The deadline of a hand-over wakes the hand-over, not the case.
      const one = { ...known, handoverDueAt: undefined };
      const following = followPlan(one, { books: before, armed: before, target: after }, present);
      const wakesAt = following.before.at;
      // A second round hears of a sooner end by the notice of its hold.
      fc.pre(wakesAt > present.now && one.secondRoundDueAt === undefined);

      // What was sent on all of its channels is not waited for, whatever its new day.
      const isSent = ({ key, channels }: Touch): boolean =>
        channels.every((channel) =>
          one.messages.some((row) => row.touch === key && row.channel === channel && row.state !== 'planned'),
        );
      const left = {
        ...after,
        stages: after.stages.map((rule) => ({ ...rule, touches: rule.touches.filter((touch) => !isSent(touch)) })),
      };
      const undone = followPlan(one, { books: before, armed: before, target: left }, present);
      const actsNow =
        following.stageBefore !== following.stageAfter ||
        following.messages.some(
          (change) =>
            !one.isOrphan &&
            ['added', 'moved'].includes(change.kind) &&
            'planned' in change &&
            change.planned.dueAt <= present.now,
        );
      expect(following.nudge).toBe((actsNow ? present.now : undone.after.at) < wakesAt);
    }));

  test('a case that pauses stays where it is, with all that it has', () =>
    holds((example) => {
      const { one, following } = given(example);
      fc.pre(following.pauses);

      expect(following).toMatchObject({ stageAfter: one.stage, messages: [], tasks: [] });
    }));
});
