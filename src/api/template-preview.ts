import { previewForCase, previewWithSample, type TextPreview } from '../messaging/preview-text.ts';
import { findTemplateProblems, findTemplateWarnings } from '../messaging/templates/check-template.ts';
import { isStaffTemplate } from '../messaging/templates/template.ts';
import { mayReach } from '../reporting/scope/reach.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { badFields, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { previewedTemplate, templateParams, templatePreview } from './schemas/templates.ts';
import { readTemplateId, readVersion, type TemplateParts, type TextName } from './template-answer.ts';

/** Shows a text as it would be sent, and sends nothing. */
export function previewTemplateRoute(parts: TemplateParts): Route {
  const { db } = parts;
  return route({
    method: 'post',
    path: '/v1/templates/{id}/preview',
    summary: 'A text as it would be sent today, by SMS and by e-mail, and how long its SMS is',
    description:
      'With the data of a case that you may see, or with an example. The name of the customer is masked in what is shown and counted whole; the case’s own language does not matter, the version’s does.',
    tag: 'templates',
    roles: ['admin', 'channel-manager'],
    idempotent: false,
    params: templateParams,
    reach: 'unscoped',
    body: previewedTemplate,
    answers: { 200: { description: 'Both forms of the text', schema: templatePreview } },
    handle: async ({ person, params, body }) => {
      const { key, language, version } = readTemplateId(params.id);
      const { content } = await readVersion(db, { key, language, version });
      const problems = findTemplateProblems({ key, language, content });
      if (problems.length > 0) throw badFields(problems);
      const previewed = { language, version: { version, content }, signature: body.signature };
      const shown = await preview(parts, person, { key, renewalId: body.renewalId, ...previewed });
      const warnings = findTemplateWarnings({ key, language, content });
      return { status: 200, body: { id: params.id, ...shown, warnings } };
    },
  });
}

type Asked = TextName & {
  renewalId: string | undefined;
  version: Parameters<typeof previewWithSample>[1]['version'];
  signature: string | undefined;
};

async function preview(
  { db, calendar }: TemplateParts,
  person: Viewer,
  { key, renewalId, ...previewed }: Asked,
): Promise<TextPreview> {
  if (renewalId === undefined) return previewWithSample(key, previewed);
  if (isStaffTemplate(key))
    throw badFields([{ path: 'renewalId', message: 'A text to staff is shown with an example only' }]);
  if (!(await mayReach(db, person, { reach: 'renewal', id: renewalId }))) throw notFound('renewal');
  return previewForCase(db, { key, renewalId, ...previewed }, calendar);
}
