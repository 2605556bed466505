import {
  createLocalJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { IssuerAway, keysOfIssuer } from './issuer-keys.ts';
import { Problem, unavailable } from './problem.ts';

/** `skewSeconds`: how far the issuer's clock may be from ours. */
export type TokenRules = { issuer: string; audience: string; skewSeconds: number };

/** Answers the subject of a good token; throws 401 for any other, 503 when the issuer cannot be asked. */
export type TokenCheck = (authorization: string | undefined) => Promise<string>;

// None with a shared secret: a public key must never do as one.
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

export function checkTokensOf({ jwksUrl, ...rules }: TokenRules & { jwksUrl?: string }): TokenCheck {
  return tokenCheck(keysOfIssuer({ issuer: rules.issuer, ...(jwksUrl === undefined ? {} : { jwksUrl }) }), rules);
}

export function checkTokensWith(keys: JSONWebKeySet, rules: TokenRules): TokenCheck {
  return tokenCheck(createLocalJWKSet(keys), rules);
}

function tokenCheck(keys: JWTVerifyGetKey, { issuer, audience, skewSeconds }: TokenRules): TokenCheck {
  const options = { issuer, audience, clockTolerance: skewSeconds, algorithms, requiredClaims: ['sub', 'exp'] };
  return async (authorization) => {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw unauthorised('Send a token: Authorization: Bearer <JWT>.', '');
    const { sub } = await verify(token, keys, options).catch((error: unknown) => {
      throw refusedToken(error);
    });
    // What PostgreSQL cannot store is nobody's staff number.
    if (typeof sub === 'string' && sub !== '' && sub.isWellFormed() && !sub.includes('\0')) return sub;
    throw unauthorised('The token names no subject.', 'invalid_token');
  };
}

/** A token that does not say its key is tried with each that could be it, as while an issuer changes keys. */
async function verify(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const verified = await jwtVerify(token, key, options).catch(skipOtherKey);
      if (verified) return verified.payload;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function skipOtherKey(error: unknown): undefined {
  if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
  throw error;
}

function refusedToken(error: unknown): Problem {
  if (error instanceof IssuerAway) return unavailable('The issuer of tokens');
  if (error instanceof errors.JWTExpired) return unauthorised('The token has expired.', 'invalid_token');
  return unauthorised('The token is not valid here.', 'invalid_token');
}

function unauthorised(detail: string, code: string): Problem {
  const challenge = `Bearer realm="xubao"${code ? `, error="${code}"` : ''}`;
  return new Problem({
    status: 401,
    code: code ? 'invalid-token' : 'no-token',
    detail,
    headers: { 'www-authenticate': challenge },
  });
}
