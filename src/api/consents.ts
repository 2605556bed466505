import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { repliesOf } from '../db/customers/inbound-records.ts';
import { readConsents, recordConsent } from '../db/customers/recorded-consents.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { badFields, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { caseReaders } from './renewals.ts';
import { renewalId } from './schemas/basics.ts';
import { revealCases } from './revealed-cases.ts';
import { consentBody, consentsAnswer, repliesAnswer, repliesQuery } from './schemas/consents.ts';

type ConsentParts = { db: Db; calendar: Calendar };

const shownReplies = 50;

const shared = {
  tag: 'consents',
  params: z.strictObject({ id: renewalId }),
  reach: 'renewal',
  problems: [404],
} as const;

/** What the customer of a case may be sent, and what the customer wrote. */
export function consentRoutes(parts: ConsentParts): Route[] {
  return [readRoute(parts), recordRoute(parts), repliesRoute(parts)];
}

function readRoute(parts: ConsentParts): Route {
  return route({
    ...shared,
    method: 'get',
    path: '/v1/renewals/{id}/consents',
    summary: 'What the customer of a case may be sent, by channel and purpose, and how that came about',
    roles: caseReaders,
    answers: { 200: { description: 'The consents', schema: consentsAnswer } },
    handle: async ({ params }) => ({ status: 200, body: await answerConsents(parts, params.id) }),
  });
}

function recordRoute(parts: ConsentParts): Route {
  return route({
    ...shared,
    method: 'post',
    path: '/v1/renewals/{id}/consents',
    summary: 'Record that the customer gave or withdrew a consent',
    description: [
      'It holds for all policies of the customer, and in no list that says otherwise later. Withdrawing stops what is planned',
      'on the channel for the purpose; giving it back ends an opt-out for this purpose alone. After an opt-out or a withdrawal it needs evidence.',
      'Twilio’s own block of a number (its STOP words, 21610) ends only by START from there: until then it is kept, the opt-out stands',
      'and `mayBeSent` stays false.',
    ].join(' '),
    roles: ['agent', 'specialist', 'supervisor', 'call-centre'],
    body: consentBody,
    answers: { 201: { description: 'Recorded; the consents as they stand now', schema: consentsAnswer } },
    handle: async ({ person, params, body, id }) => {
      const word = { ...body, id, renewalId: params.id, recordedBy: person.id };
      const { kind } = await parts.db.transaction((tx) => recordConsent(tx, word, parts.calendar));
      switch (kind) {
        case 'recorded':
          return { status: 201, body: await answerConsents(parts, params.id) };
        case 'evidence-missing':
          throw badFields([{ path: 'evidence', message: 'Needed: the customer opted out or withdrew it' }]);
        case 'unknown':
          throw notFound('renewal');
      }
    },
  });
}

async function answerConsents({ db }: ConsentParts, caseId: string) {
  const found = await readConsents(db, caseId);
  if (!found) throw notFound('renewal');
  return found;
}

function repliesRoute({ db }: ConsentParts): Route {
  return route({
    ...shared,
    method: 'get',
    path: '/v1/renewals/{id}/replies',
    summary: 'What the customer of a case answered by SMS and how it was read, newest first',
    description:
      'With `reveal=true` also the words, to roles that work with customers; the journal of the case has it first.',
    roles: caseReaders,
    query: repliesQuery,
    answers: { 200: { description: 'At most 50', schema: repliesAnswer } },
    handle: async ({ person, params, query }) => {
      const asked = { ids: [params.id], list: 'replies' };
      const shown = query.reveal ? await revealCases(db, person, asked) : new Set();
      const revealed = shown.has(params.id);
      const replies = await repliesOf(db, params.id, shownReplies);
      const items = replies.map((reply) => ({ ...reply, body: revealed ? reply.body : null, revealed }));
      return { status: 200, body: { items } };
    },
  });
}
