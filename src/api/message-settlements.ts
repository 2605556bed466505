import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { resendMessage } from '../cases/resend-message.ts';
import { settleMessage, type SettleAnswer } from '../db/messages/settle-message.ts';
import { conflict, notFound, refusal } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { readMessageAnswer } from './messages.ts';
import { id } from './schemas/basics.ts';
import { messagePage, settlementBody } from './schemas/messages.ts';

/** What operators decide about a message of which nobody can tell whether it went. */
export function settlementRoute(deps: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/messages/{id}/settle',
    summary: 'Say what became of an uncertain message, or have it sent again',
    description: [
      'For messages in the states `unknown` and `operator` only; look the attempt up at the provider first. `resend` orders one more',
      'attempt, flagged as such: it passes through the same rules as any message, so it may wait or be suppressed, and it is refused',
      'where the case has closed (for a renewal’s confirmation: where its case is not closed as renewed) or the day has passed. The',
      'customer may then get the message twice: that is the operator’s decision.',
    ].join(' '),
    tag: 'messages',
    roles: ['admin', 'channel-manager'],
    params: z.strictObject({ id }),
    reach: 'message',
    body: settlementBody,
    problems: [404, 409, 503],
    answers: { 200: { description: 'Settled; the message as it stands now', schema: messagePage } },
    handle: async ({ person, params, body: { as, providerId, note }, id: settlementId }) => {
      const settled = { id: settlementId, messageId: params.id, as, providerId, note, by: person.id };
      requireSettled(await deps.db.transaction((tx) => settleMessage(tx, settled, deps.calendar)));
      if (as === 'resend') await resendMessage(deps, params.id);
      return { status: 200, body: await readMessageAnswer(deps.db, person, { id: params.id, reveal: false }) };
    },
  });
}

function requireSettled(answer: SettleAnswer): void {
  switch (answer.kind) {
    case 'settled':
      return;
    case 'unknown':
      throw notFound('message');
    case 'not-uncertain':
      throw conflict('message-not-uncertain', `This message is ${answer.state}; only uncertain ones are settled.`);
    case 'case-closed':
      throw refusal('case-closed', closedDetail(answer.outcome));
    case 'day-has-passed':
      throw conflict('day-has-passed', 'The day of this message has passed; it would not be sent any more.');
  }
}

function closedDetail(outcome: string | null): string {
  return outcome === null ? 'The renewal that it confirms is none any more.' : `The case has closed: ${outcome}.`;
}
