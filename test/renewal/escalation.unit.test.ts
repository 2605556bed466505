import { describe, expect, test } from 'vitest';
import { escalateOutOf } from '../../src/renewal/escalation.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { stages, unansweredIn, type Stage } from '../../src/renewal/stage-plan.ts';

const facts = { resultCounted: false, handedOut: true, mayBeCalled: true };
const nothingIn = (stage: Stage) => ({ ...facts, unanswered: unansweredIn(defaultStagePlan, stage) });

describe('a stage that ends without a result that counts', () => {
  test.each([
    [
      'preparation',
      'an entry that was never handed out goes to the call centre',
      false,
      'call-centre',
      'call-centre-case',
    ],
    [
      'preparation',
      'an entry that was handed out and not accepted is for the supervisor',
      true,
      'supervisor',
      'accept-reminder',
    ],
    ['follow-up', 'the supervisor coaches and acts', true, 'supervisor', 'coaching'],
    ['intensive-chase', 'the call centre takes the case', true, 'call-centre', 'call-centre-case'],
  ] as const)('%s: %s', (...[stage, , handedOut, kind, task]) => {
    expect(escalateOutOf(stage, { ...nothingIn(stage), handedOut })).toMatchObject({ kind, task });
  });

  test.each(['follow-up', 'intensive-chase'] as const)('%s goes the same way when nothing was handed out', (stage) => {
    expect(escalateOutOf(stage, { ...nothingIn(stage), handedOut: false })).toEqual(
      escalateOutOf(stage, nothingIn(stage)),
    );
  });

  test('wrap-up escalates to nobody: the case closes', () => {
    expect(escalateOutOf('wrap-up', nothingIn('wrap-up'))).toEqual({ kind: 'none' });
  });
});

describe.each(stages)('out of %s', (stage: Stage) => {
  test('a result that counts leaves nothing to escalate', () => {
    expect(escalateOutOf(stage, { ...nothingIn(stage), resultCounted: true, handedOut: false })).toEqual({
      kind: 'none',
    });
  });

  test('a customer who refused contact is handed to nobody who would call', () => {
    expect(escalateOutOf(stage, { ...nothingIn(stage), mayBeCalled: false, handedOut: false })).toEqual({
      kind: 'none',
    });
  });
});
