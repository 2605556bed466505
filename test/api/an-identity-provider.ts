import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** Claims that differ from the right ones; undefined takes one away. */
export type Claims = Record<string, unknown>;

type Key = { kid: string; privateKey: CryptoKey; publicJwk: JWK };

/** An issuer of tokens on a port of its own: it publishes keys and signs whatever it is told to. */
export type IdentityProvider = {
  issuer: string;
  /** Whoever asked for what, in order. */
  asked: string[];
  /** The keys as published now, the newest last. */
  keys: Key[];
  /** Publishes another key; the old ones stay until they are withdrawn. */
  addKey: (kid: string) => Promise<Key>;
  /** What it answers instead of its documents. */
  answerInstead: { status: number; body: string } | undefined;
  /** A token that is right unless something else is said. */
  token: (claims?: Claims, header?: { key?: Key; kid?: string | undefined }) => Promise<string>;
  close: () => void;
};

export async function runIdentityProvider(): Promise<IdentityProvider> {
  const server = createServer((request, response) => {
    provider.asked.push(request.url ?? '');
    const { status, body } = provider.answerInstead ?? answer(request.url ?? '', provider);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const issuer = await listen(server);
  const provider: IdentityProvider = {
    issuer,
    asked: [],
    keys: [],
    answerInstead: undefined,
    addKey: async (kid) => {
      const key = await newKey(kid);
      provider.keys.push(key);
      return key;
    },
    token: (claims, header) => sign(provider, claims, header),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  await provider.addKey('first');
  return provider;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`;
}

function answer(url: string, { issuer, keys }: IdentityProvider): { status: number; body: string } {
  switch (url) {
    case '/realm/.well-known/openid-configuration':
      return { status: 200, body: JSON.stringify({ issuer, jwks_uri: `${issuer}/certs` }) };
    case '/realm/certs':
      return { status: 200, body: JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }) };
    default:
      return { status: 404, body: '{}' };
  }
}

async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

const seconds = (): number => Math.floor(Date.now() / 1_000);

async function sign(
  { issuer, keys }: IdentityProvider,
  claims: Claims = {},
  header: { key?: Key; kid?: string | undefined } = {},
): Promise<string> {
  const key = header.key ?? keys.at(-1);
  if (!key) throw new Error('the provider has no key');
  const kid = 'kid' in header ? header.kid : key.kid;
  const payload = { iss: issuer, aud: 'xubao', sub: 'admin', iat: seconds(), exp: seconds() + 3_600, ...claims };
  const named = kid === undefined ? {} : { kid };
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', ...named }).sign(key.privateKey);
}
