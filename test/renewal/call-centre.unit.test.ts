import { describe, expect, test } from 'vitest';
import { callScript, missingScriptSteps, scriptSteps } from '../../src/renewal/call-script.ts';
import { callTimeAt } from '../../src/renewal/call-window.ts';
import { contactResults } from '../../src/renewal/contact-result.ts';
import { defaultSettings } from '../../src/renewal/settings.ts';
import { shanghai } from '../support/given-plan.ts';

describe('The call script', () => {
  test.each(['zh-CN', 'en'])('is complete and in its order in %s', (language) => {
    const script = callScript(language);
    expect(script.map(({ step }) => step)).toEqual([...scriptSteps]);
    expect(
      script.every(({ text }) => text.length > 10 && /\p{Script=Han}/u.test(text) === (language === 'zh-CN')),
    ).toBe(true);
  });

  test('is read in Chinese to a customer of another language', () => {
    expect(callScript('es')).toEqual(callScript('zh-CN'));
  });

  test('has to be read to the payment before a renewal stands', () => {
    expect(missingScriptSteps('renewed', ['greeting-identification', 'exclusions'])).toEqual([
      'cover-read-back',
      'disclosure-checklist',
      'payment-before-issue',
    ]);
    expect(missingScriptSteps('renewed', scriptSteps)).toEqual([]);
  });

  test.each(contactResults.filter((result) => result !== 'renewed'))('need not be read to the end for %s', (result) => {
    expect(missingScriptSteps(result, [])).toEqual([]);
  });
});

describe('The call window', () => {
  const usual = defaultSettings['call-window'];
  const at = (minute: number) => callTimeAt(shanghai.instantOf('2027-03-10', minute), usual, shanghai);
  const opensOn = (day: string) => ({ kind: 'closed', from: shanghai.instantOf(day, 9 * 60) });
  const open = { kind: 'open', until: shanghai.instantOf('2027-03-10', 21 * 60) };

  test.each([
    ['before it opens', 8 * 60 + 59, opensOn('2027-03-10')],
    ['when it opens', 9 * 60, open],
    ['in its last minute', 21 * 60 - 1, open],
    ['when it closes', 21 * 60, opensOn('2027-03-11')],
    ['at midnight', 0, opensOn('2027-03-10')],
  ])('%s', (_when, minute, expected) => {
    expect(at(minute)).toEqual(expected);
  });

  test('on working days only opens after the holidays', () => {
    const atNoon = shanghai.instantOf('2026-10-03', 12 * 60);
    const from = shanghai.instantOf('2026-10-08', 9 * 60);
    expect(callTimeAt(atNoon, { ...usual, workdaysOnly: true }, shanghai)).toEqual({ kind: 'closed', from });
  });
});
