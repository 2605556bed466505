import { describe, expect, test } from 'vitest';
import { fillIn, fillInHtml } from '../../src/messaging/liquid.ts';
import { checkMarkup, htmlSource, textSource } from '../../src/messaging/markup.ts';

const source = `# To {{name}}

Dear {{name}},
see [your case]({{link}}), please.

{% if items.size > 0 %}

{% for item in items %}
- {{item.why}} <b>
{% endfor %}

{% endif %}

Bye`;
const values = { name: 'Li', link: 'https://xubao.example/1?a=1&b=2', items: [{ why: 'call' }, { why: 'visit' }] };

describe('An e-mail as an author writes it', () => {
  test('becomes headings, paragraphs, lists and links', () => {
    const html = fillInHtml(htmlSource(source), values).replaceAll(/\n+/g, '\n');

    expect(html.split('\n')).toEqual([
      '<h2>To Li</h2>',
      '<p>Dear Li,<br>see <a href="https://xubao.example/1?a=1&amp;b=2">your case</a>, please.</p>',
      '<ul><li>call &lt;b&gt;</li><li>visit &lt;b&gt;</li></ul>',
      '<p>Bye</p>',
    ]);
  });

  test('becomes plain text with its addresses written out', () => {
    const text = fillIn(textSource(source), values).replaceAll(/\n{3,}/g, '\n\n');

    expect(text).toContain('Dear Li,\nsee your case: https://xubao.example/1?a=1&b=2 , please.\n');
    expect(text).toContain('- call <b>\n- visit <b>\n');
  });

  test('is text where a value looks like markup, a tag or a template', () => {
    const hostile = '{{link}}[x](https://evil.example)<img src=x onerror=alert(1)>"\'&\n\n# big\n- item';
    const html = fillInHtml(htmlSource(source), { ...values, name: hostile, items: [] });

    expect(html).not.toMatch(/<(img|li|a href="https:\/\/evil)/);
    expect(html.match(/<h2>/g)).toHaveLength(1);
    expect(html).toContain('{{link}}[x](https://evil.example)&lt;img src=x onerror=alert(1)&gt;&#34;&#39;&amp;');
  });

  test('links to nothing but a variable for links and https pages', () => {
    const html = htmlSource('[a](javascript:alert(1)) [b]({{name}}) [c](http://x.example) [d](https://x.example/y)');

    expect(html).toBe(
      '<p>[a](javascript:alert(1)) [b]({{name}}) [c](http://x.example) <a href="https://x.example/y">d</a></p>',
    );
  });

  test.each([
    ['a {% if name %}\n\nb\n\n{% endif %}', 1],
    ['a\n\n- b\nc', 3],
    ['# a\nb', 1],
    ['a\n{% if name %}\n\nb', 1],
    ['- a\n{% else %}\n- b', 1],
    ['a\n\nb {% endif %}{% if name %}', 3],
    ['a {{ name', 1],
    ['a\n\n{% if name\n%}b{% endif %}', 3],
  ])('is refused where its HTML could come out unfinished: %j', (broken, line) => {
    expect(checkMarkup(broken)[0]).toMatchObject({ line });
  });

  test('may choose between paragraphs, lines and words', () => {
    const fine =
      '{% if a %}\n\nb\n\n{% else %}\n\n- c\n{% for d in e %}\n- f\n{% endfor %}\n\n{% endif %}\n\n{% if g %}h{% else %}i{% endif %} j';

    expect(checkMarkup(fine)).toEqual([]);
  });
});
