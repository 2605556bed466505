import { describe, expect, test } from 'vitest';
import { renderText } from '../../src/messaging/render.ts';
import { measureSms } from '../../src/messaging/segments.ts';
import { writeStaffMail } from '../../src/messaging/staff-mail.ts';
import { findTemplateProblems, findTemplateWarnings } from '../../src/messaging/templates/check-template.ts';
import { customerSamples, staffSamples } from '../../src/messaging/templates/sample-facts.ts';
import { shippedText } from '../../src/messaging/templates/shipped.ts';
import { staffTemplateKeys } from '../../src/messaging/templates/staff-facts.ts';
import { staffVariables } from '../../src/messaging/templates/staff-variables.ts';
import { everyTemplateKey, templateKeys, templateLanguages } from '../../src/messaging/templates/template.ts';

const everyText = everyTemplateKey.flatMap((key) => templateLanguages.map((language) => ({ key, language })));
const toCustomers = templateKeys.flatMap((key) => templateLanguages.map((language) => ({ key, language })));
const toStaff = staffTemplateKeys.flatMap((key) => templateLanguages.map((language) => ({ key, language })));

const shipped = (key: string, language: (typeof templateLanguages)[number]) => {
  const version = shippedText(key, language);
  if (!version) throw new Error('every text ships');
  return version;
};

describe('A text that ships', () => {
  test.each(everyText)('$key in $language has nothing that would keep it from being approved', ({ key, language }) => {
    const text = { key, language, content: shipped(key, language).content };

    expect(findTemplateProblems(text)).toEqual([]);
    expect(findTemplateWarnings(text)).toEqual([]);
  });

  test.each(toCustomers)('$key in $language takes one SMS for a usual customer, and two for most', (which) => {
    const [usual, longest] = customerSamples(which.language).map((sample) => {
      const { body } = renderText({ ...sample, template: which.key, channel: 'sms', language: which.language });
      return measureSms(body).segments;
    });

    expect(usual).toBeLessThanOrEqual(which.key === 'renewal-confirmation' ? 2 : 1);
    expect(longest).toBeLessThanOrEqual(2);
  });

  test.each(toStaff)('$key in $language masks names and plates and leaves nothing open', ({ key, language }) => {
    for (const sample of staffSamples(key, language)) {
      const { subject, text, html, sms } = writeStaffMail(shipped(key, language), staffVariables(sample));

      expect(`${subject}${text}${sms}${html}`).not.toMatch(/王芳|AD63608|[{}]|undefined|null|\(\)|（）/);
      expect(text).toContain('https://xubao.example/');
    }
  });
});
