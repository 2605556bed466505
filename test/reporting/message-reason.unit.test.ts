import { describe, expect, test } from 'vitest';
import { decisionRules } from '../../src/renewal/decision-rules.ts';
import { explainReason } from '../../src/reporting/message-reason.ts';

describe('The reason of a message in words', () => {
  test.each(decisionRules)('is what the rule %s says, without where it stands', (rule) => {
    expect(explainReason(rule)).toMatch(/^[^:]{15,}/);
    expect(explainReason(rule)).not.toMatch(/\.md|decision record/);
  });

  test.each([
    ['case-closed:renewed', 'a close cancels what is planned'],
    ['http-429/20429', 'the provider asked to wait; nothing was accepted'],
    ['http-400/21211', 'the provider refused it; nothing was accepted'],
    ['http-400/21610', 'the number has opted out at the provider; nothing was accepted'],
    ['http-503', 'the provider broke down over it; nobody can tell whether it was accepted'],
    ['smtp-550', 'the mail server refused it; nothing was accepted'],
    ['ECONNREFUSED', 'the provider could not be reached; nothing left this machine'],
    ['ETIMEDOUT', 'the connection broke before the provider answered; nobody can tell whether it was accepted'],
    ['interrupted', 'the process that sent it ended before the provider’s answer was recorded'],
    ['claim-too-old', 'its worker stood still until what was decided might no longer hold; nothing left this machine'],
    ['dropped-by-operator', 'an operator left it at that; whether it went is not known'],
  ])('of %s is: %s', (reason, words) => {
    expect(explainReason(reason)).toBe(words);
  });

  test('is none where there is no reason, or one that nobody knows', () => {
    expect([explainReason(null), explainReason('who-knows')]).toEqual([null, null]);
  });
});
