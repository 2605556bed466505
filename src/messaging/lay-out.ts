import { Liquid } from 'liquidjs';

/** `html` is the content: paragraphs and lists, everything in them escaped. Without it the text stands in its place. */
export type EmailContent = { language: string; subject: string; text: string; html?: string };

export type Footer = {
  /** The recipient's own link out of these mails; without one the mail has no such line. */
  unsubscribeUrl?: string;
};

const engine = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  outputEscape: 'escape',
});

const paragraphs = engine.parse(
  `{% for paragraph in paragraphs %}<p>{% for line in paragraph %}{{line}}{% unless forloop.last %}<br>{% endunless %}{% endfor %}</p>
{% endfor %}`,
);
const page = engine.parse(`<!doctype html>
<html lang="{{language}}"><head><meta charset="utf-8"><title>{{subject}}</title></head>
<body style="font-family:sans-serif;line-height:1.6;max-width:40em">
{{content | raw}}{% if unsubscribeUrl %}<p><a href="{{unsubscribeUrl}}">{{unsubscribe}}</a></p>{% endif %}</body></html>
`);

/** The whole e-mail out of its content: the page with its footer, and the same as plain text. */
export function layOut(email: EmailContent, { unsubscribeUrl }: Footer = {}): { text: string; html: string } {
  const { language, subject, text } = email;
  const unsubscribe = unsubscribeWords(language);
  const content = email.html ?? contentOf(text);
  const html = engine.renderSync(page, {
    language,
    subject,
    content,
    unsubscribeUrl: unsubscribeUrl ?? '',
    unsubscribe,
  });
  const footer = unsubscribeUrl === undefined ? '' : `\n\n${unsubscribe}: ${unsubscribeUrl}`;
  return { text: `${text}${footer}`, html: String(html) };
}

function contentOf(text: string): string {
  const parts = text.split(/\n{2,}/).map((paragraph) => paragraph.split('\n'));
  return String(engine.renderSync(paragraphs, { paragraphs: parts }));
}

function unsubscribeWords(language: string): string {
  return language.startsWith('zh') ? '不再接收此类邮件' : 'Stop these e-mails';
}
