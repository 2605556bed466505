import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemStatuses } from '../../src/api/doors/problem-statuses.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi({ settings: { XUBAO_SMS_BASE_URL: 'http://127.0.0.1:4010' } });
});
afterAll(() => api.close());

type Operation = {
  responses: Record<string, object>;
};
type Document = { openapi: string; paths: Record<string, Record<string, Operation>> };

const readDocument = async (): Promise<Document> => (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;

describe('The OpenAPI document', () => {
  test('describes every route with every status it can answer', async () => {
    const { openapi, paths } = await readDocument();
    expect(openapi).toMatch(/^3\.1\./);
    const declared = api.api.routes.map((route) => `${route.method} ${route.path}`).toSorted();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.toSorted()).toEqual(declared);
    for (const route of api.api.routes) {
      const operation = paths[route.path]![route.method]!;
      const statuses = [...Object.keys(route.answers).map(Number), ...problemStatuses(route)].toSorted(
        (one, other) => one - other,
      );
      expect(Object.keys(operation.responses).map(Number)).toEqual([...new Set(statuses)]);
    }
  });
});

describe('The pages', () => {
  test.each(['/', '/docs', '/docs/start.js', '/docs/swagger-ui.css'])(
    'at %s load nothing from another host',
    async (path) => {
      const response = await fetch(`${api.url}${path}`);
      expect(response.status).toBe(200);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
      const text = await response.text();
      const loaded = [...text.matchAll(/(?:src|href)="(https?:[^"]+)"|url\(["']?(https?:[^)]+)\)/g)].map(
        (match) => match[1] ?? match[2],
      );
      expect(loaded.filter((url) => !url?.startsWith('http://127.0.0.1:'))).toEqual([]);
    },
  );

  test('name the script that draws the description, which is here', async () => {
    const response = await fetch(`${api.url}/docs/swagger-ui-bundle.js`);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect((await response.text()).length).toBeGreaterThan(100_000);
  });

  test('say how to get a token and what is up', async () => {
    const home = await (await fetch(`${api.url}/`)).text();
    expect(home).toContain('/dev/token');
    expect(home).toMatch(/PostgreSQL<\/td><td class="up"/);
    expect(home).toMatch(/Temporal<\/td><td class="missing"/);
  });

  test('lead to the page on which a phone can answer, not to its list', async () => {
    const home = await (await fetch(`${api.url}/`)).text();
    expect(home).toContain('<a href="http://127.0.0.1:4010">Text messages');
  });
});
