import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

/** The issuer of tokens cannot be asked, or answers what is no key set: nothing is known of the token. */
export class IssuerAway extends Error {
  override readonly name = 'IssuerAway';
}

const answerWithinMs = 5_000;

/**
 * The keys of an issuer: kept ten minutes, and fetched again for a key that is not among them, at most every half minute.
 * Where they are is asked of the issuer (OpenID Connect Discovery 1.0) when it is not said.
 */
export function keysOfIssuer({ issuer, jwksUrl }: { issuer: string; jwksUrl?: string }): JWTVerifyGetKey {
  const said = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  let found: Promise<JWTVerifyGetKey> | undefined;
  const find = (): Promise<JWTVerifyGetKey> => {
    found ??= discoverKeys(issuer).then((url) => createRemoteJWKSet(url));
    found.catch(() => {
      found = undefined;
    });
    return found;
  };
  return async (header, token) => {
    try {
      return await (said ?? (await find()))(header, token);
    } catch (error) {
      // Only these say something of the token; all else is the issuer's or the network's.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported) throw error;
      throw new IssuerAway('The keys of the token issuer cannot be read', { cause: error });
    }
  };
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

async function discoverKeys(issuer: string): Promise<URL> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(answerWithinMs) });
  if (!response.ok) throw new IssuerAway(`The discovery document answers ${response.status}`);
  const document = discovery.parse(await response.json());
  if (document.issuer !== issuer) throw new IssuerAway('The discovery document is of another issuer');
  const keys = new URL(document.jwks_uri);
  if (new URL(issuer).protocol === 'https:' && keys.protocol !== 'https:') {
    throw new IssuerAway('The discovery document leads from https to http');
  }
  return keys;
}
