import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedOrganisation } from './a-book.ts';
import { runApi, tokenFor, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const me = (token?: string): Promise<Response> =>
  fetch(`${api.url}/v1/me`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

async function signed(facts: {
  audience?: string;
  issuer?: string;
  subject?: string;
  expires?: string;
  foreignKey?: boolean;
}): Promise<string> {
  const own = JSON.parse(readFileSync(api.keysFile, 'utf8'));
  const foreign = async () => ({
    ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)),
    kid: own.kid,
  });
  const jwk = facts.foreignKey ? await foreign() : own;
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: own.kid })
    .setSubject(facts.subject ?? 'admin')
    .setIssuer(facts.issuer ?? 'http://issuer.test')
    .setAudience(facts.audience ?? 'xubao')
    .setIssuedAt()
    .setExpirationTime(facts.expires ?? '1h')
    .sign(await importJWK(jwk, 'ES256'));
}

describe('A bearer token', () => {
  test('that is whole and known opens the door', async () => {
    const response = await me(await signed({}));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: 'admin', roles: ['admin'] });
  });

  test.each([
    ['of another audience', { audience: 'other' }],
    ['of another issuer', { issuer: 'http://elsewhere.test' }],
    ['that has expired', { expires: '-2m' }],
    ['signed with another key', { foreignKey: true }],
  ])('%s is refused with a challenge', async (_what, facts) => {
    const response = await me(await signed(facts));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  test('without a signature is refused', async () => {
    const unsigned = new UnsecuredJWT({})
      .setSubject('admin')
      .setIssuer('http://issuer.test')
      .setAudience('xubao')
      .setExpirationTime('1h')
      .encode();
    expect((await me(unsigned)).status).toBe(401);
  });

  test('that is missing is asked for', async () => {
    const response = await me();
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'no-token', status: 401 });
  });

  test('of somebody who has left is refused', async () => {
    expect((await me(await tokenFor(api.url, 'leaver'))).status).toBe(403);
  });

  test('of somebody who is not on the staff list is refused', async () => {
    expect((await me(await signed({ subject: 'stranger' }))).status).toBe(403);
  });
});

describe('The issuer of the embedded stack', () => {
  test('keeps its key for its own user only', () => {
    expect(statSync(api.keysFile).mode & 0o777).toBe(0o600);
  });

  test('gives no token to a subject nobody knows', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${api.url}/dev/token`, { method: 'POST', headers, body: '{"subject":"nobody"}' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: 'subject' }] });
  });

  test('publishes the public half of its key only', async () => {
    const { keys } = (await (await fetch(`${api.url}/dev/jwks.json`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('does not exist elsewhere', async () => {
    const deployed = await runApi({ embedded: false });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${deployed.url}/dev/token`, { method: 'POST', headers, body: '{"subject":"admin"}' });
    expect(response.status).toBe(404);
    await deployed.close();
  });

  test('away from its keys, a deployment answers 503 instead of refusing the token', async () => {
    const deployed = await runApi({ embedded: false });
    const response = await fetch(`${deployed.url}/v1/me`, { headers: { authorization: `Bearer ${await signed({})}` } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
    await deployed.close();
  });
});
