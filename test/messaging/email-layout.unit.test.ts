import { readFileSync } from 'node:fs';
import mjml2html from 'mjml';
import { expect, test } from 'vitest';

const source = new URL('../../src/messaging/layout/email.mjml', import.meta.url);

// `npx vitest run test/messaging/email-layout.unit.test.ts --update` writes the page anew after a change of its source.
test('the page around every e-mail is what MJML makes of its source', async () => {
  const { html, errors } = await mjml2html(readFileSync(source, 'utf8'), { fonts: {}, validationLevel: 'strict' });
  const lines = html.split('\n').map((line) => line.trimEnd());
  const compact = lines.filter((line) => line.trim() !== '').map((line) => line.replace(/^ +/, ''));

  expect(errors).toEqual([]);
  await expect(
    `/** Compiled from email.mjml; test/messaging/email-layout.unit.test.ts compares them. */\nexport const emailPage = \`${compact.join('\n')}\n\`;\n`,
  ).toMatchFileSnapshot('../../src/messaging/layout/email-page.ts');
});
