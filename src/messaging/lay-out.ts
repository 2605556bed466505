import { emailPage } from './layout/email-page.ts';
import { escapeHtml } from './markup.ts';

/** The page around an e-mail, counted up with every change of it: messages remember which one they went in. */
export const layoutVersion = 1;

/** `html` is the content: paragraphs and lists, everything in them escaped. Without it the text stands in its place. */
export type EmailContent = { language: string; subject: string; text: string; html?: string };

export type Footer = {
  /** The recipient's own link out of these mails; without one the mail has no such line. */
  unsubscribeUrl?: string;
};

const places = /%%(\w+)%%/;
const page = emailPage.split(places);

/** The whole e-mail out of its content: the page with its footer, and the same as plain text. */
export function layOut(email: EmailContent, { unsubscribeUrl }: Footer = {}): { text: string; html: string } {
  const { language, subject, text } = email;
  const words = unsubscribeWords(language);
  const href = unsubscribeUrl === undefined ? '' : escapeHtml(unsubscribeUrl);
  const written: Record<string, string> = {
    language: escapeHtml(language),
    subject: escapeHtml(subject),
    content: email.html ?? paragraphsOf(text),
    footer: href === '' ? '' : `<p class="footer" style="font-size:13px"><a href="${href}">${words}</a></p>`,
  };
  const html = page.map((part, index) => (index % 2 === 0 ? part : (written[part] ?? ''))).join('');
  return { html, text: unsubscribeUrl === undefined ? text : `${text}\n\n${words}: ${unsubscribeUrl}` };
}

/** Of a text that nobody wrote as a template. */
function paragraphsOf(text: string): string {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => escapeHtml(paragraph).replaceAll('\n', '<br>'));
  return paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
}

function unsubscribeWords(language: string): string {
  return language.startsWith('zh') ? '不再接收此类邮件' : 'Stop these e-mails';
}
