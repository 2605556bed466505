import { describe, expect, test } from 'vitest';
import { findTemplateProblems, findTemplateWarnings } from '../../src/messaging/templates/check-template.ts';
import { shippedText } from '../../src/messaging/templates/shipped.ts';
import type { AnyTemplateKey, Template } from '../../src/messaging/templates/template.ts';

const aText = (changed: Partial<Template>, key: AnyTemplateKey = 'expiry-near') => ({
  key,
  language: 'en' as const,
  content: { ...shippedText(key, 'en')!.content, ...changed },
});
const problemsOf = (changed: Partial<Template>, key?: AnyTemplateKey) =>
  findTemplateProblems(aText(changed, key)).map(({ path, message }) => `${path}: ${message}`);

describe('A text is refused that', () => {
  test.each([
    ['names what nobody fills in', '{{ phone }}', 'unknown variable: phone, line:1, col:4'],
    [
      'does so where a usual customer does not get',
      '{% if name == "x" %}{{ phone }}{% endif %}y',
      'unknown variable: phone',
    ],
    ['asks a value for its parts', '{{ name.size }}', 'unknown variable: name.size'],
    ['computes a name', '{{ name[contact] }}', 'unknown variable: name[contact]'],
    ['lets a value past the escaping', '{{ name | raw }}', 'undefined filter: raw, line:1, col:1'],
    ['uses a filter that is not needed', '{{ name | url_decode }}', 'undefined filter: url_decode'],
    ['reads files', '{% include "x" %}', 'tag "include" not found'],
    ['keeps state', '{% assign name = "x" %}', 'tag "assign" not found'],
    ['counts for ever', '{% for i in (1..100000000) %}x{% endfor %}', 'memory alloc limit exceeded'],
    ['does not end', '{% if name %}x', 'not closed'],
    ['has two lines', 'x\ny', 'Is one line'],
    ['says nothing to some', '{% if newPremium %}x{% endif %}', 'Is empty with some data'],
    ['takes too many parts', 'x'.repeat(460), 'Takes 4 parts'],
  ])('%s', (_, sms, message) => {
    expect(problemsOf({ sms }).join('\n')).toContain(message);
  });

  test('names a field that the lines of a list do not have', () => {
    const email = '{% for item in items %}\n- {{ item.phone }}\n{% endfor %}';

    expect(problemsOf({ email }, 'morning-digest')).toEqual(['email: unknown variable: item.phone, line:2, col:6']);
  });

  test('gives a name of customers to staff, or of staff to customers', () => {
    expect(problemsOf({ sms: '{{premium}}' }, 'hand-over')).toHaveLength(1);
    expect(problemsOf({ sms: '{{recipient}}' })).toHaveLength(1);
  });
});

describe('A text is approved with a warning that', () => {
  const warningsOf = (changed: Partial<Template>) =>
    findTemplateWarnings(aText(changed)).map(({ path, message }) => `${path}: ${message}`);

  test('does not say when the cover ends or whom to ask', () => {
    expect(warningsOf({ sms: 'Dear {{name}}, your cover ends on {{expiresOn}}.' })).toEqual([
      'sms: Does not name remaining',
      'sms: Does not name contact',
    ]);
  });

  test('becomes longer by a typographic character', () => {
    const { sms } = aText({}).content;

    expect(warningsOf({ sms: `${sms} Don’t wait.` })).toEqual([
      'sms: Takes 3 parts for a usual customer',
      "sms: ’ makes it UCS-2: 3 parts for a usual customer; 2 where Twilio's smart encoding is on",
    ]);
  });

  test('has an address in its SMS', () => {
    expect(warningsOf({ sms: `${aText({}).content.sms} https://x.example` })).toContain(
      'sms: Has an address; many providers hold such SMS back',
    );
  });
});
