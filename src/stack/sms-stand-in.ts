import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { present } from '../config/config.ts';
import { behaviourRoute, misbehave, type Behaviour, type Misbehaving } from './sms-behaviour.ts';
import { keepMessages, type TakenMessage, type TakenMessages } from './sms-stand-in-messages.ts';
import { asTwilioMessage, asTwilioPage, findProblem, twilioProblem } from './twilio-format.ts';

export type SmsStandInOptions = { port: number; accountSid: string; authToken: string; file?: string };

export type SmsStandIn = {
  url: string;
  messages: () => readonly TakenMessage[];
  behave: (behaviour: Behaviour) => void;
  stop: () => Promise<void>;
};

const messagesPath = '/2010-04-01/Accounts/:accountSid/Messages';

/** Speaks as much of Twilio's Messages API as Twilio's own client needs, and delivers to nobody. */
export async function startSmsStandIn(options: SmsStandInOptions): Promise<SmsStandIn> {
  const messages = keepMessages(options.file);
  const misbehaving = misbehave();
  const server = buildApp(options, messages, misbehaving).listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages: messages.all,
    behave: misbehaving.set,
    stop: async () => {
      misbehaving.set({ mode: 'normal' });
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1_000).unref();
      await closed;
    },
  };
}

function buildApp(options: SmsStandInOptions, messages: TakenMessages, misbehaving: Misbehaving): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(express.urlencoded({ extended: false, limit: '100kb' }), express.json({ limit: '10kb' }));
  app.get('/messages', (_request, response) => void response.json(messages.all()));
  app.delete('/messages', (_request, response) => {
    messages.forget();
    response.status(204).end();
  });
  app.get('/behaviour', (_request, response) => void response.json(misbehaving.describe()));
  app.post('/behaviour', behaviourRoute(misbehaving));
  app.use('/2010-04-01/Accounts/:accountSid', checkAccount(options));
  app.post(`${messagesPath}.json`, (request, response) => createMessage({ messages, misbehaving }, request, response));
  app.get(`${messagesPath}.json`, (request, response) => listMessages(messages, request, response));
  app.get(`${messagesPath}/:sid.json`, (request, response) => {
    const message = messages.find(request.params['sid']);
    if (message) response.json(asTwilioMessage(message));
    else response.status(404).json(notFound(request));
  });
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

async function createMessage(
  { messages, misbehaving }: { messages: TakenMessages; misbehaving: Misbehaving },
  request: Request,
  response: Response,
): Promise<void> {
  if (misbehaving.beforeAccepting(request, response)) return;
  const form = (request.body ?? {}) as Record<string, string>;
  const problem = findProblem(form);
  if (problem) return void response.status(problem.status).json(problem);
  const message = messages.take({
    to: form['To'] ?? '',
    body: form['Body'] ?? '',
    from: form['From'] ?? form['MessagingServiceSid'] ?? '',
    accountSid: String(request.params['accountSid']),
    ...present({
      statusCallback: form['StatusCallback'],
      validityPeriod: form['ValidityPeriod'] ? Number(form['ValidityPeriod']) : undefined,
    }),
  });
  if (await misbehaving.afterAccepting(request, response)) return;
  response.status(201).json(asTwilioMessage(message));
}

function listMessages(messages: TakenMessages, request: Request, response: Response): void {
  const query = request.query as Record<string, string>;
  const found = messages.search(
    present({
      to: query['To'],
      from: query['From'],
      sentOn: query['DateSent'],
      sentAfter: query['DateSent>'],
      sentBefore: query['DateSent<'],
    }),
  );
  const pageSize = Math.min(Number(query['PageSize']) || 50, 1_000);
  response.json(asTwilioPage(found, { path: request.path, query, page: Number(query['Page']) || 0, pageSize }));
}

function notFound(request: Request): ReturnType<typeof twilioProblem> {
  return twilioProblem(404, 20404, `The requested resource ${request.path} was not found`);
}
