import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { takeReply, type ToldMeaning } from '../messaging/take-reply.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { signedRoute, type Route } from './doors/route.ts';

/** Answers nothing to the sender: whoever opts out is told so by Twilio or the network. */
const emptyAnswer = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** What Twilio's own opt-out management took the message for. */
const toldMeanings: Record<string, ToldMeaning> = { STOP: 'opt-out', START: 'opt-in', HELP: 'help' };

const number = z.string().min(1).max(100);

const inboundMessage = z
  .object({
    MessageSid: z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/),
    From: number,
    To: number,
    Body: z.string().max(20_000).default(''),
    OptOutType: z.string().optional(),
  })
  .meta({ id: 'TwilioInboundMessage' });

/** What customers answer by SMS. */
export function inboundRoute({ db, calendar }: { db: Db; calendar: Calendar }): Route {
  return signedRoute({
    path: '/v1/webhooks/twilio/inbound',
    summary: 'A customer answered by SMS',
    description: [
      'An opt-out by keyword or free text stops SMS to everybody with that number, a refusal of contact stops calls as well;',
      'START ends an opt-out. What is not certain goes to a person as a task. The same MessageSid has one effect.',
    ].join(' '),
    tag: 'webhooks',
    body: inboundMessage,
    answers: { 200: { description: 'Taken; nothing is answered to the sender', mediaTypes: ['text/xml'] } },
    handle: async ({ body }) => {
      const { MessageSid: id, From: sender, To: recipient, Body: text, OptOutType: told = '' } = body;
      const message = { id, provider: 'twilio', sender, recipient, body: text, told: toldMeanings[told] };
      await takeReply(db, message, calendar);
      return { status: 200, text: { type: 'text/xml', content: emptyAnswer } };
    },
  });
}
