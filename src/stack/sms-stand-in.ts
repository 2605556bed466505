import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import { present } from '../config/config.ts';
import { behaviourRoute, misbehave, type Behaviour, type Met, type Misbehaving } from './sms-behaviour.ts';
import { messagesApi, notFound } from './sms-stand-in-api.ts';
import { openCaller, type Caller } from './sms-stand-in-callbacks.ts';
import { deliver, type Delivery } from './sms-stand-in-delivery.ts';
import { receiveText, textRoute, type Phones, type Text, type TextAnswer } from './sms-stand-in-inbound.ts';
import { keepMessages, type TakenMessage, type TakenMessages } from './sms-stand-in-messages.ts';
import { messagesPage } from './sms-stand-in-page.ts';
import { twilioProblem } from './twilio-format.ts';

export type SmsStandInOptions = {
  port: number;
  accountSid: string;
  authToken: string;
  file?: string;
  /** How messages arrive when no behaviour says otherwise; without it they stay queued. */
  delivery?: Delivery;
  /** Where texts of phones are told of. */
  inboundUrl?: string;
};

export type SmsStandIn = {
  url: string;
  /** What it took from us. */
  messages: () => readonly TakenMessage[];
  behave: (behaviour: Behaviour | Behaviour[]) => void;
  /** A phone sends us a text; answers how the webhook answered. */
  text: (text: Text) => Promise<TextAnswer>;
  stop: () => Promise<void>;
};

type Parts = { messages: TakenMessages; misbehaving: Misbehaving; caller: Caller; signal: AbortSignal };

/** Speaks as much of Twilio's Messages API as Twilio's own client needs, and delivers to nobody. */
export async function startSmsStandIn(options: SmsStandInOptions): Promise<SmsStandIn> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const messages = keepMessages(options.file);
  const misbehaving = misbehave(present({ delivery: options.delivery }));
  const parts = { messages, misbehaving, caller: openCaller({ ...options, signal }), signal };
  const phones: Phones = { ...parts, ...options };
  const server = buildApp(options, parts, phones).listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  for (const message of messages.all()) if (message.status !== 'sent') goOn(parts, message, misbehaving.meet(''));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages: messages.all,
    behave: misbehaving.set,
    text: (text) => receiveText(phones, text),
    stop: async () => {
      misbehaving.reset();
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1_000).unref();
      await closed;
    },
  };
}

/** Also for messages that were under way when the stand-in stopped. */
function goOn(parts: Parts, message: TakenMessage, { delivery, callbacks, lateMs }: Met): void {
  const isUnderWay = ['scheduled', 'queued', 'sending'].includes(message.status);
  if (delivery && isUnderWay) void deliver(parts, message, { delivery, callbacks, lateMs });
}

function buildApp(options: SmsStandInOptions, parts: Parts, phones: Phones): Express {
  const { messages, misbehaving, caller } = parts;
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(express.urlencoded({ extended: false, limit: '100kb' }), express.json({ limit: '20mb' }));
  app.get('/', (_request, response) => void response.type('html').send(messagesPage(messages.search({}))));
  app.get('/messages', (_request, response) => void response.json(messages.all()));
  app.delete('/messages', (_request, response) => {
    messages.forget();
    response.status(204).end();
  });
  app.get('/behaviour', (_request, response) => {
    response.json({ ...misbehaving.describe(), callbacks: caller.count() });
  });
  app.post('/behaviour', behaviourRoute(misbehaving));
  app.delete('/behaviour', (_request, response) => {
    misbehaving.reset();
    response.status(204).end();
  });
  app.post('/phones/:phone/texts', textRoute(phones));
  app.use('/2010-04-01/Accounts/:accountSid', checkAccount(options));
  app.use(messagesApi({ messages, misbehaving, onTaken: (message, met) => goOn(parts, message, met) }));
  app.use((request, response) => void response.status(404).json(notFound(request)));
  return app;
}

function checkAccount({ accountSid, authToken }: SmsStandInOptions): RequestHandler {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return (request, response, next) => {
    if (request.get('authorization') === expected && request.params['accountSid'] === accountSid) next();
    else response.status(401).json(twilioProblem(401, 20003, 'Authenticate'));
  };
}
