import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedOrganisation } from './a-book.ts';
import { runApi, tokenFor, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

async function send(method: string, path: string, { body, as }: { body: string; as?: string }): Promise<number> {
  const authorization = as ? { authorization: `Bearer ${await tokenFor(api.url, as)}` } : {};
  const headers = { ...authorization, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const response = await fetch(`${api.url}${path}`, { method, headers, body });
  await response.body?.cancel();
  return response.status;
}

describe('A body that is nested deeper than anything we ask for', () => {
  test.each([3_000, 400_000])('is refused without a token, %i levels deep', async (depth) => {
    expect(await send('POST', '/dev/token', { body: `{"subject":${nested(depth)}}` })).toBe(422);
  });

  test.each([
    { method: 'PUT', path: '/v1/settings/benefits', field: 'content', as: 'admin' },
    { method: 'POST', path: '/v1/webhooks/core/policies', field: 'key', as: 'core-system' },
    { method: 'POST', path: '/v1/staff', field: 'name', as: 'admin' },
  ])('is refused by $method $path', async ({ method, path, field, as }) => {
    expect(await send(method, path, { body: `{"${field}":${nested(3_000)}}`, as })).toBe(422);
    expect(await send(method, path, { body: nested(3_000), as })).toBe(422);
  });
});
