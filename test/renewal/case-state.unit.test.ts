import { describe, expect, test } from 'vitest';
import { refuseNotice, refuseResult, refuseSecondRound } from '../../src/renewal/case-refusal.ts';
import {
  endingByTime,
  isWritten,
  newCase,
  takeResult,
  takeSecondRound,
  type CaseState,
} from '../../src/renewal/case-state.ts';
import { contactResults, type ContactResult } from '../../src/renewal/contact-result.ts';
import { aCase, aResult } from '../support/given-case.ts';
import { daysBeforeT } from '../support/given-plan.ts';

const lost = { kind: 'lost', reason: 'no-result', renewable: true } as const;
const running = { secondRound: { reason: 'price', dueAt: daysBeforeT(37), resultId: 'r1' } } as const;

// Every result in every state of a case; empty means that it is taken.
const refusals: [string, Partial<CaseState>, Partial<Record<ContactResult, string>> | 'all refused'][] = [
  ['an open case without attempts', {}, { unreachable: 'attempts-missing' }],
  ['an open case with two attempts', { attempts: 2 }, { unreachable: 'attempts-missing' }],
  ['an open case with three attempts', { attempts: 3 }, {}],
  [
    'a case in its second round',
    { ...running, attempts: 3 },
    { declined: 'second-round-running', unreachable: 'second-round-running' },
  ],
  ['a case that is about to close', { ending: { outcome: lost, cause: 'grace-ended' } }, 'all refused'],
  ['a case that is being closed', { closing: true }, 'all refused'],
  ['a closed case', { closed: lost }, 'all refused'],
];

describe.each(refusals)('%s', (_, facts, refused) => {
  test.each(contactResults)('answers %s by the rule', (result) => {
    const code = refused === 'all refused' ? 'case-closed' : refused[result];
    expect(refuseResult(aCase(facts), result)?.code).toBe(code);
  });
});

describe('what a result changes', () => {
  test('confirmed counts in preparation only', () => {
    expect(takeResult(aCase({ stage: 'preparation' }), aResult('confirmed'))).toMatchObject({
      confirmed: true,
      resultCounted: true,
    });
    expect(takeResult(aCase({ stage: 'follow-up' }), aResult('confirmed'))).toMatchObject({
      confirmed: true,
      resultCounted: false,
    });
  });

  test('an effective contact implies that the entry is confirmed', () => {
    expect(takeResult(aCase(), aResult('quoted'))).toMatchObject({ confirmed: true, resultCounted: true });
  });

  test.each(['not-reached', 'wrong-number'] as const)('%s is one more attempt and no contact', (result) => {
    const state = takeResult(aCase({ attempts: 1 }), aResult(result));
    expect(state).toMatchObject({ attempts: 2, confirmed: false, resultCounted: false });
  });

  test.each(['promised', 'considering'] as const)('%s makes its call-back the next timer', (result) => {
    const callBackAt = daysBeforeT(39);
    expect(takeResult(aCase(), aResult(result, { callBackAt })).callBackAt).toBe(callBackAt);
  });

  test('declined opens a second round about its loss reason and closes nothing', () => {
    const state = takeResult(aCase(), aResult('declined', { lossReason: 'rival-gift' }));
    expect(state.secondRound).toEqual({ reason: 'rival-gift', resultId: 'result-declined' });
    expect(state.ending).toBeUndefined();
  });

  test('unreachable opens a second round about being unreachable', () => {
    expect(takeResult(aCase({ attempts: 3 }), aResult('unreachable')).secondRound?.reason).toBe('unreachable');
  });

  test.each([true, false])('renewed ends the case (early: %s)', (early) => {
    expect(takeResult(aCase(), aResult('renewed', { early })).ending).toEqual({
      outcome: { kind: 'renewed', early },
      cause: 'result:renewed',
      resultId: 'result-renewed',
    });
  });

  test('not-renewable ends it in the lost book, outside the renewal rate', () => {
    const { ending } = takeResult(aCase(), aResult('not-renewable', { lossReason: 'moved-away' }));
    expect(ending?.outcome).toEqual({ kind: 'lost', reason: 'moved-away', renewable: false });
  });

  test('refused contact silences the case and takes a promised call-back away, calls included', () => {
    const state = takeResult(aCase({ callBackAt: daysBeforeT(39) }), aResult('refused-contact'));
    expect(state).toMatchObject({ refusedContact: true, resultCounted: true });
    expect(state.callBackAt).toBeUndefined();
  });

  test('a result before the first stage counts for preparation', () => {
    const state = newCase({ opensAt: daysBeforeT(60), planVersion: 1 });
    expect(takeResult(state, aResult('confirmed')).resultCounted).toBe(true);
  });
});

describe('the second round', () => {
  const now = daysBeforeT(38);
  const decide = (outcome: 'renewed' | 'reopened' | 'confirmed-lost') =>
    takeSecondRound(aCase(running), { outcome, resultId: 'd1' }, now);

  test('can be decided only while it runs', () => {
    expect(refuseSecondRound(aCase())?.code).toBe('no-second-round');
    expect(refuseSecondRound(aCase({ ...running, closing: true }))?.code).toBe('case-closed');
    expect(refuseSecondRound(aCase(running))).toBeUndefined();
  });

  test('renewed ends the case as renewed', () => {
    expect(decide('renewed')).toMatchObject({
      ending: { outcome: { kind: 'renewed', early: false }, cause: 'second-round:renewed', resultId: 'd1' },
    });
  });

  test('confirmed-lost ends it as lost for the reason that the customer gave', () => {
    expect(decide('confirmed-lost').ending?.outcome).toEqual({ kind: 'lost', reason: 'price', renewable: true });
  });

  test('reopened returns it to the calendar and skips what was missed', () => {
    const state = decide('reopened');
    expect(state).toMatchObject({ detour: 'reopened', touchesFrom: now });
    expect(state.secondRound).toBeUndefined();
  });

  test('silence confirms the loss and says so', () => {
    expect(endingByTime(aCase(running))).toEqual({
      outcome: { kind: 'lost', reason: 'price', renewable: true },
      cause: 'second-round:no-answer',
    });
  });
});

describe('a case that runs out of time', () => {
  test('closes as lost without a result', () => {
    expect(endingByTime(aCase())).toMatchObject({ outcome: { reason: 'no-result' }, cause: 'grace-ended' });
  });

  test('of a customer who refused contact closes for that reason', () => {
    expect(endingByTime(aCase({ refusedContact: true })).outcome).toMatchObject({ reason: 'refused-contact' });
  });
});

describe('an update is answered once the books have it', () => {
  test.each([
    ['a plain result', {}, true],
    ['a second round without a task', { secondRound: { reason: 'price' } }, false],
    ['a second round with its task', running, true],
    ['an ending that is not closed yet', { ending: { outcome: lost, cause: 'x' } }, false],
    ['a reopening of which the books do not know', { detour: 'reopened' }, false],
    ['a closed case', { ending: { outcome: lost, cause: 'x' }, closed: lost }, true],
  ] as const)('%s', (_, facts, written) => {
    expect(isWritten(aCase(facts))).toBe(written);
  });
});

describe('how many attempts giving up takes', () => {
  test.each([
    [2, 2, undefined],
    [3, 5, 'attempts-missing'],
  ])('after %i of them, by a plan that now asks for %i: %s', (attempts, minimumAttempts, code) => {
    const notice = { ...aResult('unreachable'), minimumAttempts };
    expect(refuseNotice(aCase({ attempts }), notice)?.code).toBe(code);
  });
});
