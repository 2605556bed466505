import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { candidates, nextStep, orderFor, templateCodeFor } from '../../src/messaging/provider-choice.ts';
import type { Verdict } from '../../src/messaging/verdict.ts';
import type { SmsProviders } from '../../src/renewal/settings.ts';

const setting: SmsProviders = {
  default: ['twilio'],
  countries: [
    { callingCode: '86', order: ['aliyun', 'twilio'] },
    { callingCode: '852', order: ['twilio', 'aliyun'] },
  ],
  templateCodes: [{ provider: 'aliyun', template: 'expiry-near', language: 'zh-CN', code: 'SMS_1' }],
};

const refused = (aboutRecipient: boolean): Verdict => ({
  kind: 'not-accepted',
  code: 'c',
  optedOut: false,
  aboutRecipient,
});
const later: Verdict = { kind: 'try-later', code: 'c', misconfigured: false };
const broke: Verdict = { ...later, misconfigured: true };
const unknown: Verdict = { kind: 'unknown', code: 'c' };
const accepted: Verdict = { kind: 'accepted', code: 'c', providerId: 'p' };

describe('The provider of a number', () => {
  test.each([
    ['+8613800000001', ['aliyun', 'twilio']],
    ['+85291234567', ['twilio', 'aliyun']],
    ['+4915112345678', ['twilio']],
  ])('%s is chosen by its calling code', (number, order) => {
    expect(orderFor(number, setting)).toEqual(order);
  });

  test('is one that is set up here and has not refused the message for good; one that rests comes last', () => {
    const here = { configured: ['twilio', 'aliyun', 'third'], resting: ['aliyun'] };
    expect(candidates(['aliyun', 'nobody', 'third', 'twilio'], here, ['third'])).toEqual(['twilio', 'aliyun']);
  });

  test('knows a template by the code that is entered for its language, whatever the region', () => {
    const near = { template: 'expiry-near', language: 'zh' };
    expect(templateCodeFor(setting, { provider: 'aliyun', ...near })).toBe('SMS_1');
    expect(templateCodeFor(setting, { provider: 'aliyun', ...near, language: 'en' })).toBeNull();
    expect(templateCodeFor(setting, { provider: 'twilio', ...near })).toBeNull();
  });
});

const verdicts = {
  accepted,
  unknown,
  later,
  broke,
  'refused this': refused(false),
  'refused the number': refused(true),
};

describe('What follows a verdict', () => {
  test.each([
    ['accepted', 'settled', 'settled'],
    ['unknown', 'settled', 'settled'],
    ['refused the number', 'settled', 'settled'],
    ['refused this', 'other-provider', 'settled'],
    ['later', 'other-provider', 'later'],
    ['broke', 'other-provider', 'later'],
  ] as const)('%s: with another provider %s, without one %s', (name, withOther, alone) => {
    expect(nextStep(verdicts[name], { others: ['b'], refusedJustNow: [] })).toBe(withOther);
    expect(nextStep(verdicts[name], { others: [], refusedJustNow: [] })).toBe(alone);
  });

  test('waits when the last one refuses for good and one before may take it later', () => {
    expect(nextStep(refused(false), { others: ['a'], refusedJustNow: ['a'] })).toBe('later');
  });

  const name = fc.constantFrom('a', 'b', 'c');
  test('is another provider only after a proven refusal, and never one that has just refused', () => {
    const situation = [
      fc.constantFrom(...Object.values(verdicts)),
      fc.uniqueArray(name),
      fc.uniqueArray(name),
    ] as const;
    fc.assert(
      fc.property(...situation, (verdict, others, refusedJustNow) => {
        if (nextStep(verdict, { others, refusedJustNow }) !== 'other-provider') return;
        expect(['not-accepted', 'try-later']).toContain(verdict.kind);
        expect(others.some((one) => !refusedJustNow.includes(one))).toBe(true);
      }),
    );
  });
});
