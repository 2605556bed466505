import { describe, expect, test } from 'vitest';
import { escalateOutOf } from '../../src/renewal/escalation.ts';
import { stages, type Stage } from '../../src/renewal/stage-plan.ts';

const nothing = { resultCounted: false, handedOut: true, mayBeCalled: true };

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
    expect(escalateOutOf(stage, { ...nothing, handedOut })).toMatchObject({ kind, task });
  });

  test.each(['follow-up', 'intensive-chase'] as const)('%s goes the same way when nothing was handed out', (stage) => {
    expect(escalateOutOf(stage, { ...nothing, handedOut: false })).toEqual(escalateOutOf(stage, nothing));
  });

  test('wrap-up escalates to nobody: the case closes', () => {
    expect(escalateOutOf('wrap-up', nothing)).toEqual({ kind: 'none' });
  });
});

describe.each(stages)('out of %s', (stage: Stage) => {
  test('a result that counts leaves nothing to escalate', () => {
    expect(escalateOutOf(stage, { ...nothing, resultCounted: true, handedOut: false })).toEqual({ kind: 'none' });
  });

  test('a customer who refused contact is handed to nobody who would call', () => {
    expect(escalateOutOf(stage, { ...nothing, mayBeCalled: false, handedOut: false })).toEqual({ kind: 'none' });
  });
});
