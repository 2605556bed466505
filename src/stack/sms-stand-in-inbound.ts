import type { RequestHandler } from 'express';
import { z } from 'zod';
import { present } from '../config/config.ts';
import type { CallAnswer, Caller, Form } from './sms-stand-in-callbacks.ts';
import type { TakenMessage, TakenMessages } from './sms-stand-in-messages.ts';
import { segmentsOf } from './twilio-format.ts';

const textSchema = z.strictObject({
  body: z.string().max(1_600),
  /** Our number; without it the one from which this phone was written to last. */
  to: z.string().optional(),
  /** Where to tell of it, when not at the configured place. */
  webhookUrl: z.url().optional(),
});

export type Text = z.output<typeof textSchema> & { from: string };
export type TextAnswer = { sid: string; webhook: CallAnswer };

export type Phones = { messages: TakenMessages; caller: Caller; accountSid: string; inboundUrl?: string };

/** The number that a phone writes to when nobody wrote to it before. */
const ourNumber = '+15005550006';

/** A phone sends a text to our number: it is taken, and our webhook is told of it as Twilio would. */
export async function receiveText(phones: Phones, { from, to, body, webhookUrl }: Text): Promise<TextAnswer> {
  const { messages, caller, accountSid } = phones;
  const written = messages.all().findLast((message) => message.to === from);
  const number = to ?? written?.from ?? ourNumber;
  const text = messages.take({ from, to: number, body, accountSid, status: 'received', direction: 'inbound' });
  const url = webhookUrl ?? phones.inboundUrl;
  return { sid: text.sid, webhook: url === undefined ? undefined : await caller.call(url, inboundForm(text)) };
}

function inboundForm({ sid, from, to, body, accountSid }: TakenMessage): Form {
  return {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    Body: body,
    From: from,
    MessageSid: sid,
    NumMedia: '0',
    NumSegments: String(segmentsOf(body)),
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
    To: to,
  };
}

const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE'];
const startWords = ['START', 'YES', 'UNSTOP'];

/** Whether the last keyword of this phone to this number was one of Twilio's STOP words; sends to it are refused then. */
export function hasOptedOut(messages: TakenMessages, pair: { phone: string; number: string }): boolean {
  const word = messages
    .received()
    .filter(({ from, to }) => from === pair.phone && to === pair.number)
    .map(({ body }) => body.trim().toUpperCase())
    .findLast((text) => stopWords.includes(text) || startWords.includes(text));
  return word !== undefined && stopWords.includes(word);
}

export function textRoute(phones: Phones): RequestHandler {
  return async (request, response) => {
    const asked = textSchema.safeParse(request.body);
    if (!asked.success) return void response.status(422).json({ error: z.prettifyError(asked.error) });
    const answer = await receiveText(phones, { ...asked.data, from: String(request.params['phone']) });
    // A person who pressed the button of the page goes back to it.
    if (request.is('urlencoded')) return response.redirect(303, '/');
    response.json(present(answer));
  };
}
