import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { takeReply } from '../messaging/take-reply.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { openRoute, type Route } from './doors/route.ts';
import { checkSecret, secretParams } from './doors/secret-address.ts';

// Aliyun may add fields at any time.
const reply = z
  .object({
    phone_number: z
      .string()
      .regex(/^\+?\d{5,20}$/)
      .meta({ description: 'Mainland numbers have no country code', example: '13800001234' }),
    content: z.string().max(20_000).default('').meta({ example: 'T' }),
    dest_code: z.string().max(64).default('').meta({ description: 'The extension that was answered' }),
    sequence_id: z.union([z.string().regex(/^[\w.:-]{1,64}$/), z.number()]).meta({ example: '1234567890' }),
  })
  .meta({ id: 'AliyunReply' });

type Parts = { db: Db; calendar: Calendar; secret: string | undefined };

/** What customers answer to SMS that went through Aliyun, several at a time; its address is that of the reports' secret. */
export function aliyunReplyRoute({ db, calendar, secret }: Parts): Route {
  return openRoute({
    method: 'post',
    path: '/v1/webhooks/aliyun/sms-replies/{secret}',
    summary: 'Customers answered by SMS through Aliyun',
    description: 'Read as an answer through Twilio is. The same sequence_id has one effect.',
    tag: 'webhooks',
    params: secretParams,
    body: z.array(reply).min(1).max(1_000),
    problems: [404],
    answers: {
      200: { description: 'Taken', schema: z.strictObject({ code: z.literal(0), msg: z.string() }) },
    },
    handle: async ({ params, body }) => {
      checkSecret(params.secret, secret);
      for (const { sequence_id: id, phone_number: phone, dest_code: recipient, content } of body) {
        const message = {
          id: `aliyun.${id}`,
          provider: 'aliyun',
          sender: internationalOf(phone),
          recipient,
          body: content,
        };
        await takeReply(db, message, calendar);
      }
      return { status: 200, body: { code: 0, msg: 'OK' } };
    },
  });
}

/** In E.164. Mainland mobile numbers come as they are dialled there, others with their country code. */
function internationalOf(phone: string): string {
  const digits = phone.replace(/^(?:\+|00)/, '');
  return /^1[3-9]\d{9}$/.test(digits) && !phone.startsWith('+') ? `+86${digits}` : `+${digits}`;
}
