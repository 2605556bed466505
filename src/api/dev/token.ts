import { Router } from 'express';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../db/connection.ts';
import { staff } from '../../db/schema/organisation.ts';
import { badFields } from '../doors/problem.ts';
import { openRoute, type Route } from '../doors/route.ts';
import { staffId } from '../schemas/basics.ts';
import type { Issuer } from './issuer.ts';

export type DevParts = { db: Db; issuer: Issuer; issuerUrl: string; publicUrl: string };

const issued = z
  .strictObject({ accessToken: z.string(), tokenType: z.literal('Bearer'), expiresIn: z.number().int() })
  .meta({ id: 'DevToken' });

export function devTokenRoute({ db, issuer }: DevParts): Route {
  return openRoute({
    method: 'post',
    path: '/dev/token',
    summary: 'A token for anybody on the staff list; in the embedded stack only',
    tag: 'dev',
    body: z.strictObject({ subject: staffId.meta({ example: 'admin', description: 'A staff number or a role name' }) }),
    answers: { 200: { description: 'The token', schema: issued } },
    handle: async ({ body }) => {
      const [known] = await db.select({ id: staff.id }).from(staff).where(eq(staff.id, body.subject));
      if (!known) throw badFields([{ path: 'subject', message: 'Nobody on the staff list has this number' }]);
      return {
        status: 200,
        body: { ...(await issuer.issue(known.id)), tokenType: 'Bearer' },
        headers: { 'cache-control': 'no-store' },
      };
    },
  });
}

/** What a client library wants to know of an issuer. */
export function issuerPages({ issuer, issuerUrl, publicUrl }: DevParts): Router {
  const router = Router();
  router.get('/dev/jwks.json', (_request, response) => void response.json(issuer.keys));
  router.get('/.well-known/openid-configuration', (_request, response) => {
    response.json({
      issuer: issuerUrl,
      jwks_uri: `${publicUrl}/dev/jwks.json`,
      token_endpoint: `${publicUrl}/dev/token`,
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
  });
  return router;
}
