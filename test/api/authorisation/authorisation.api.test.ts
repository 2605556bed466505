import { readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock } from '../../../src/db/business-clock.ts';
import { runApi, tokenFor, type RunningApi } from '../running-api.ts';
import { cellsOf, operationsOf, pathFor, type BadTokens, type Cell, type Operation } from './cells.ts';
import type { Expectation } from './expectation.ts';
import { matrix, unscoped } from './matrix.ts';
import { seedBranches, seedThings, type Things } from './things.ts';

let api: RunningApi;
let operations: Map<string, Operation>;
let shared: Things;
let badTokens: BadTokens;
let executed = 0;

beforeAll(async () => {
  api = await runApi();
  // Inside the legal call window, whatever the hour of the run.
  await anchorClock(api.db, { businessAt: Date.parse('2030-05-21T12:00:00+08:00'), speed: 1 });
  await seedBranches(api.db);
  shared = await seedThings(api.db, 'shared');
  operations = await operationsOf(api.url);
  const own = JSON.parse(readFileSync(api.keysFile, 'utf8')) as JWK;
  const foreign = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
  badTokens = {
    none: '',
    forged: await signed({ ...foreign, kid: String(own.kid) }, '1h'),
    expired: await signed(own, '-1h'),
  };
});
afterAll(async () => {
  process.stdout.write(`authorisation matrix: ${Object.keys(matrix).length} operations, ${executed} cells executed\n`);
  await api.close();
});

async function signed(jwk: JWK, expires: string): Promise<string> {
  const token = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: String(jwk.kid) }).setSubject('admin');
  token.setIssuer('http://issuer.test').setAudience('xubao').setExpirationTime(expires);
  return token.sign(await importJWK(jwk, 'ES256'));
}

const tokens = new Map<string, Promise<string>>();

async function authorizationOf(asker: Cell['asker']): Promise<Record<string, string>> {
  if (typeof asker !== 'string') return asker.token === '' ? {} : { authorization: `Bearer ${asker.token}` };
  if (!tokens.has(asker)) tokens.set(asker, tokenFor(api.url, asker));
  return { authorization: `Bearer ${await tokens.get(asker)}` };
}

type Sent = { operation: Operation; expectation: Expectation; things: Things };

async function send({ operation, expectation, things }: Sent, cell: Cell, path: string): Promise<Response> {
  executed += path.includes('cursor=') ? 0 : 1;
  const headers = { ...(await authorizationOf(cell.asker)), 'idempotency-key': crypto.randomUUID() };
  const method = operation.method.toUpperCase();
  if (method === 'GET') return fetch(`${api.url}${path}`, { headers });
  const body = expectation.bodyOf?.({ things, where: cell.where }) ?? expectation.body ?? {};
  if (body instanceof FormData) return fetch(`${api.url}${path}`, { method, headers, body });
  const json = { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return fetch(`${api.url}${path}`, { method, ...json });
}

/** What is wrong with the answer to a cell; nothing when it is as expected. */
async function broken(sent: Sent, cell: Cell): Promise<string | undefined> {
  const path = pathFor(sent.operation, sent.expectation, { ...sent, where: cell.where });
  const response = await send(sent, cell, path);
  const text = await response.text();
  const isRight = cell.statuses.includes(response.status);
  if (!isRight)
    return `${cell.name}: ${response.status} instead of ${cell.statuses.join(' or ')} ${text.slice(0, 200)}`;
  if (!cell.lists) return undefined;
  const isListed = await findInPages(sent, cell, { path, text });
  return isListed === cell.lists.isListed ? undefined : `${cell.name}: ${isListed ? 'listed' : 'not listed'}`;
}

async function findInPages(sent: Sent, cell: Cell, first: { path: string; text: string }): Promise<boolean> {
  type Page = { items: { id?: string; renewalId?: string }[]; nextCursor: string | null };
  for (let text = first.text; ;) {
    const page = JSON.parse(text) as Page;
    if (page.items.some(({ id, renewalId }) => [id, renewalId].includes(cell.lists?.id))) return true;
    if (page.nextCursor === null) return false;
    const joint = first.path.includes('?') ? '&' : '?';
    text = await (await send(sent, cell, `${first.path}${joint}cursor=${page.nextCursor}`)).text();
  }
}

describe('The matrix', () => {
  test('has a line for every operation that is described, and for no other', () => {
    expect([...operations.keys()].toSorted()).toEqual(Object.keys(matrix).toSorted());
  });
});

describe('A route with an id in its path', () => {
  test('says what the id names, or is listed with a reason why it belongs to nobody', () => {
    const free = api.api.routes.filter(({ path, reach }) => path.includes('{') && (reach ?? 'unscoped') === 'unscoped');
    const names = free.map(({ method, path }) =>
      [...operations].find(([, operation]) => operation.method === method && operation.path === path)?.at(0),
    );
    expect(names.toSorted()).toEqual(Object.keys(unscoped).toSorted());
  });
});

describe.concurrent('Who may what', () => {
  test.each(Object.entries(matrix))('%s', async (operationId, expectation) => {
    const operation = operations.get(operationId);
    expect(operation).toBeDefined();
    const changes = operation!.method !== 'get' && expectation.kind === 'one';
    const things = changes ? await seedThings(api.db, operationId) : shared;
    const cells = cellsOf(expectation, { things, badTokens });
    const sent = { operation: operation!, expectation, things };
    const wrong = await Promise.all(cells.map((cell) => broken(sent, cell)));
    expect(wrong.filter((what) => what !== undefined)).toEqual([]);
  });
});
