import { connect } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, tokenFor, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const json = 'application/json';
const isProblem = (headers: Headers): boolean =>
  headers.get('content-type')?.startsWith('application/problem+json') ?? false;

describe('What cannot be answered is a problem document', () => {
  test('for a path where nothing lives', async () => {
    const answer = await api.as('admin').get('/v1/nothing');
    expect([answer.status, isProblem(answer.headers)]).toEqual([404, true]);
  });

  test('for a method that a path does not know, with those it knows', async () => {
    const response = await fetch(`${api.url}/v1/renewals`, { method: 'DELETE' });
    expect([response.status, isProblem(response.headers), response.headers.get('allow')]).toEqual([
      405,
      true,
      'GET, HEAD',
    ]);
  });

  test.each([
    ['JSON that breaks off', { body: '{"effectiveOn":', type: json, status: 400 }],
    [
      'a body larger than 1 MB',
      { body: JSON.stringify({ effectiveOn: 'x'.repeat(1_100_000) }), type: json, status: 413 },
    ],
    [
      'a body that is no JSON',
      { body: 'effectiveOn=2030-01-01', type: 'application/x-www-form-urlencoded', status: 415 },
    ],
    ['another charset than UTF-8', { body: '{}', type: `${json}; charset=iso-8859-1`, status: 415 }],
    ['no body', { body: undefined, type: json, status: 422 }],
    ['an array for an object', { body: '[]', type: json, status: 422 }],
  ])('for %s', async (_what, { body, type, status }) => {
    const authorization = `Bearer ${await tokenFor(api.url, 'admin')}`;
    const headers = { authorization, 'content-type': type, 'idempotency-key': crypto.randomUUID() };
    const request = { method: 'POST', headers, ...(body === undefined ? {} : { body }) };
    const response = await fetch(`${api.url}/v1/staff/north-agent/departure`, request);
    expect([response.status, isProblem(response.headers)]).toEqual([status, true]);
  });

  test('for a path that cannot be decoded', async () => {
    const answer = await api.as('admin').get('/v1/renewals/%ff');
    expect([answer.status, isProblem(answer.headers)]).toEqual([400, true]);
  });

  test('for an address that is longer than a server reads', async () => {
    const response = await fetch(`${api.url}/v1/renewals?plate=${'x'.repeat(20_000)}`);
    expect([response.status, isProblem(response.headers)]).toEqual([431, true]);
    expect(await response.json()).toMatchObject({ status: 431, code: 'headers-too-large' });
  });

  test('for bytes that are no HTTP', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.end('no such method\r\n\r\n');
    const answer = await readAll(socket);
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status: 400, code: 'unreadable' });
  });

  test('for an id that no case can have', async () => {
    expect((await api.as('admin').get('/v1/renewals/%00')).status).toBe(404);
  });
});

describe('Too many requests', () => {
  test('are told when to come back', async () => {
    const narrow = await runApi({ limits: { requestsPerMinute: 3 } });
    const statuses = [];
    for (let sent = 0; sent < 4; sent += 1) statuses.push(await fetch(`${narrow.url}/version`));
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(Number(statuses[3]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(isProblem(statuses[3]!.headers)).toBe(true);
    expect((await fetch(`${narrow.url}/livez`)).status).toBe(200);
    const receipt = await fetch(`${narrow.url}/v1/webhooks/twilio/inbound`, { method: 'POST' });
    expect(receipt.status).not.toBe(429);
    await narrow.close();
  });
});

describe('Health', () => {
  test('is alive without Temporal, and not ready: it names what is missing', async () => {
    expect((await fetch(`${api.url}/livez`)).status).toBe(200);
    const response = await fetch(`${api.url}/readyz`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ code: 'not-ready', detail: 'Missing: temporal, workers.' });
  });

  test('sees Temporal, and misses the workers when none polls', async () => {
    const connected = await runApi({ temporalAddress: inject('temporalAddress'), namespace: 'nobody-works-here' });
    const response = await fetch(`${connected.url}/readyz`);
    expect(await response.json()).toMatchObject({ detail: 'Missing: workers.' });
    await connected.close();
  });

  test('gives figures by route and by state, and no ids', async () => {
    const id = await aCase(api.db, { number: 'SECRET-NUMBER' });
    await api.as('admin').get(`/v1/renewals/${id}`);
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toContain(
      'xubao_http_request_duration_seconds_count{method="GET",route="/v1/renewals/{id}",status="200"}',
    );
    expect(text).toContain('xubao_renewals{stage="follow-up",outcome="open"} 1');
    expect(text).not.toContain('SECRET-NUMBER');
  });
});
