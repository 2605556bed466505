import { describe, expect, test } from 'vitest';
import { layOut } from '../../src/messaging/lay-out.ts';
import { renderText, type TextFacts } from '../../src/messaging/render.ts';
import { templateKeys } from '../../src/messaging/templates/template.ts';

const aText = (changed: Partial<TextFacts> = {}): TextFacts => ({
  template: 'expiry-near',
  channel: 'sms',
  language: 'zh-CN',
  today: '2027-03-16',
  expiresOn: '2027-03-31',
  name: '王芳',
  plate: '鲁AD63608',
  model: null,
  policyNumber: 'PDAA2026001',
  covers: ['commercial'],
  premium: '5418.68',
  newPolicyNumber: null,
  newPremium: null,
  contact: '李四',
  ...changed,
});

const everyText = templateKeys.flatMap((template) =>
  ['zh-CN', 'en'].flatMap((language) =>
    (['sms', 'email'] as const).map((channel) => ({ template, language, channel })),
  ),
);

describe('A message text', () => {
  test.each(everyText)('$template exists in $language by $channel and leaves nothing open', (which) => {
    const { subject, body } = renderText(aText(which));
    expect(body).toContain('李四');
    expect(`${subject}${body}`).not.toMatch(/[{}]|undefined|null|\(\)|（）/);
  });

  test.each([
    ['zh-CN', 100],
    ['en', 240],
  ])('by SMS is short in %s: at most %i characters', (language, most) => {
    const lengths = templateKeys.map((template) => renderText(aText({ template, language })).body.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(most);
  });

  test.each([
    ['2027-03-16', '还有15天', 'in 15 days'],
    ['2027-03-28', '还有3天', 'in 3 days'],
    ['2027-03-30', '还有1天', 'tomorrow'],
    ['2027-03-31', '今天', 'today'],
  ])('sent on %s it counts the days from that day: %s', (today, chinese, english) => {
    expect(renderText(aText({ today })).body).toContain(chinese);
    expect(renderText(aText({ today, language: 'en' })).body).toContain(english);
  });

  test('names both covers when companion policies share it, and each once', () => {
    const covers = ['compulsory', 'commercial', 'commercial'];
    expect(renderText(aText({ covers })).body).toContain('的交强险、商业险将于2027年3月31日到期');
    expect(renderText(aText({ covers, language: 'en' })).body).toContain('compulsory and commercial motor insurance');
  });

  test('masks the plate, and names the model where there is no plate', () => {
    expect(renderText(aText()).body).toContain('鲁A***08');
    expect(renderText(aText()).body).not.toContain('鲁AD63608');
    expect(renderText(aText({ plate: null, model: '五菱LZW6450' })).body).toContain('您五菱LZW6450的商业险');
  });

  test('reads well when neither plate nor model is known', () => {
    expect(renderText(aText({ plate: null })).body).toContain('您的商业险');
    expect(renderText(aText({ plate: null, language: 'en' })).body).toContain(
      'your commercial motor insurance ends on 31 Mar 2027',
    );
  });

  test('confirms a renewal with the new policy number, the cover and the new premium', () => {
    const { body } = renderText(
      aText({ template: 'renewal-confirmation', newPolicyNumber: 'NEW1', newPremium: '4800.00' }),
    );
    expect(body).toContain('商业险已续保，新保单号NEW1，保费4800.00元');
  });

  test('does not pass the last premium off as the new one', () => {
    for (const [language, sms, line] of [
      ['zh-CN', '新保单号NEW1。感谢', '新保单号：NEW1\n\n请核对'],
      ['en', 'New policy NEW1. Thank you', 'New policy: NEW1\n\nPlease check'],
    ] as const) {
      const confirmed = aText({ template: 'renewal-confirmation', newPolicyNumber: 'NEW1', language });
      const written = [renderText(confirmed), renderText({ ...confirmed, channel: 'email' })];

      expect(written.map(({ body }) => body)).toEqual([expect.stringContaining(sms), expect.stringContaining(line)]);
      for (const { body, html } of written) expect(`${body}${html}`).not.toMatch(/5418|保费|premium/i);
    }
  });

  test('names a role where nobody knows the name of who signs', () => {
    expect(renderText(aText({ contact: null })).body).toContain('续保专员');
    expect(renderText(aText({ contact: null, language: 'en' })).body).toContain('your renewal specialist');
  });

  test('is refused for a template that nobody wrote, also for one named like a part of every object', () => {
    for (const template of ['no-such-template', 'constructor', '__proto__']) {
      expect(() => renderText(aText({ template }))).toThrow('No message template');
    }
  });
});

describe('A value from a list', () => {
  const hostile = '{{ policyNumber }}{% assign x = 1 %}';

  test('is never read as template syntax', () => {
    expect(renderText(aText({ name: hostile })).body).toContain(hostile);
  });

  test('stays on one line, so that it can forge neither a header nor a second message', () => {
    const { subject, body } = renderText(aText({ name: '王\r\nBcc: x@example.com\u2028\u0000芳', contact: 'a\nb' }));
    expect(`${subject}${body}`).not.toMatch(/\p{Cc}|\p{Zl}/u);
  });

  test('cannot make a message endless', () => {
    expect(renderText(aText({ name: '王'.repeat(10_000) })).body.length).toBeLessThan(200);
  });

  test('is escaped in HTML', () => {
    const { html } = layOut({ language: 'en', subject: '<b>', text: 'Dear <script>alert(1)</script> & co\n\n"x"\nb' });
    expect(html).toContain('<p>Dear &lt;script&gt;alert(1)&lt;/script&gt; &amp; co</p>');
    expect(html).toContain('<title>&lt;b&gt;</title>');
    expect(html).toContain('<p>&quot;x&quot;<br>b</p>');
  });
});
