import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { staff } from '../../src/db/schema/organisation.ts';
import { runIdentityProvider, type Claims, type IdentityProvider } from './an-identity-provider.ts';
import { runApi, type RunningApi } from './running-api.ts';

let provider: IdentityProvider;
let api: RunningApi;
beforeAll(async () => {
  provider = await runIdentityProvider();
  api = await runAgainst(provider);
});
afterAll(async () => {
  await api.close();
  provider.close();
});
afterEach(() => {
  provider.answerInstead = undefined;
  vi.useRealTimers();
});

/** A deployment that knows of its issuer nothing but the address, unless something else is said. */
async function runAgainst({ issuer }: IdentityProvider, settings: Record<string, string> = {}): Promise<RunningApi> {
  const identity = { XUBAO_OIDC_ISSUER: issuer, XUBAO_OIDC_JWKS_URL: '', ...settings };
  const running = await runApi({ embedded: false, settings: identity });
  await running.db.insert(staff).values({ id: 'admin', name: 'admin', roles: ['admin'] });
  return running;
}

const me = (token: string, at: RunningApi = api): Promise<Response> =>
  fetch(`${at.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
const now = (): number => Math.floor(Date.now() / 1_000);

/** Half a minute passes for the API, after which it may ask for keys again. */
function passCooldown(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
}

describe('A token of any issuer', () => {
  test('is checked with the keys that its discovery document leads to', async () => {
    expect((await me(await provider.token())).status).toBe(200);
    expect(provider.asked).toEqual(['/realm/.well-known/openid-configuration', '/realm/certs']);
    expect((await me(await provider.token())).status).toBe(200);
    expect(provider.asked).toHaveLength(2);
  });

  test('is checked without a discovery document where the address of the keys is set', async () => {
    const other = await runIdentityProvider();
    const told = await runAgainst(other, { XUBAO_OIDC_JWKS_URL: `${other.issuer}/certs` });
    expect((await me(await other.token(), told)).status).toBe(200);
    expect(other.asked).toEqual(['/realm/certs']);
    await told.close();
    other.close();
  });

  test.each<[string, () => Claims]>([
    ['for several audiences', () => ({ aud: ['account', 'xubao'] })],
    ['expired within the skew of the clocks', () => ({ exp: now() - 30 })],
    ['valid from a moment within the skew', () => ({ nbf: now() + 30 })],
  ])('%s is good', async (_what, claims) => {
    expect((await me(await provider.token(claims()))).status).toBe(200);
  });

  test.each<[string, () => Claims]>([
    ['of another issuer', () => ({ iss: 'https://elsewhere.example' })],
    ['for another audience', () => ({ aud: 'other' })],
    ['for several other audiences', () => ({ aud: ['other', 'account'] })],
    ['without an audience', () => ({ aud: undefined })],
    ['expired beyond the skew', () => ({ exp: now() - 90 })],
    ['that never expires', () => ({ exp: undefined })],
    ['not yet valid', () => ({ nbf: now() + 90 })],
    ['without a subject', () => ({ sub: undefined })],
    ['with an empty subject', () => ({ sub: '' })],
    ['with a subject that is no text', () => ({ sub: 7 })],
    ['with a subject that cannot be stored', () => ({ sub: 'ad\0min' })],
  ])('%s is refused with a challenge', async (_what, claims) => {
    const response = await me(await provider.token(claims()));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="xubao", error="invalid_token"');
  });

  test('without a signature is refused', async () => {
    const claims = { iss: provider.issuer, aud: 'xubao', sub: 'admin', exp: now() + 60 };
    expect((await me(new UnsecuredJWT(claims).encode())).status).toBe(401);
  });

  test('signed with the public key as a shared secret is refused', async () => {
    const { publicJwk, kid } = provider.keys[0]!;
    const secret = new TextEncoder().encode(await exportSPKI((await importJWK(publicJwk)) as CryptoKey));
    const claims = { iss: provider.issuer, aud: 'xubao', sub: 'admin', exp: now() + 60 };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(secret);
    expect((await me(token)).status).toBe(401);
  });
});

describe('An issuer that changes its keys', () => {
  test('is asked again for a key that is new, but not for every one that does not exist', async () => {
    const other = await runIdentityProvider();
    const running = await runAgainst(other);
    const stranger = { ...other.keys[0]!, kid: 'invented' };
    await me(await other.token(), running);
    const fetched = () => other.asked.filter((path) => path === '/realm/certs').length;
    expect((await me(await other.token({}, { key: stranger }), running)).status).toBe(401);
    expect(fetched()).toBe(1);
    await other.addKey('second');
    passCooldown();
    const fresh = { exp: now() + 3_600 };
    expect((await me(await other.token(fresh), running)).status).toBe(200);
    expect((await me(await other.token(fresh, { key: stranger }), running)).status).toBe(401);
    expect(fetched()).toBe(2);
    await running.close();
    other.close();
  });

  test('may sign without naming the key while it has two', async () => {
    const other = await runIdentityProvider();
    await other.addKey('second');
    const running = await runAgainst(other);
    for (const key of other.keys) {
      expect((await me(await other.token({}, { key, kid: undefined }), running)).status).toBe(200);
    }
    const foreign = await runIdentityProvider();
    const forged = await foreign.token({ iss: other.issuer }, { kid: undefined });
    expect((await me(forged, running)).status).toBe(401);
    await running.close();
    other.close();
    foreign.close();
  });
});

describe('An issuer that cannot be asked', () => {
  test.each([
    ['answers an error', { status: 500, body: 'broken' }],
    ['answers a page', { status: 200, body: '<html>maintenance</html>' }],
    [
      'answers no keys',
      { status: 200, body: '{"issuer":"https://elsewhere.example","jwks_uri":"http://127.0.0.1:9/"}' },
    ],
  ])('because it %s leaves the token undecided, and is asked again later', async (_what, instead) => {
    const other = await runIdentityProvider();
    const running = await runAgainst(other);
    other.answerInstead = instead;
    const response = await me(await other.token(), running);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    other.answerInstead = undefined;
    expect((await me(await other.token(), running)).status).toBe(200);
    await running.close();
    other.close();
  });

  test('because nothing listens there leaves the token undecided', async () => {
    const gone = await runIdentityProvider();
    const running = await runAgainst(gone);
    gone.close();
    expect((await me(await gone.token(), running)).status).toBe(503);
    await running.close();
  });

  test('does not matter while its keys are known', async () => {
    await me(await provider.token());
    provider.answerInstead = { status: 500, body: 'broken' };
    expect((await me(await provider.token())).status).toBe(200);
  });
});
