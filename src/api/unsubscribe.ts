import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { readLanguage, unsubscribe } from '../db/customers/unsubscribing.ts';
import { readUnsubscribeToken } from '../messaging/unsubscribe-link.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { openRoute, type Answer, type Route } from './doors/route.ts';
import { unsubscribePages, type UnsubscribePage } from './unsubscribe-pages.ts';

export type UnsubscribeParts = { db: Db; calendar: Calendar; secret: string | undefined };

const shared = {
  path: '/u/{token}',
  tag: 'unsubscribing',
  params: z.strictObject({ token: z.string().meta({ description: 'Out of the link in an e-mail' }) }),
  answers: {
    200: { description: 'A small page in the customer’s language', mediaTypes: ['text/html'] },
    404: { description: 'A page: nobody’s link', mediaTypes: ['text/html'] },
  },
};

/** The way out of reminders by e-mail (RFC 8058). Asking for the page changes nothing: mail scanners do. */
export function unsubscribeRoutes(parts: UnsubscribeParts): Route[] {
  return [
    openRoute({
      ...shared,
      method: 'get',
      summary: 'The page of a link out of e-mails; changes nothing',
      handle: async ({ params }) => answer(await customerOf(parts, params.token), 'question'),
    }),
    openRoute({
      ...shared,
      method: 'post',
      summary: 'No more renewal reminders by e-mail',
      description:
        'Takes the button of the page and the one click of a mail program (RFC 8058); a repetition changes nothing.',
      handle: async ({ params }) => {
        const customer = await customerOf(parts, params.token);
        if (customer) await unsubscribe(parts.db, customer.id, parts.calendar);
        return answer(customer, 'done');
      },
    }),
  ];
}

type Customer = { id: string; language: string };

async function customerOf({ db, secret }: UnsubscribeParts, token: string): Promise<Customer | undefined> {
  const id = secret === undefined ? undefined : readUnsubscribeToken(secret, token);
  const language = id === undefined ? undefined : await readLanguage(db, id);
  return id === undefined || language === undefined ? undefined : { id, language };
}

function answer(customer: Customer | undefined, page: UnsubscribePage): Answer {
  const content = unsubscribePages(customer?.language, customer ? page : 'unknown');
  const headers = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' };
  return { status: customer ? 200 : 404, headers, text: { type: 'text/html', content } };
}
