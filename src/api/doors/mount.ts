import express, { type Express, type Request, type Response } from 'express';
import { promisify } from 'node:util';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../db/connection.ts';
import type { Person } from '../../db/staff/staff-records.ts';
import { mayReach } from '../../reporting/scope/reach.ts';
import { hashOf, onceForKey } from './idempotency.ts';
import { requireRole, type People } from './people.ts';
import { readForm, type Form } from './form.ts';
import { badFields, notFound, Problem } from './problem.ts';
import type { Answer, Route, StaffRequest } from './route.ts';
import { refuseUndescribed, sendAnswer } from './send-answer.ts';
import type { TokenCheck } from './token-check.ts';
import { requireTwilioSignature, type TwilioDoor } from './twilio-signature.ts';
import { receiveUpload, type Received } from './upload.ts';
import { checkInput } from './validation.ts';
import type { z } from 'zod';

export type Doors = {
  db: Db;
  checkToken: TokenCheck;
  people: People;
  twilio: TwilioDoor;
  /** Told of every answer that its own route does not describe. */
  onWrongAnswer?: (message: string) => void;
};

type Asked = StaffRequest<z.ZodType, z.ZodType, z.ZodType>;

/** Puts the declared routes behind the doors; other methods of their paths answer 405. */
export function mountRoutes(app: Express, routes: readonly Route[], doors: Doors): void {
  for (const route of routes) {
    app[route.method](expressPath(route.path), async (request: Request, response: Response) => {
      response.locals['route'] = route.path;
      const sending = { route, response, onWrongAnswer: doors.onWrongAnswer };
      const answer = await answerRequest(route, request, doors).catch((error: unknown) =>
        refuseUndescribed(sending, error),
      );
      sendAnswer(sending, answer);
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    app.all(expressPath(path), () => refuseMethod(methods));
  }
}

function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function refuseMethod(methods: string[]): never {
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  throw new Problem({ status: 405, code: 'method', detail: `Allowed here: ${allow}.`, headers: { allow } });
}

async function answerRequest(route: Route, request: Request, doors: Doors): Promise<Answer> {
  const person = await admit(route, request, doors);
  const form = route.signedBy === undefined ? undefined : await readSigned(request, doors);
  const key = route.idempotent ? readKey(request) : undefined;
  const params = readParams(route, request);
  const query = checkInput(route.query, route.query ? request.query : undefined);
  const received = route.upload ? await receiveUpload(request, route.upload.maxBytes) : undefined;
  try {
    const body = checkInput(route.body, form ?? received?.fields ?? (await readJson(route, request)));
    const asked = { person, params, query, body, prefers: (types: string[]) => request.accepts(types) };
    const work = async (id: string): Promise<Answer> => {
      await requireReach(route, { person, params }, doors.db);
      return route.handle({ ...asked, id, ...(received ? { upload: received.upload } : {}) } as Asked);
    };
    if (key === undefined) return await work(uuidv7());
    return await onceForKey(doors, { ...fingerprint(route, { person, params, query, body }, received), key }, work);
  } finally {
    await received?.discard();
  }
}

async function admit(route: Route, request: Request, doors: Doors): Promise<Person | undefined> {
  if (route.roles === 'anyone') return undefined;
  const person = await doors.people.of(await doors.checkToken(request.headers.authorization));
  requireRole(person, route.roles);
  return person;
}

/** Nothing that a stranger sent is looked at before its signature is. */
async function readSigned(request: Request, { twilio }: Doors): Promise<Form> {
  const form = await readForm(request);
  requireTwilioSignature(twilio, request, form);
  return form;
}

function readKey(request: Request): string {
  const key = request.get('idempotency-key');
  if (key === undefined || key === '') {
    throw new Problem({
      status: 428,
      code: 'idempotency-key',
      detail: 'Send an Idempotency-Key of your own with this request.',
    });
  }
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw badFields([{ path: 'Idempotency-Key', message: 'At most 255 visible ASCII characters' }]);
}

/** An id that cannot exist is as unknown as one that does not. */
function readParams(route: Route, request: Request): unknown {
  try {
    return checkInput(route.params, route.params ? request.params : undefined);
  } catch {
    throw notFound('thing');
  }
}

async function requireReach(
  route: Route,
  { person, params }: { person: Person | undefined; params: unknown },
  db: Db,
): Promise<void> {
  const { reach } = route;
  if (reach === undefined || reach === 'unscoped' || !person) return;
  const { id } = params as { id: string };
  if (!(await mayReach(db, actingAs(person, route), { reach, id }))) throw notFound(reach);
}

/** Whoever changes something reaches as far as the roles that allow it: an agent who audits too reads all, and acts as an agent. */
function actingAs(person: Person, { method, roles }: Route): Person {
  if (method === 'get' || roles === 'anyone') return person;
  return { ...person, roles: person.roles.filter((role) => roles.includes(role)) };
}

type Fingerprinted = { person: Person | undefined; params: unknown; query: unknown; body: unknown };

function fingerprint(route: Route, asked: Fingerprinted, received: Received | undefined) {
  const { person, params, query, body } = asked;
  const bodyHash = hashOf({ params, query, body, file: received?.upload.sha256 });
  return { subject: person?.id ?? '', request: `${route.method} ${route.path}`, bodyHash };
}

const parseJson = express.json({ limit: '1mb', type: ['application/json', 'application/*+json'] });

async function readJson(route: Route, request: Request): Promise<unknown> {
  if (!route.body) return undefined;
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !request.is(['application/json', 'application/*+json'])) {
    throw new Problem({ status: 415, code: 'media-type', detail: 'The body must be JSON (application/json).' });
  }
  await promisify(parseJson)(request, request.res as Response);
  return request.body as unknown;
}
