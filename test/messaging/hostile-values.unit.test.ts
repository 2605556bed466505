import { fc } from '@fast-check/vitest';
import { createTransport } from 'nodemailer';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { layOut } from '../../src/messaging/lay-out.ts';
import { renderText, type TextFacts } from '../../src/messaging/render.ts';
import { measureSms, mostSegments } from '../../src/messaging/segments.ts';
import { staffVariables, type StaffRequest } from '../../src/messaging/templates/staff-variables.ts';
import { staffSamples } from '../../src/messaging/templates/sample-facts.ts';
import { shippedText } from '../../src/messaging/templates/shipped.ts';
import { templateKeys } from '../../src/messaging/templates/template.ts';
import { writeStaffMail } from '../../src/messaging/staff-mail.ts';

const nasty = fc.constantFrom(
  '{{policyNumber}}',
  '{% for i in (1..1000000) %}x{% endfor %}',
  '{%- raw -%}',
  '\r\nBcc: x@evil.example\r\n\r\n',
  '</p><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '[pay here](https://evil.example)',
  '\u2028\u0000\u202e',
  '👨‍👩‍👧‍👦'.repeat(40),
  '€^{}[]~|'.repeat(30),
);
const value = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 80 }));
const orNull = fc.option(value, { nil: null });
const day = fc
  .integer({ min: 0, max: 800 })
  .map((days) => new Date(Date.UTC(2027, 0, 1 + days)).toISOString().slice(0, 10));

const facts: fc.Arbitrary<Omit<TextFacts, 'channel'>> = fc.record({
  template: fc.constantFrom(...templateKeys),
  language: fc.constantFrom('zh-CN', 'zh', 'en', 'es'),
  today: day,
  expiresOn: day,
  name: value,
  plate: orNull,
  model: orNull,
  policyNumber: fc.string({ maxLength: 30 }),
  covers: fc.array(fc.constantFrom('compulsory', 'commercial', 'motor', '<b>'), { minLength: 1, maxLength: 4 }),
  premium: fc.constantFrom('0.01', '123456.00'),
  newPolicyNumber: fc.option(fc.string({ maxLength: 30 }), { nil: null }),
  newPremium: fc.constantFrom(null, '5180.00'),
  contact: orNull,
});

const shipped = shippedText('escalation', 'en')!;
const [escalation] = staffSamples('escalation', 'en').filter((sample) => sample.template === 'escalation') as [
  StaffRequest & { template: 'escalation' },
];

describe('Whatever a list says of a customer', () => {
  test('an SMS is one line of at most three parts', () => {
    fc.assert(
      fc.property(facts, (said) => {
        const { body, subject, segments } = renderText({ ...said, channel: 'sms' });

        expect(`${body}${subject}`).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(segments).toBe(measureSms(body).segments);
        expect(segments).toBeLessThanOrEqual(mostSegments);
      }),
    );
  });

  test('a page has the tags of its template and no others', () => {
    fc.assert(
      fc.property(facts, (said) => {
        const { body: text, subject, language, html } = renderText({ ...said, channel: 'email' });
        const page = layOut({ language, subject, text, html: html ?? '' }).html;

        expect(otherTags(html ?? '', /^<\/?(p|ul|li|br|h2)>$/)).toEqual([]);
        expect(page).not.toMatch(/<(script|img)/);
      }),
    );
  });

  test('a mail has the headers that we gave it', async () => {
    await fc.assert(
      fc.asyncProperty(facts, async (said) => {
        const { subject, body: text } = renderText({ ...said, channel: 'email' });
        const transport = createTransport({ streamTransport: true, buffer: true });
        const { message } = await transport.sendMail({ from: 'a@xubao.example', to: 'b@xubao.example', subject, text });
        const { headers, to } = await simpleParser(message);

        expect([...headers.keys()]).not.toContain('bcc');
        expect([to].flat().map((address) => address?.text)).toEqual(['b@xubao.example']);
      }),
      { numRuns: 40 },
    );
  });

  test('a mail to staff keeps to its lines and tags', () => {
    fc.assert(
      fc.property(value, orNull, value, (name, plate, owner) => {
        const { facts: usual } = escalation;
        const said = { ...usual, recipient: name, owner, item: { ...usual.item, customer: name, plate } };
        const { subject, html } = writeStaffMail(shipped, staffVariables({ ...escalation, facts: said }));

        expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(otherTags(html, /^<\/?(p|ul|li|br|a)>$/)).toEqual([`<a href="${usual.link}">`]);
      }),
    );
  });
});

function otherTags(html: string, known: RegExp): string[] {
  return (html.match(/<[^>]*>/g) ?? []).filter((tag) => !known.test(tag));
}
