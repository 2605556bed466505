import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { Problem, isAway, unavailable } from './problem.ts';

export type TokenRules = { issuer: string; audience: string };

/** Answers the subject of a good token; throws 401 for any other. */
export type TokenCheck = (authorization: string | undefined) => Promise<string>;

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];

export function checkTokensOf(jwksUrl: string, rules: TokenRules): TokenCheck {
  return tokenCheck(createRemoteJWKSet(new URL(jwksUrl)), rules);
}

export function checkTokensWith(keys: JSONWebKeySet, rules: TokenRules): TokenCheck {
  return tokenCheck(createLocalJWKSet(keys), rules);
}

function tokenCheck(keys: JWTVerifyGetKey, rules: TokenRules): TokenCheck {
  return async (authorization) => {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw unauthorised('Send a token: Authorization: Bearer <JWT>.', '');
    try {
      const { payload } = await jwtVerify(token, keys, { ...rules, algorithms, requiredClaims: ['sub', 'exp'] });
      return String(payload.sub);
    } catch (error) {
      throw refusedToken(error);
    }
  };
}

function refusedToken(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) return unauthorised('The token has expired.', 'invalid_token');
  const issuerAway = error instanceof errors.JWKSTimeout || (error instanceof Error && isAway(error));
  if (issuerAway || (error as { code?: string }).code === 'ERR_JOSE_GENERIC')
    return unavailable('The issuer of tokens');
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
