import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { present } from '../config/config.ts';
import { failsAfterAccepting, failsBeforeAccepting, type Met, type Misbehaving } from './sms-behaviour.ts';
import { hasOptedOut } from './sms-stand-in-inbound.ts';
import type { NewMessage, TakenMessage, TakenMessages } from './sms-stand-in-messages.ts';
import {
  asTwilioMessage,
  asTwilioPage,
  findProblem,
  optedOutProblem,
  segmentsOf,
  twilioProblem,
} from './twilio-format.ts';

export type MessagesApi = {
  messages: TakenMessages;
  misbehaving: Misbehaving;
  /** Called once for every message of ours that was taken. */
  onTaken: (message: TakenMessage, met: Met) => void;
};

const messagesPath = '/2010-04-01/Accounts/:accountSid/Messages';
const unfinished = ['accepted', 'scheduled', 'queued', 'sending'];

/** The Messages resource of Twilio's API: create, list, fetch, cancel, redact, delete. */
export function messagesApi(api: MessagesApi): Router {
  const { messages } = api;
  const router = express.Router();
  const one = `${messagesPath}/:sid.json`;
  router.post(`${messagesPath}.json`, (request, response) => createMessage(api, request, response));
  router.get(`${messagesPath}.json`, (request, response) => listMessages(messages, request, response));
  const found = (work: (message: TakenMessage, request: Request, response: Response) => void): RequestHandler => {
    return (request, response) => {
      const message = messages.find(String(request.params['sid']));
      if (message) work(message, request, response);
      else response.status(404).json(notFound(request));
    };
  };
  router.get(
    one,
    found((message, _request, response) => void response.json(asTwilioMessage(message))),
  );
  router.post(
    one,
    found((message, request, response) => updateMessage(messages, message, { request, response })),
  );
  router.delete(
    one,
    found((message, _request, response) => deleteMessage(messages, message, response)),
  );
  return router;
}

async function createMessage(api: MessagesApi, request: Request, response: Response): Promise<void> {
  const { messages, misbehaving } = api;
  const form = (request.body ?? {}) as Record<string, string>;
  const met = misbehaving.meet(form['To'] ?? '');
  if (await failsBeforeAccepting(met, request, response)) return misbehaving.hit(met);
  const asked = newMessage(form, String(request.params['accountSid']));
  const isOut = hasOptedOut(messages, { phone: asked.to, number: asked.from });
  const problem = findProblem(form) ?? (isOut ? optedOutProblem() : undefined);
  if (problem) return void response.status(problem.status).json(problem);
  const message = messages.take(asked, met.listLagMs);
  const answer = asTwilioMessage(message);
  api.onTaken(message, met);
  misbehaving.hit(met);
  if (await failsAfterAccepting(met, request, response)) return;
  response.status(201).json(answer);
}

function newMessage(form: Record<string, string>, accountSid: string): NewMessage {
  const { To: to = '', From: from = '', Body: body = '', ValidityPeriod: validity, SendAt: sendAt } = form;
  return {
    to,
    body,
    from,
    accountSid,
    segments: segmentsOf(body),
    status: sendAt ? 'scheduled' : 'queued',
    ...present({
      messagingServiceSid: form['MessagingServiceSid'],
      statusCallback: form['StatusCallback'],
      validityPeriod: validity ? Number(validity) : undefined,
      sendAt,
    }),
  };
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
  response.json(asTwilioPage(found, { path: request.path, query, pageSize }));
}

/** An empty body takes the text away; only a message that is still scheduled can be cancelled. */
function updateMessage(
  messages: TakenMessages,
  message: TakenMessage,
  { request, response }: { request: Request; response: Response },
): void {
  const { Status: status, Body: body } = (request.body ?? {}) as Record<string, string>;
  if (status === 'canceled' && message.status !== 'scheduled')
    return void response.status(409).json(twilioProblem(409, 30409, 'This message cannot be canceled'));
  if (status !== undefined && status !== 'canceled')
    return void response.status(400).json(twilioProblem(400, 20001, `Invalid Status: ${status}`));
  if (body) return void response.status(400).json(twilioProblem(400, 20001, 'Body can only be emptied'));
  if (body === '') messages.change(message, { redacted: true });
  if (status !== undefined) messages.change(message, { status });
  response.json(asTwilioMessage(message));
}

function deleteMessage(messages: TakenMessages, message: TakenMessage, response: Response): void {
  if (unfinished.includes(message.status)) {
    const problem = twilioProblem(409, 20009, 'Cannot delete message because delivery has not been completed.');
    return void response.status(409).json(problem);
  }
  messages.change(message, { deleted: true });
  response.status(204).end();
}

export function notFound(request: Request): ReturnType<typeof twilioProblem> {
  return twilioProblem(404, 20404, `The requested resource ${request.path} was not found`);
}
