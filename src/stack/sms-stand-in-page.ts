import type { TakenMessage } from './sms-stand-in-messages.ts';

const shown = 200;

/** A plain page with the newest messages, on which a person can answer for the phone. */
export function messagesPage(messages: readonly TakenMessage[]): string {
  const rows = messages.slice(0, shown).map(rowOf).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Text messages 短信</title>
<style>
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem; color: #1f2937 }
td, th { padding: .25rem 1rem .25rem 0; text-align: left; vertical-align: top }
</style>
</head>
<body>
<h1>Text messages <span lang="zh">短信</span></h1>
<p>${messages.length} in all; they went to nobody. <a href="/messages">As JSON</a></p>
<table>
<tr><th>at</th><th>from</th><th>to</th><th>status</th><th>text</th><th></th></tr>
${rows}
</table>
</body>
</html>
`;
}

function rowOf(message: TakenMessage): string {
  const { at, from, to, status, errorCode, body } = message;
  const cells = [at, from, to, errorCode === undefined ? status : `${status} ${errorCode}`, body];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}<td>${replyForm(message)}</td></tr>`;
}

function replyForm({ to, direction }: TakenMessage): string {
  if (direction === 'inbound') return '';
  const action = `/phones/${encodeURIComponent(to)}/texts`;
  return `<form method="post" action="${escaped(action)}"><button name="body" value="STOP">reply STOP</button></form>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
