import { describe, expect, test } from 'vitest';
import { refuseNotice } from '../../src/renewal/case-refusal.ts';
import { carriedFacts, hearResult, newCase, type CaseState } from '../../src/renewal/case-state.ts';
import { aCase, aResult } from '../support/given-case.ts';
import { daysBeforeT } from '../support/given-plan.ts';

/** The same case in a new run. */
const anew = (state: CaseState): CaseState =>
  newCase({ opensAt: daysBeforeT(60), planVersion: 1, carried: carriedFacts(state) });

describe('a result that an earlier run of its case has heard', () => {
  test('counts once', () => {
    const notice = aResult('not-reached');
    const later = anew(hearResult(aCase(), notice));
    expect(hearResult(later, notice)).toBe(later);
    expect(later.attempts).toBe(1);
  });

  test.each(['declined', 'not-reached', 'renewed'] as const)('is not refused afterwards: %s', (result) => {
    const notice = aResult(result);
    const heard = hearResult(aCase(), notice);
    expect(refuseNotice(anew(heard), notice)).toBeUndefined();
    expect(refuseNotice({ ...heard, closing: true }, notice)).toBeUndefined();
  });

  test('does not stand for another one of its kind', () => {
    const heard = hearResult(aCase(), aResult('declined'));
    expect(refuseNotice(anew(heard), aResult('declined', { resultId: 'another' }))?.code).toBe('second-round-running');
  });
});
