import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import type { TemplateContent } from '../db/schema/templates.ts';
import { draftTemplate } from '../db/templates/draft-template.ts';
import { readTemplateRows, type TemplateRow } from '../db/templates/template-rows.ts';
import type { Role } from '../db/staff/staff-records.ts';
import { findTemplateProblems } from '../messaging/templates/check-template.ts';
import { everyTemplateKey, isStaffTemplate, templateLanguages } from '../messaging/templates/template.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { badFields } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { listOf } from './schemas/basics.ts';
import { newTemplate, templateFilters, templatePage, templateParams, templateSummary } from './schemas/templates.ts';
import { approveRoute, retireRoute } from './template-approval.ts';
import {
  readTemplateAnswer,
  readTemplateId,
  readVersion,
  shippedVersion,
  versionAnswer,
  type TemplateParts,
  type TextName,
} from './template-answer.ts';
import { previewTemplateRoute } from './template-preview.ts';

const tag = 'templates';
const readers: readonly Role[] = ['admin', 'channel-manager', 'auditor'];
const shownVersions = 50;

const everyText: readonly TextName[] = everyTemplateKey.flatMap((key) =>
  templateLanguages.map((language) => ({ key, language })),
);

export function templateRoutes(parts: TemplateParts): Route[] {
  return [
    listRoute(parts),
    oneRoute(parts),
    draftRoute(parts),
    previewTemplateRoute(parts),
    approveRoute(parts),
    retireRoute(parts),
  ];
}

function listRoute({ db }: TemplateParts): Route {
  return route({
    method: 'get',
    path: '/v1/templates',
    summary: 'The texts of messages, their versions and which of them is in force',
    tag,
    roles: readers,
    query: templateFilters,
    answers: {
      200: { description: 'One page, in the order in which a case sends them', schema: listOf(templateSummary) },
    },
    handle: async ({ query: { key, language, limit, cursor: written } }) => {
      const after = readCursor('templates', z.object({ key: z.string(), language: z.string() }), written);
      const isLast = (text: TextName): boolean => text.key === after?.key && text.language === after.language;
      const ahead = everyText
        .slice(everyText.findIndex(isLast) + 1)
        .filter((text) => (key ?? text.key) === text.key && (language ?? text.language) === text.language);
      const rows = await readTemplateRows(db);
      const item = (text: TextName) => summaryOf(text, rows);
      const cursor = (text: TextName): string => writeCursor('templates', text);
      return { status: 200, body: pageOf(ahead.slice(0, limit + 1), limit, { item, cursor }) };
    },
  });
}

function summaryOf(text: TextName, rows: readonly TemplateRow[]) {
  const own = rows.filter((row) => row.key === text.key && row.language === text.language);
  const inForce = own.find(({ state }) => state === 'approved')?.version ?? 0;
  const shown = own.filter((row, index) => index < shownVersions || row.version === inForce);
  const versions = [...shown, shippedVersion(text)].map((row) => versionAnswer(row, inForce));
  return { ...text, audience: isStaffTemplate(text.key) ? 'staff' : 'customer', inForce, versions };
}

function oneRoute({ db }: TemplateParts): Route {
  return route({
    method: 'get',
    path: '/v1/templates/{id}',
    summary: 'A version of a text, what it may name, what keeps it from being approved, and what it would change',
    tag,
    roles: readers,
    params: templateParams,
    reach: 'unscoped',
    answers: { 200: { description: 'The version', schema: templatePage } },
    handle: async ({ params }) => ({ status: 200, body: await readTemplateAnswer(db, readTemplateId(params.id)) }),
  });
}

function draftRoute({ db }: TemplateParts): Route {
  return route({
    method: 'post',
    path: '/v1/templates',
    summary: 'Draft a version of a text: new content, or that of another version',
    description:
      'Liquid with the variables that `GET /v1/templates/{id}` names; a text that could break, that names something else or whose SMS takes more than three parts is refused, with line and column. Somebody else approves it. A draft never changes; write another one.',
    tag,
    roles: ['admin'],
    body: newTemplate,
    answers: { 201: { description: 'The draft', schema: templatePage } },
    handle: async ({ person, body, id }) => {
      const { key, language, copyOf, note } = body;
      const content = await contentOf(db, body);
      const problems = findTemplateProblems({ key, language, content });
      if (problems.length > 0)
        throw badFields(problems.map(({ path, message }) => ({ path: `content.${path}`, message })));
      const draft = { key, language, content, copyOf, note, by: person.id, requestId: id };
      const row = await db.transaction((tx) => draftTemplate(tx, draft));
      return { status: 201, body: await readTemplateAnswer(db, { key, language, version: row.version }) };
    },
  });
}

/** Line ends of other systems are not what anybody meant. */
async function contentOf(
  db: Db,
  { key, language, content, copyOf }: z.output<typeof newTemplate>,
): Promise<TemplateContent> {
  if (content) {
    const { providerTemplates, ...texts } = content;
    const codes = providerTemplates === undefined ? {} : { providerTemplates };
    return { ...texts, email: texts.email.replaceAll(/\r\n?/g, '\n'), ...codes };
  }
  const copied = await readVersion(db, { key, language, version: copyOf ?? 0 }).catch(() => undefined);
  if (!copied) throw badFields([{ path: 'copyOf', message: 'There is no such version' }]);
  return copied.content;
}
