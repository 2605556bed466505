import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runApi, type RunningApi } from '../api/running-api.ts';
import { operationsOf, readDocument, walk, type OpenApi, type Placed, type Schema } from './document.ts';

let api: RunningApi;
let document: OpenApi;
let operations: Placed[];
beforeAll(async () => {
  api = await runApi();
  document = await readDocument(api.url);
  operations = operationsOf(document);
});
afterAll(() => api.close());

const broken = (isBroken: (placed: Placed) => boolean): string[] =>
  operations.filter(isBroken).map(({ place }) => place);

/** A schema of the document as a check, with the components that it refers to. */
function checkOf(schema: Schema): z.ZodType {
  const written = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const inOnePiece = written.replaceAll('"#/components/schemas/', '"#/$defs/');
  return z.fromJSONSchema(JSON.parse(inOnePiece) as Parameters<typeof z.fromJSONSchema>[0]);
}

type Example = { place: string; schema: Schema; example: unknown };

function wrongExample({ place, schema, example }: Example): string[] {
  const checked = checkOf(schema).safeParse(example);
  return checked.success ? [] : [`${place}: ${z.prettifyError(checked.error)}`];
}

describe('In the OpenAPI document every operation', () => {
  test('has a name of its own, a summary, a description that names its roles, and a declared tag', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    expect(broken(({ operation }) => !operation.summary)).toEqual([]);
    const isOpen = ({ operation }: Placed): boolean => operation.security?.length === 0;
    expect(broken((placed) => !isOpen(placed) && !placed.operation.description?.includes('Roles: '))).toEqual([]);
    const tags = new Set(document.tags.map(({ name }) => name));
    expect(broken(({ operation }) => !operation.tags?.every((tag) => tags.has(tag)))).toEqual([]);
  });

  test('declares exactly the parameters of its path', () => {
    const inPath = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).toSorted();
    const declared = ({ operation }: Placed): string[] =>
      (operation.parameters ?? []).flatMap((one) => (one.in === 'path' && one.required ? [one.name] : [])).toSorted();
    expect(broken((placed) => inPath(placed.path).join() !== declared(placed).join())).toEqual([]);
  });

  test('says what success looks like, and answers every refusal as the problem document', () => {
    expect(
      broken(({ operation }) => !Object.keys(operation.responses).some((status) => status.startsWith('2'))),
    ).toEqual([]);
    const refusals = operations.flatMap(({ place, operation }) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) =>
        status >= '400' ? [{ place: `${place} ${status}`, content }] : [],
      ),
    );
    const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    // Customers with a browser get a page.
    const ofPrograms = refusals.filter(({ place }) => !/^\w+ \/u\/\{token\} 404$/.test(place));
    expect(ofPrograms.filter(({ content }) => JSON.stringify(content) !== JSON.stringify(problem))).toEqual([]);
  });

  test('says how long to wait where it says to wait', () => {
    const silent = ({ operation }: Placed): boolean =>
      ['429', '503'].some((status) => !JSON.stringify(operation.responses[status]?.headers).includes('Retry-After'));
    expect(broken(silent)).toEqual([]);
  });

  test('that changes something takes an Idempotency-Key', () => {
    const keyless = broken(
      ({ method, operation }) =>
        method === 'post' &&
        !operation.parameters?.some(({ name, required }) => name === 'Idempotency-Key' && required),
    );
    // Those who are told, not asked (api.md, Conventions), the embedded stack's tokens, and a look that changes nothing.
    const others =
      /^POST (\/v1\/webhooks\/|\/u\/|\/dev\/token$|\/v1\/(stage-plans\/\{version\}|templates\/\{id\})\/preview$)/;
    expect(keyless.filter((place) => !others.test(place))).toEqual([]);
  });
});

describe('In the OpenAPI document', () => {
  test('every request refuses fields that it does not know', () => {
    const open = operations.flatMap(({ place, operation }) =>
      [...walk(operation.requestBody ?? {})].flatMap(({ place: at, value }) => {
        const schema = value as Schema | null;
        const isObject = typeof schema === 'object' && schema?.type === 'object' && schema.properties !== undefined;
        return isObject && schema.additionalProperties !== false ? [`${place}${at}`] : [];
      }),
    );
    expect(open).toEqual([]);
  });

  test('every field and parameter is written in camelCase', () => {
    // Headers have their own way of writing, and so have the forms and reports of a provider.
    const schemas = Object.entries(document.components.schemas).filter(([name]) => !/^(Twilio|Aliyun)/.test(name));
    const fields = [...walk(schemas), ...walk(document.paths)].flatMap(({ value }) =>
      Object.keys((value as Schema | null)?.properties ?? {}),
    );
    const parameters = operations.flatMap(({ operation }) => (operation.parameters ?? []).map(({ name }) => name));
    expect(fields.length).toBeGreaterThan(100);
    const isOdd = (name: string): boolean => !/^[a-z][a-zA-Z0-9]*$/.test(name) && !/^[A-Z]\w*-/.test(name);
    expect([...new Set([...fields, ...parameters])].filter(isOdd)).toEqual([]);
  });

  test('every example is valid against its own schema', () => {
    const examples = [...walk(document)].flatMap(({ place, value }) => {
      const owner = value as (Schema & { schema?: Schema }) | null;
      if (typeof owner !== 'object' || owner === null || !('example' in owner)) return [];
      const { example, ...rest } = owner;
      return [{ place, schema: rest.schema ?? rest, example }];
    });
    expect(examples.length).toBeGreaterThan(50);
    expect(examples.flatMap(wrongExample)).toEqual([]);
    expect(wrongExample({ place: 'planted', schema: { type: 'integer' }, example: 'three' })).toHaveLength(1);
  });

  test('every component is used and every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1]!,
    );
    expect([...new Set(references)].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
  });
});
