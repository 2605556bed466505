import { sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';

/** Twilio's own words, for which it refuses every SMS to a number (21610) until START comes from there. */
const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE'];

/**
 * Those of customers who opted out of SMS to whose number Twilio sends nothing: it said so (21610), or one of its own words
 * came from there, and no START since. Nothing that we record lifts that.
 */
export async function blockedByTwilio(tx: Db, customerIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select c.id from customers c
    where c.id in ${[...customerIds]} and c.sms_opted_out_at is not null
      and greatest((${refusedAt}), (${stoppedAt})) > coalesce((${startedAt}), '-infinity')`);
  return rows.map(({ id }) => id);
}

const refusedAt = sql`
  select max(w.at) from consents w join messages m on m.id = w.evidence::uuid
  where w.customer_id = c.id and w.channel = 'sms' and w.source = 'provider'
    and m.address = c.phone and (m.error_code = '21610' or m.answer like '%/21610')`;

const heard = sql`
  select max(i.received_at) from inbound_messages i join inbound_senders s on s.message_id = i.id
  where s.customer_id = c.id and i.provider = 'twilio' and i.sender = c.phone`;

const stoppedAt = sql`${heard} and upper(btrim(i.body)) in ${stopWords}`;
const startedAt = sql`${heard} and i.meaning = 'opt-in'`;
