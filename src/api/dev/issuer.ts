import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JSONWebKeySet, type JWK } from 'jose';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { uuidv7 } from 'uuidv7';
import type { TokenRules } from '../doors/token-check.ts';

/** The token issuer of the embedded stack; its keys outlive a restart. */
export type Issuer = {
  keys: JSONWebKeySet;
  issue: (subject: string) => Promise<{ accessToken: string; expiresIn: number }>;
};

const algorithm = 'ES256';
const livesSeconds = 24 * 3_600;

export async function openIssuer(
  keysFile: string,
  { issuer, audience }: Pick<TokenRules, 'issuer' | 'audience'>,
): Promise<Issuer> {
  const privateJwk = await readKey(keysFile);
  const { d: _secret, ...publicJwk } = privateJwk;
  const key = (await importJWK(privateJwk, algorithm)) as CryptoKey;
  return {
    keys: { keys: [publicJwk] },
    issue: async (subject) => {
      const token = new SignJWT({})
        .setProtectedHeader({ alg: algorithm, kid: String(privateJwk.kid), typ: 'JWT' })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${livesSeconds}s`);
      return { accessToken: await token.sign(key), expiresIn: livesSeconds };
    },
  };
}

async function readKey(file: string): Promise<JWK> {
  if (!existsSync(file)) keepFirst(file, await newKey());
  return JSON.parse(readFileSync(file, 'utf8')) as JWK;
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: uuidv7(), alg: algorithm, use: 'sig' };
}

/** Linking puts a whole file in place or fails, so two processes that start at once end up with one key. */
function keepFirst(file: string, key: JWK): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${uuidv7()}`;
  writeFileSync(draft, JSON.stringify(key), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft);
  }
}
