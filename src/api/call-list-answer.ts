import { addDays, type Calendar } from '../renewal/calendar.ts';
import { callScript } from '../renewal/call-script.ts';
import type { CallTime } from '../renewal/call-window.ts';
import { rankTask } from '../renewal/worklist.ts';
import type { CallListRow } from '../reporting/call-list.ts';
import type { Masking } from './doors/masking.ts';

/** `callTime` is the legal call window at the moment of asking, `asOf` (business ms) when the list was ranked. */
export type CallItemParts = { calendar: Calendar; asOf: number; callTime: CallTime; masking: Masking };

/** How a case of the call centre becomes an item of its list. */
export function callItemAnswer(row: CallListRow, { calendar, asOf, callTime, masking }: CallItemParts) {
  const { renewal, customer, claim, promisedAt } = row;
  return {
    id: renewal.id,
    customer: {
      name: masking.name(customer.name),
      phone: masking.phone(customer.phone),
      language: customer.language,
    },
    policy: policyAnswer(row, masking),
    stage: renewal.stage,
    ownerId: renewal.ownerId,
    handedOver: { since: renewal.callCentreSince, reason: row.reason },
    rank: rankAnswer(row, { calendar, asOf }),
    attempts: renewal.attempts,
    history: row.history.map(({ renewalId: _of, ...entry }) => entry),
    quote: quoteAnswer(row),
    callBackAt: promisedAt,
    claimed: claim?.by ? { by: claim.by, at: claim.at } : null,
    callableNow: callTime.kind === 'open',
    callableFrom: callTime.kind === 'open' ? null : new Date(callTime.from),
    script: callScript(customer.language),
  };
}

function policyAnswer({ policy }: CallListRow, masking: Masking) {
  const { policyNumber, coverType, startsOn, expiresOn, premium, claimsCount, model } = policy;
  const fields = { policyNumber, coverType, startsOn, expiresOn, premium, claimsCount, model };
  return { ...fields, plate: masking.plate(policy.plate) };
}

function rankAnswer({ renewal, policy }: CallListRow, { calendar, asOf }: Pick<CallItemParts, 'calendar' | 'asOf'>) {
  const dueAt = calendar.instantOf(addDays(renewal.expiresOn, 1), 0);
  const { score, daysLeft, explanation } = rankTask({ value: policy.premium, priority: renewal.priority, dueAt }, asOf);
  return { score, daysLeft, explanation };
}

function quoteAnswer({ quote }: CallListRow) {
  if (!quote) return null;
  const { renewalId: _of, ...fields } = quote;
  return fields;
}
