import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { findAttempt, storeReceipt } from '../db/messages/attempt-records.ts';
import { applyStored } from '../messaging/stored-receipt.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { openRoute, type Route } from './doors/route.ts';
import { checkSecret, secretParams } from './doors/secret-address.ts';

const code = z.string().regex(/^[\w.:-]{1,64}$/);

// Aliyun may add fields at any time; of those that it sends, the number and the words are not even read.
const report = z
  .object({
    out_id: z.string().max(64).meta({ description: 'Our attempt’s id' }),
    biz_id: z
      .string()
      .regex(/^[\w^.-]{1,64}$/)
      .meta({ example: '900619746936498440^0' }),
    success: z.boolean(),
    err_code: code.optional().meta({ example: 'DELIVERED' }),
  })
  .meta({ id: 'AliyunReport' });

type Parts = { db: Db; calendar: Calendar; secret: string | undefined };

/**
 * What Aliyun pushes about messages that it took, several at a time. It signs nothing, so the address itself is the secret;
 * without one there is no such address.
 */
export function aliyunReportRoute({ db, calendar, secret }: Parts): Route {
  return openRoute({
    method: 'post',
    path: '/v1/webhooks/aliyun/sms-reports/{secret}',
    summary: 'Aliyun reports how messages arrived',
    description: 'Words count by their rank; reports of attempts that nobody made are taken and left alone.',
    tag: 'webhooks',
    params: secretParams,
    body: z.array(report).min(1).max(1_000),
    problems: [404],
    answers: {
      200: { description: 'Stored', schema: z.strictObject({ code: z.literal(0), msg: z.string() }) },
    },
    handle: async ({ params, body }) => {
      checkSecret(params.secret, secret);
      for (const one of body) await take(db, calendar, one);
      return { status: 200, body: { code: 0, msg: 'OK' } };
    },
  });
}

async function take(db: Db, calendar: Calendar, told: z.output<typeof report>): Promise<void> {
  const attempt = z.uuid().safeParse(told.out_id);
  if (!attempt.success || !(await findAttempt(db, attempt.data))) return;
  const receipt = {
    attemptId: attempt.data,
    providerId: told.biz_id,
    status: told.success ? 'delivered' : 'undelivered',
    errorCode: told.success ? '' : (told.err_code ?? ''),
  };
  const { id, isApplied } = await storeReceipt(db, receipt);
  // What is stored and cannot be applied now is applied by the next settling.
  if (!isApplied) await applyStored(db, { id, ...receipt }, calendar).catch(() => {});
}
