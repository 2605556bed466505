import { sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { keepingOptOuts } from './staged-consent-records.ts';
import { within, type StagedLines } from './staged-term-records.ts';

/**
 * What a number wrote before it was anybody's here holds for whoever comes with it: the last word of which the reader was
 * sure, until START, or until this customer gave a consent after it. A refusal of contact holds for six months.
 */
export async function carryReplies(db: Db, lines: StagedLines): Promise<void> {
  await db.execute(
    keepingOptOuts(sql`
    update customers c set sms_opted_out_at = last.received_at
    from (
      select distinct on (s.customer_key, s.phone) s.customer_key, s.phone, i.meaning, i.received_at
      from staged_terms s
      join inbound_messages i on i.sender = s.phone and i.certain and i.meaning in ('opt-out', 'no-contact', 'opt-in')
      where ${within(lines)}
      order by s.customer_key, s.phone, i.received_at desc, i.id desc
    ) last
    where c.key = last.customer_key and c.phone = last.phone and c.sms_opted_out_at is null and last.meaning <> 'opt-in'
      and not exists (
        select from consents w where w.customer_id = c.id and w.channel = 'sms' and w.source <> 'list'
          and w.state in ('given', 'opted-in') and w.at > last.received_at)`),
  );
  await leaveAlone(db, lines);
}

/** Where the writer was a customer then, the refusal stands with that customer, who may have taken it back. */
async function leaveAlone(db: Db, lines: StagedLines): Promise<void> {
  await db.execute(sql`
    update customers c set do_not_contact_until = greatest(c.do_not_contact_until, refused.until)
    from (
      select s.customer_key, s.phone, max(i.received_at) + interval '6 months' as until
      from staged_terms s
      join inbound_messages i on i.sender = s.phone and i.certain and i.meaning = 'no-contact'
      where ${within(lines)} and not exists (select from inbound_senders w where w.message_id = i.id)
      group by s.customer_key, s.phone
    ) refused
    where c.key = refused.customer_key and c.phone = refused.phone and refused.until > business_now()
      and c.do_not_contact_until is distinct from greatest(c.do_not_contact_until, refused.until)`);
}
