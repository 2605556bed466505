import { sql, type SQL } from 'drizzle-orm';
import { consentPurposes, optOutStops } from '../../renewal/consent.ts';
import { channels } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { within, type StagedLines } from './staged-term-records.ts';

/** Which column holds which consent, in the order in which they are written. */
export const consentColumns = [
  { column: 'sms_consent', channel: 'sms', purpose: 'renewal-reminder' },
  { column: 'email_consent', channel: 'email', purpose: 'renewal-reminder' },
  { column: 'sms_notice_consent', channel: 'sms', purpose: 'service-notice' },
  { column: 'email_notice_consent', channel: 'email', purpose: 'service-notice' },
] as const;

/** Whether the last word that is no list's withdrew a consent: no list gives it again. */
function isWithdrawn(customerId: string, { channel, purpose }: (typeof consentColumns)[number]): string {
  return `coalesce((select w.state = 'withdrawn' from consents w where w.customer_id = ${customerId}
    and w.channel = '${channel}' and w.purpose = '${purpose}' and w.source <> 'list' and w.state in ('given', 'withdrawn')
    order by w.at desc, w.id desc limit 1), false)`;
}

/** What holds once a list was read, for the columns in their order; asked of the history only where the list says more. */
export function listedConsents(): SQL {
  const columns = consentColumns.map((one) => {
    const { column } = one;
    return `excluded.${column} and (customers.${column} or not ${isWithdrawn('customers.id', one)})`;
  });
  return sql.raw(columns.join(', '));
}

/** Keeps what the list brought for the customers who were just `entered`: consents to new ones, changes to the others. */
export function listedWords(): SQL {
  const said = consentColumns.map(({ column, channel, purpose }) => `('${channel}', '${purpose}', e.${column})`);
  return sql`insert into consents (id, customer_id, channel, purpose, state, source, at)
    select gen_random_uuid(), e.id, v.channel, v.purpose, case when v.given then 'given' else 'withdrawn' end, 'list', business_now()
    from entered e cross join lateral (values ${sql.raw(said.join(', '))}) as v (channel, purpose, given)
    where case when e.created then v.given else v.given is distinct from coalesce((
      select w.state = 'given' from consents w
      where w.customer_id = e.id and w.channel = v.channel and w.purpose = v.purpose and w.state in ('given', 'withdrawn')
      order by w.at desc, w.id desc limit 1), false) end`;
}

/** An update of customers (as `c`) that keeps the opt-outs which it brings as words of the list. */
export function keepingOptOuts(update: SQL): SQL {
  const came = channels.map(
    (channel) => `old.${channel}_opted_out_at is null and new.${channel}_opted_out_at is not null as by_${channel}`,
  );
  const stopped = channels.flatMap((channel) =>
    consentPurposes
      .filter((purpose) => optOutStops(channel, purpose))
      .map((purpose) => `('${channel}', '${purpose}', changed.by_${channel})`),
  );
  return sql`with changed as (${update} returning c.id, ${sql.raw(came.join(', '))})
    insert into consents (id, customer_id, channel, purpose, state, source, at)
    select gen_random_uuid(), changed.id, v.channel, v.purpose, 'opted-out', 'list', business_now()
    from changed cross join lateral (values ${sql.raw(stopped.join(', '))}) as v (channel, purpose, came)
    where v.came`;
}

/** Takes withdrawals along to whom holds the policies of these lines now; the words are copied, so that no list undoes them. */
export async function carryWithdrawals(db: Db, lines: StagedLines): Promise<void> {
  const { rows } = await db.execute<{ id: string }>(sql`
    insert into consents (id, customer_id, channel, purpose, state, source, evidence, renewal_id, recorded_by, at)
    select distinct on (c.id, w.channel, w.purpose) gen_random_uuid(), c.id, w.channel, w.purpose, w.state, w.source,
      w.evidence, w.renewal_id, w.recorded_by, w.at
    from staged_terms s
    join policies p on p.policy_number = s.policy_number and p.starts_on = s.starts_on
    join customers before on before.id = p.customer_id
    join customers c on c.key = s.customer_key and c.id <> before.id and (c.name = before.name or c.phone = before.phone)
    join consents w on w.customer_id = before.id and w.source <> 'list' and w.state in ('given', 'withdrawn')
    where ${within(lines)}
    order by c.id, w.channel, w.purpose, w.at desc, w.id desc
    returning customer_id as id`);
  const ids = [...new Set(rows.map(({ id }) => id))];
  if (ids.length === 0) return;
  const held = consentColumns.map((one) => `${one.column} = c.${one.column} and not ${isWithdrawn('c.id', one)}`);
  await db.execute(sql`update customers c set ${sql.raw(held.join(', '))} where c.id = any(${sql.param(ids)}::uuid[])`);
}
