import { describe, expect, test } from 'vitest';
import { nextActionOf, type CaseAtPresent, type NextAction } from '../../src/renewal/next-action.ts';
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
