import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  eventsAhead,
  nextActionOf,
  reasonOfEvent,
  type CaseAtPresent,
  type NextAction,
} from '../../src/renewal/next-action.ts';
import { stages } from '../../src/renewal/stage-plan.ts';
import { aPlan, daysBeforeT } from '../support/given-plan.ts';

const chase: CaseAtPresent = {
  plan: aPlan(),
  now: daysBeforeT(20),
  stage: 'intensive-chase',
  heldUntil: undefined,
  secondRoundDueAt: undefined,
  callBackAt: undefined,
  isOrphan: false,
  handoverDueAt: undefined,
  mayBeWrittenTo: () => true,
  isDone: () => false,
};

describe('What a case does next', () => {
  const at = (what: string, days: number): NextAction => ({ what, at: daysBeforeT(days) });

  test.each<[string, Partial<CaseAtPresent>, NextAction]>([
    ['the touch that is due before the stage ends', {}, at('touch:t-15', 15)],
    ['the next stage, once its touches are behind it', { now: daysBeforeT(14) }, at('stage:wrap-up', 7)],
    ['the promised call-back, where that comes first', { callBackAt: daysBeforeT(18) }, at('call-back', 18)],
    ['the touch, where the promise comes later', { callBackAt: daysBeforeT(10) }, at('touch:t-15', 15)],
    ['the end of its hold', { heldUntil: daysBeforeT(12), callBackAt: daysBeforeT(18) }, at('hold-ends', 12)],
    [
      'the end of its second round, whatever was promised',
      { secondRoundDueAt: daysBeforeT(17), callBackAt: daysBeforeT(18) },
      at('second-round-ends', 17),
    ],
    ['no touch while nobody owns it', { isOrphan: true }, at('stage:wrap-up', 7)],
    ['the hand-over of an orphan', { isOrphan: true, handoverDueAt: daysBeforeT(19) }, at('hand-over-ends', 19)],
    ['no hand-over of a case that has an owner', { handoverDueAt: daysBeforeT(19) }, at('touch:t-15', 15)],
    ['no touch to a customer who refused contact', { mayBeWrittenTo: () => false }, at('stage:wrap-up', 7)],
    [
      'the touch for which the refusal is over',
      { stage: 'wrap-up', now: daysBeforeT(6), mayBeWrittenTo: (instant) => instant >= daysBeforeT(2) },
      at('touch:t-0', 0),
    ],
    ['its close, when nothing else is left', { stage: 'wrap-up', now: daysBeforeT(-1) }, at('grace-ends', -3)],
  ])('is %s', (_what, facts, expected) => {
    expect(nextActionOf({ ...chase, ...facts })).toEqual(expected);
  });
});

describe('What is planned of a case', () => {
  const ahead = (facts: Partial<CaseAtPresent>, besides: NextAction[] = []): string[] =>
    eventsAhead({ ...chase, ...facts }, 3, besides).map(({ what }) => what);

  test.each<[string, Partial<CaseAtPresent>, string[]]>([
    ['its touches and stages in their order', {}, ['touch:t-15', 'stage:wrap-up', 'touch:t-7']],
    ['no touch of an orphan', { isOrphan: true }, ['stage:wrap-up', 'grace-ends']],
    [
      'after a hold what is left, from the stage of the calendar',
      { heldUntil: daysBeforeT(6) },
      ['hold-ends', 'stage:wrap-up', 'touch:t-3'],
    ],
    ['after a second round nothing', { secondRoundDueAt: daysBeforeT(17) }, ['second-round-ends']],
    [
      'after a hold the rest of a second round',
      { heldUntil: daysBeforeT(18), secondRoundDueAt: daysBeforeT(16) },
      ['hold-ends', 'second-round-ends'],
    ],
    ['its close at the end', { stage: 'wrap-up', now: daysBeforeT(1) }, ['touch:t-0', 'grace-ends']],
  ])('is %s', (_what, facts, expected) => {
    expect(ahead(facts)).toEqual(expected);
  });

  test('is work that starts later too, which does not wake it', () => {
    const starts = [{ what: 'task:phone-attempt', at: daysBeforeT(16) }];
    expect(ahead({}, starts)).toEqual(['task:phone-attempt', 'touch:t-15', 'stage:wrap-up']);
    expect(nextActionOf(chase)).toEqual({ what: 'touch:t-15', at: daysBeforeT(15) });
  });

  test('comes in its order, begins with the next action, and has a reason each', () => {
    const anInstant = fc.option(
      fc.integer({ min: -2, max: 60 }).map((days) => daysBeforeT(days)),
      { nil: undefined },
    );
    const facts = fc.record({
      now: fc.integer({ min: 0, max: 61 }).map((days) => daysBeforeT(days)),
      stage: fc.option(fc.constantFrom(...stages), { nil: undefined }),
      callBackAt: anInstant,
      handoverDueAt: anInstant,
      isOrphan: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, (drawn) => {
        const events = eventsAhead({ ...chase, ...drawn }, 9);
        expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((one, other) => one - other));
        expect(events[0]).toEqual(nextActionOf({ ...chase, ...drawn }));
        expect(events.map(({ what }) => reasonOfEvent(what)).join()).not.toContain('acts by itself');
        expect(events.at(-1)?.what === 'grace-ends' || events.length === 9).toBe(true);
      }),
    );
  });
});
