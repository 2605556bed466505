import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import {
  carryWithdrawals,
  consentColumns,
  keepingOptOuts,
  listedConsents,
  listedWords,
} from './staged-consent-records.ts';
import { carryReplies } from './staged-replies.ts';
import { within, type StagedLines } from './staged-term-records.ts';

/**
 * A person whose phone or name was corrected stays the same customer, with all opt-outs, as long as the list no longer
 * uses the old key beside the new one.
 */
export async function followCorrectedContacts(db: Db, lines: StagedLines): Promise<void> {
  await db.execute(sql`
    update customers c set key = corrected.customer_key
    from (
      select distinct on (s.customer_key) s.customer_key, known.id
      from staged_terms s
      join policies p on p.policy_number = s.policy_number and p.starts_on = s.starts_on
      join customers known on known.id = p.customer_id
      where ${within(lines)} and known.key <> s.customer_key and (known.name = s.customer_name or known.phone = s.phone)
        and not exists (select from customers taken where taken.key = s.customer_key)
        and not exists (select from staged_terms still where still.customer_key = known.key)
      order by s.customer_key, known.id
    ) corrected
    where c.id = corrected.id`);
}

/**
 * Enters or updates the customers whom these lines name first, from all their rows; rows that disagree on consent mean
 * none. A list's consents are to both purposes (docs/consent.md). Answers the keys of those that changed.
 */
export async function enterStagedCustomers(db: Db, lines: StagedLines): Promise<string[]> {
  const columns = sql.raw(consentColumns.map(({ column }) => column).join(', '));
  const before = sql.raw(consentColumns.map(({ column }) => `customers.${column}`).join(', '));
  const { rows } = await db.execute<{ key: string; created: boolean }>(sql`
    with entered as (
      insert into customers (id, key, name, phone, email, time_zone, language, tier, ${columns})
      select (array_agg(s.customer_id order by s.line))[1], s.customer_key, (array_agg(s.customer_name order by s.line))[1],
        max(s.phone), (array_agg(s.email order by s.line) filter (where s.email is not null))[1],
        (array_agg(s.time_zone order by s.line) filter (where s.time_zone is not null))[1], min(s.language),
        (array_agg(s.tier order by s.line) filter (where s.tier is not null))[1],
        bool_and(s.sms_consent), bool_and(s.email_consent), bool_and(s.sms_consent), bool_and(s.email_consent)
      from staged_terms s
      where s.customer_key in (
        select s.customer_key from staged_terms s where ${within(lines)} and not exists (
          select from staged_terms earlier where earlier.customer_key = s.customer_key and earlier.line <= ${lines.after}))
      group by s.customer_key order by s.customer_key
      on conflict (key) do update set
        name = excluded.name, phone = coalesce(excluded.phone, customers.phone),
        email = coalesce(excluded.email, customers.email),
        time_zone = coalesce(excluded.time_zone, customers.time_zone), tier = coalesce(excluded.tier, customers.tier),
        (${columns}) = row(${listedConsents()})
      where (customers.name, customers.phone, customers.email, customers.time_zone, customers.tier, ${before})
        is distinct from (excluded.name, coalesce(excluded.phone, customers.phone), coalesce(excluded.email, customers.email),
          coalesce(excluded.time_zone, customers.time_zone), coalesce(excluded.tier, customers.tier), ${listedConsents()})
      returning id, key, xmax = 0 as created, ${columns}),
    said as (${listedWords()})
    select key, created from entered`);
  return rows.flatMap(({ key, created }) => (created ? [] : [key]));
}

/** Whoever said no under an old number or another spelling has said no, and whoever has a number or mailbox that did. */
export async function carryOptOuts(db: Db, lines: StagedLines): Promise<void> {
  await db.execute(
    keepingOptOuts(sql`
    update customers c set
      sms_opted_out_at = coalesce(c.sms_opted_out_at, before.sms_opted_out_at),
      email_opted_out_at = coalesce(c.email_opted_out_at, before.email_opted_out_at),
      do_not_contact_until = greatest(c.do_not_contact_until, before.do_not_contact_until)
    ${fromFormerHolders(lines)}
      and (before.sms_opted_out_at, before.email_opted_out_at, before.do_not_contact_until) is distinct from (null, null, null)`),
  );
  await carryWithdrawals(db, lines);
  await db.execute(
    keepingOptOuts(sql`
    update customers c set sms_opted_out_at = other.sms_opted_out_at
    from staged_terms s
    join customers other on other.phone = s.phone and other.sms_opted_out_at is not null
    where ${within(lines)} and c.key = s.customer_key and c.phone = other.phone and c.sms_opted_out_at is null`),
  );
  await db.execute(
    keepingOptOuts(sql`
    update customers c set email_opted_out_at = other.email_opted_out_at
    from staged_terms s
    join customers other on lower(other.email) = lower(s.email) and other.email_opted_out_at is not null
    where ${within(lines)} and c.key = s.customer_key and lower(c.email) = lower(other.email)
      and c.email_opted_out_at is null`),
  );
  await carryRefusals(db, lines);
  await carryReplies(db, lines);
}

/** A number that wrote that it wants no contact at all is left alone as long as whoever had it then, and still has it. */
async function carryRefusals(db: Db, lines: StagedLines): Promise<void> {
  await db.execute(sql`
    update customers c set do_not_contact_until = greatest(c.do_not_contact_until, refused.until)
    from (
      select s.customer_key, s.phone, max(least(other.do_not_contact_until, i.received_at + interval '6 months')) as until
      from staged_terms s
      join customers other on other.phone = s.phone and other.do_not_contact_until > business_now()
      join inbound_senders w on w.customer_id = other.id
      join inbound_messages i on i.id = w.message_id and i.sender = s.phone and i.meaning = 'no-contact' and i.certain
      where ${within(lines)}
      group by s.customer_key, s.phone
    ) refused
    where c.key = refused.customer_key and c.phone = refused.phone
      and c.do_not_contact_until is distinct from greatest(c.do_not_contact_until, refused.until)`);
}

/** The customers of these lines whose policies somebody of the same name or phone held before, as `c` and `before`. */
function fromFormerHolders(lines: StagedLines): SQL {
  return sql`from staged_terms s
    join policies p on p.policy_number = s.policy_number and p.starts_on = s.starts_on
    join customers before on before.id = p.customer_id
    where ${within(lines)} and c.key = s.customer_key and c.id <> before.id
      and (c.name = before.name or c.phone = before.phone)`;
}
