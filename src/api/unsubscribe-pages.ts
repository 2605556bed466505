export type UnsubscribePage = 'question' | 'done' | 'unknown';

type Words = { title: string; lines: string; button?: string };

const english: Record<UnsubscribePage, Words> = {
  question: {
    title: 'Renewal reminders by e-mail',
    lines: 'Do you want no more reminders by e-mail that a policy of yours expires?',
    button: 'Stop these e-mails',
  },
  done: {
    title: 'Done',
    lines: 'You get no more renewal reminders by e-mail. What you buy is still confirmed to you.',
  },
  unknown: { title: 'This link is not known', lines: 'Please use the link out of the e-mail as it is.' },
};

const chinese: Record<UnsubscribePage, Words> = {
  question: { title: '邮件续保提醒', lines: '是否不再通过邮件接收保单到期提醒？', button: '不再接收此类邮件' },
  done: { title: '已退订', lines: '您将不再收到续保提醒邮件。您办理的业务仍会向您确认。' },
  unknown: { title: '链接无效', lines: '请原样使用邮件中的链接。' },
};

/**
 * A small page in one language, in both where nobody knows which: no script, nothing of the customer, and a button that
 * posts to the page's own address.
 */
export function unsubscribePages(language: string | undefined, page: UnsubscribePage): string {
  const shown = language === undefined ? [chinese, english] : [language.startsWith('zh') ? chinese : english];
  const sections = shown.map((words) => section(words[page], words === chinese ? 'zh' : 'en'));
  return `<!doctype html>
<html lang="${shown[0] === chinese ? 'zh' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${shown[0]?.[page].title ?? ''}</title>
<style>
body { font: 16px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; color: #1f2937 }
button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: .3rem; background: #0958d9; color: #fff }
</style>
</head>
<body>
${sections.join('\n')}
</body>
</html>
`;
}

function section({ title, lines, button }: Words, language: string): string {
  const form = button === undefined ? '' : `\n<form method="post"><button type="submit">${button}</button></form>`;
  return `<section lang="${language}">\n<h1>${title}</h1>\n<p>${lines}</p>${form}\n</section>`;
}
