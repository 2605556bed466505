import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { problemStatuses } from './problem-statuses.ts';
import { problemTitles } from './problem.ts';
import type { AnswerSpec, Route } from './route.ts';
import { problemDocument } from '../schemas/basics.ts';
import { completionBodies } from '../schemas/task-completion.ts';

export type Described = { version: string; publicUrl: string };

/** The OpenAPI 3.1 document of the declared routes; the same schemas check the requests. */
export function describeRoutes(routes: readonly Route[], { version, publicUrl }: Described) {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Xubao',
      version,
      description:
        'Keeps motor policies from lapsing: every expiring policy gets one case that cannot be forgotten. 续保：每张到期保单都有人跟进。',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths: describePaths(routes),
    components: {
      // Bodies that a task asks for by its kind: no route names them, only the completion refers to them.
      schemas: completionBodies,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  });
}

function describePaths(routes: readonly Route[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: describeRoute(route) };
  return paths;
}

function describeRoute(route: Route): ZodOpenApiOperationObject {
  const roles = route.roles === 'anyone' ? '' : `Roles: ${route.roles.join(', ')}.`;
  return {
    operationId: operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, roles].filter(Boolean).join(' '),
    security: route.roles === 'anyone' ? [] : [{ bearer: [] }],
    requestParams: {
      ...(route.params ? { path: route.params } : {}),
      ...(route.query ? { query: route.query } : {}),
      ...describeHeaders(route),
    },
    ...(route.body ? { requestBody: describeBody(route, route.body) } : {}),
    responses: describeAnswers(route),
  };
}

function describeHeaders({ idempotent, signedBy }: Route) {
  if (signedBy) return { header: z.object({ 'X-Twilio-Signature': twilioSignature }) };
  return idempotent ? { header: z.object({ 'Idempotency-Key': idempotencyKey }) } : {};
}

const twilioSignature = z
  .string()
  .meta({ description: 'Over the address of this path under the public URL and the fields of the form' });

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .meta({ description: 'Of your own choice; the same key and request get the same answer and change things once' });

function operationIdOf({ method, path }: Route): string {
  const words = path.split(/[/{}.-]+/).filter((word) => word !== '' && word !== 'v1');
  return [method, ...words]
    .map((word, place) => (place === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}

function describeBody(route: Route, body: z.ZodType) {
  if (route.signedBy) return { required: true, content: { 'application/x-www-form-urlencoded': { schema: body } } };
  if (!route.upload)
    return { required: !body.safeParse(undefined).success, content: { 'application/json': { schema: body } } };
  const file = z.string().meta({ format: 'binary', description: `At most ${route.upload.maxBytes / 1_000_000} MB` });
  const form = body instanceof z.ZodObject ? body.extend({ file }) : z.object({ file });
  return { required: true, content: { 'multipart/form-data': { schema: form } } };
}

function describeAnswers(route: Route): ZodOpenApiResponsesObject {
  const answers = Object.entries(route.answers).map(([status, spec]) => [status, describeAnswer(spec)] as const);
  const problems = problemStatuses(route).map((status) => [String(status), describeProblem(status)] as const);
  return Object.fromEntries([...problems, ...answers]) as ZodOpenApiResponsesObject;
}

function describeAnswer({ description, schema, mediaTypes, example }: AnswerSpec) {
  const types = mediaTypes ?? (schema ? ['application/json'] : []);
  const json = { ...(schema ? { schema } : {}), ...(example === undefined ? {} : { example }) };
  const content = types.map((type) => [type, type === 'application/json' ? json : { schema: z.string() }] as const);
  return { description, ...(content.length > 0 ? { content: Object.fromEntries(content) } : {}) };
}

const retryAfter = z.string().meta({ description: 'Seconds to wait' });

function describeProblem(status: number) {
  return {
    description: problemTitles[status] ?? 'Refused',
    ...(status === 429 || status === 503 ? { headers: z.object({ 'Retry-After': retryAfter }) } : {}),
    content: { 'application/problem+json': { schema: problemDocument } },
  };
}
