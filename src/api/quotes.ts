import { z } from 'zod';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { giveQuote, type QuoteRow, type QuoteTooLow } from '../db/concessions/quote-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { badFields, type Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { renewalId } from './schemas/basics.ts';
import { quoteAnswer, quoteBody } from './schemas/quotes.ts';

type QuoteParts = { db: Db; calendar: Calendar };

export function quoteRoute({ db, calendar }: QuoteParts): Route {
  return route({
    method: 'post',
    path: '/v1/renewals/{id}/quotes',
    summary: 'Give the customer a new version of the quote',
    description:
      'Indicative until the bind clock opens, firm from then on. The newest version holds. Below what a specialist calculated, less what was conceded, an agent asks for a concession.',
    tag: 'renewals',
    roles: ['specialist', 'agent'],
    params: z.strictObject({ id: renewalId }),
    reach: 'renewal',
    body: quoteBody,
    problems: [404, 409],
    answers: { 201: { description: 'The version that was stored', schema: quoteAnswer } },
    handle: async ({ person, params, body, id }) => {
      const { premium, note } = body;
      const validUntil = await checkedValidity(db, body.validUntil);
      const quote = { id, renewalId: params.id, premium, validUntil, note, quotedBy: person.id };
      const stored = await db.transaction((tx) => giveQuote(tx, quote, calendar));
      if (stored.kind === 'quote-too-low') throw quoteTooLow(stored);
      return { status: 201, body: answerQuote(stored.row) };
    },
  });
}

async function checkedValidity(db: Db, written: string | undefined): Promise<Date | undefined> {
  if (written === undefined) return undefined;
  const validUntil = new Date(written);
  if (validUntil.getTime() > (await readClock(db)).now) return validUntil;
  throw badFields([{ path: 'validUntil', message: 'This instant has passed' }]);
}

/** Says the lowest premium, and how to get to a lower one. */
export function quoteTooLow({ refusal, least }: QuoteTooLow): Problem {
  switch (refusal) {
    case 'below-the-floor':
      return badFields([{ path: 'premium', message: `Not below ${least}, the floor that the ladder sets` }]);
    case 'needs-concession': {
      const way = 'a specialist calculates less, or a concession is approved (POST /v1/renewals/{id}/concessions)';
      return badFields([{ path: 'premium', message: `Not below ${least} until ${way}` }]);
    }
  }
}

/** A version of a quote as it is answered, also on the page of its case. */
export function answerQuote({ renewalId: _renewalId, ...quote }: QuoteRow) {
  return quote;
}
