import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Exchange } from './recorded-exchanges.ts';

type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  [keyword: string]: unknown;
};
type Content = Record<string, { schema: Schema }>;
type Parameter = { name: string; in: 'path' | 'query'; schema: Schema };
type Operation = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};
type Path = Record<string, Operation> & { parameters?: Parameter[] };
export type Description = { paths: Record<string, Path>; components: { schemas: Record<string, Schema> } };

/** Twilio's own description of its API. */
export function readDescription(file: string): Description {
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Description;
}

/** Which operation an exchange is, and what in it the description does not allow. */
export function checkExchange(description: Description, exchange: Exchange): { operation: string; faults: string[] } {
  const found = findOperation(description, exchange);
  if (!found) return { operation: 'none', faults: [`${exchange.method} ${exchange.path} is not described`] };
  const { operation, path } = found;
  const faults = [
    ...faultsOf('path', objectOf(description, operation, 'path'), path),
    ...faultsOf('query', objectOf(description, operation, 'query'), exchange.query),
    ...formFaults(description, operation, exchange),
    ...answerFaults(description, operation, exchange),
  ];
  return { operation: operation.operationId, faults };
}

function findOperation({ paths }: Description, { method, path }: Exchange) {
  for (const [template, described] of Object.entries(paths)) {
    const pattern = template.replaceAll('.', String.raw`\.`).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/.]+)');
    const match = new RegExp(`^${pattern}$`).exec(path);
    const operation = described[method.toLowerCase()];
    if (match && operation) return { operation, path: { ...match.groups } };
  }
  return undefined;
}

function objectOf(description: Description, { parameters = [] }: Operation, place: 'path' | 'query'): Schema {
  const own = parameters.filter((parameter) => parameter.in === place);
  const properties = Object.fromEntries(own.map(({ name, schema }) => [name, inlined(description, schema)]));
  return { type: 'object', properties };
}

function formFaults(description: Description, { requestBody }: Operation, { form, contentType }: Exchange): string[] {
  const formType = 'application/x-www-form-urlencoded';
  const described = requestBody?.content[formType];
  if (!described) return Object.keys(form).map((name) => `form: ${name} is sent where nothing is described`);
  if (!contentType?.startsWith(formType)) return [`form: sent as ${contentType}`];
  return faultsOf('form', inlined(description, described.schema), form);
}

function answerFaults(description: Description, { responses }: Operation, { status, body }: Exchange): string[] {
  // Twilio describes no errors; they have one shape everywhere.
  if (status >= 400) return faultsOf('error', problem, body);
  const described = responses[String(status)];
  if (!described) return [`answer: ${status} is not described`];
  const schema = described.content?.['application/json']?.schema;
  if (!schema) return body === undefined ? [] : [`answer: ${status} has a body`];
  return faultsOf('answer', complete(inlined(description, schema)), body);
}

const problem = complete({
  type: 'object',
  properties: {
    code: { type: 'integer' },
    message: { type: 'string' },
    more_info: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
  },
});

function faultsOf(place: string, schema: Schema, value: unknown): string[] {
  const typed = place === 'query' || place === 'form' ? asTyped(schema, value as Exchange['form']) : value;
  const closed = { additionalProperties: false, ...schema } as Parameters<typeof z.fromJSONSchema>[0];
  const parsed = z.fromJSONSchema(closed, { defaultTarget: 'openapi-3.0' }).safeParse(typed);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${place}: ${path.join('.')} ${message}`);
}

/** Forms and queries carry text; what is meant is said by the type that is described. */
function asTyped({ properties = {} }: Schema, fields: Exchange['form']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const type = properties[name]?.type;
      if (type === 'integer' || type === 'number') return [name, Number(value)];
      if (type === 'boolean') return [name, value === 'true'];
      return [name, type === 'array' ? [value].flat() : value];
    }),
  );
}

/** Stricter than described: an answer has every field that is described and none beside. */
function complete(schema: Schema): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(items ? { items: complete(items) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, complete(one)])),
          required: Object.keys(properties),
          additionalProperties: false,
        }
      : {}),
  };
}

const rfc2822 = String.raw`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$`;
const patterns: Record<string, string> = {
  'date-time-rfc-2822': rfc2822,
  'phone-number': String.raw`^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$`,
  'date-time': String.raw`^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$`,
  // Of a page Twilio answers paths, of a callback it wants a whole address.
  uri: String.raw`^(https?:/)?/\S+$`,
};

/** Without references, and with its formats as patterns: the standard does not know them. */
function inlined(description: Description, schema: Schema): Schema {
  if (schema.$ref) {
    const name = schema.$ref.replace('#/components/schemas/', '');
    const named = description.components.schemas[name];
    if (!named) throw new Error(`the description has no schema ${name}`);
    return inlined(description, named);
  }
  const { format, properties, items, ...rest } = schema;
  const pattern = format === undefined ? undefined : patterns[format];
  const each = (one: Schema): Schema => inlined(description, one);
  return {
    ...rest,
    ...(pattern === undefined ? {} : { pattern }),
    ...(items ? { items: each(items) } : {}),
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, each(one)])) }
      : {}),
  };
}
