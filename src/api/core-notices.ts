import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { noticeFromCore } from '../cases/notices.ts';
import { reusedKeys } from '../db/cases/core-notices.ts';
import { conflict, type Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { day, policyNumber } from './schemas/basics.ts';

const term = {
  key: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'Of the sender; the same notice twice has one effect', example: 'core-2026-12-01-000017' }),
  policyNumber,
  startsOn: day,
};

const notice = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...term, kind: z.literal('renewed'), newPolicyNumber: policyNumber }),
    z.strictObject({ ...term, kind: z.literal('cancelled'), on: day }),
    z
      .strictObject({ ...term, kind: z.literal('expiry-corrected'), expiresOn: day })
      .refine(({ startsOn, expiresOn }) => expiresOn > startsOn, {
        path: ['expiresOn'],
        message: 'Must lie after startsOn',
      }),
  ])
  .meta({ id: 'CoreNotice' });

const taken = z
  .strictObject({
    taken: z.number().int(),
    unknown: z.array(z.string()).meta({ description: 'Keys of notices whose policy term is not in the book' }),
  })
  .meta({ id: 'CoreNoticesTaken' });

const atOnce = 20;

export function coreNoticeRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/webhooks/core/policies',
    summary: 'The core system reports policies as renewed, cancelled or corrected',
    description:
      'A key stands for one notice for good: the same again has no further effect, another one under it is a conflict.',
    tag: 'webhooks',
    roles: ['core-system'],
    idempotent: false,
    body: z.union([notice, z.array(notice).min(1).max(500)]),
    problems: [409],
    answers: { 202: { description: 'Taken', schema: taken } },
    handle: async ({ body }) => {
      const notices = Array.isArray(body) ? body : [body];
      const reused = await reusedKeys(parts.db, notices);
      if (reused.length > 0) throw keysReused(reused);
      const unknown: string[] = [];
      for (let first = 0; first < notices.length; first += atOnce) {
        const kinds = await Promise.all(notices.slice(first, first + atOnce).map((one) => takeNotice(parts, one)));
        unknown.push(...kinds.filter((key) => key !== undefined));
      }
      return { status: 202, body: { taken: notices.length - unknown.length, unknown } };
    },
  });
}

/** The key of a notice whose policy term nobody knows. */
async function takeNotice(parts: CaseDeps, one: z.output<typeof notice>): Promise<string | undefined> {
  const answer = await noticeFromCore(parts, one);
  if (answer.kind === 'key-reused') throw keysReused([one.key]);
  return answer.kind === 'unknown-policy' ? one.key : undefined;
}

function keysReused(keys: readonly string[]): Problem {
  return conflict('key-reused', `Used for another notice before: ${keys.slice(0, 5).join(', ')}.`);
}
