import { Router } from 'express';
import type { PartState, Readiness } from './readiness.ts';

export type HomeParts = {
  version: string;
  publicUrl: string;
  readiness: () => Promise<Readiness>;
  /** Whether nothing goes to customers; false also where nobody can tell. */
  sendingStopped: () => Promise<boolean>;
  /** The stand-ins of the embedded stack; absent elsewhere. */
  embedded?: { temporalUi: string; mailPage?: string; smsPage?: string };
};

type Link = { href: string; text: string };

/** A plain page that says what runs here and where to go next. */
export function homePage(home: HomeParts): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    const state = home.embedded ? stateSection(await home.readiness(), await home.sendingStopped()) : '';
    const content = [state, linkSection(home), home.embedded ? tokenSection(home.publicUrl) : ''].join('\n');
    response.type('html').set('cache-control', 'no-store').send(pageAround(home.version, content));
  });
  return router;
}

function pageAround(version: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Xubao</title>
<style>
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1f2937 }
pre { background: #f3f4f6; padding: .75rem; overflow-x: auto; user-select: all }
td { padding: .1rem 1.5rem .1rem 0 }
.up { color: #15803d } .missing { color: #b91c1c }
</style>
</head>
<body>
<h1>Xubao 续保</h1>
<p>Version ${escaped(version)}. Every expiring policy gets one case that cannot be forgotten. <span lang="zh">每张到期保单都有人跟进。</span></p>
${content}
</body>
</html>
`;
}

const partNames: Record<keyof Readiness, string> = {
  postgresql: 'PostgreSQL',
  temporal: 'Temporal',
  workers: 'Worker <span lang="zh">工作进程</span>',
};
const stateNames: Record<PartState, string> = { up: 'up 正常', missing: 'missing 未就绪' };

function stateSection(readiness: Readiness, sendingStopped: boolean): string {
  const rows = (Object.keys(partNames) as (keyof Readiness)[]).map((part) => {
    const state = readiness[part];
    return `<tr><td>${partNames[part]}</td><td class="${state}">${stateNames[state]}</td></tr>`;
  });
  const sending = sendingStopped ? '<td class="missing">stopped 已停发</td>' : '<td class="up">on 正常</td>';
  const sendingRow = `<tr><td>Messages to customers <span lang="zh">客户消息</span></td>${sending}</tr>`;
  return `<h2>State <span lang="zh">状态</span></h2>\n<table>${rows.join('')}${sendingRow}</table>`;
}

function linkSection({ embedded }: HomeParts): string {
  const links: Link[] = [
    { href: '/docs', text: 'API description 接口文档' },
    { href: '/openapi.json', text: 'OpenAPI document' },
    ...(embedded ? [{ href: embedded.temporalUi, text: 'Temporal Web UI: every case 每个续保案件' }] : []),
    ...(embedded?.mailPage ? [{ href: embedded.mailPage, text: 'E-mails that went out 已发邮件' }] : []),
    ...(embedded?.smsPage ? [{ href: embedded.smsPage, text: 'Text messages that went out 已发短信' }] : []),
    { href: '/readyz', text: 'Readiness' },
  ];
  const items = links.map(({ href, text }) => `<li><a href="${escaped(href)}">${escaped(text)}</a></li>`);
  return `<h2>Links <span lang="zh">链接</span></h2>\n<ul>${items.join('')}</ul>`;
}

function tokenSection(publicUrl: string): string {
  const ask = `curl -s ${publicUrl}/dev/token -H 'content-type: application/json' -d '{"subject":"admin"}'`;
  const use = `curl -s ${publicUrl}/v1/renewals -H "authorization: Bearer $TOKEN"`;
  return `<h2>Token <span lang="zh">令牌</span></h2>
<p>A subject is a role name (agent, specialist, supervisor, call-centre, admin, …) or a staff number.
<span lang="zh">subject 填角色名或工号。</span></p>
<pre>${escaped(ask)}</pre>
<pre>${escaped(use)}</pre>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
