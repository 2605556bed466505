import { heldUntil, type CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { isSuppressed } from '../db/customers/suppressed-records.ts';
import { isSendingStopped, sentSince, type CustomerRow, type MessageRow } from '../db/messages/message-records.ts';
import { effectiveContactsSince } from '../db/results/effective-contacts.ts';
import { readResultsToTake, type Unheard } from '../db/results/results-to-take.ts';
import type { Setting } from '../db/settings-records.ts';
import { capsUnder, sendingWindowUnder } from '../renewal/sending-limits.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { addressOn, takesNoSms } from './address.ts';
import { isSameVehicle } from './companion.ts';
import { consentFacts } from './consent-facts.ts';
import { conversations, firstInstantOfWeek, withOccasions } from './occasions.ts';
import { recipientClocks } from './recipient-clocks.ts';
import { recipientCalendar } from './recipient-window.ts';
import type { RestraintFacts, SendingMoment } from './restraint.ts';

type Limits = { [Name in 'quiet-hours' | 'caps']: Setting<Name> };

/** When a message of a case would reach its recipient, and what limits hold then (business.md, Restraint). Instants are business milliseconds. */
export function momentOf(
  { calendar, clock, tolerance, stagePlan }: CaseSituation,
  customer: CustomerRow,
  { 'quiet-hours': quiet, caps }: Limits,
): SendingMoment {
  const window = sendingWindowUnder(stagePlan.sendingWindow, quiet.content);
  const clocks = recipientClocks(customer, calendar);
  return { now: clock.now, tolerance, calendar, clocks, window, caps: capsUnder(stagePlan.caps, caps.content) };
}

type Asked = { situation: CaseSituation; message: MessageRow; customer: CustomerRow; moment: SendingMoment };

/** Everything that decides whether a planned message may go, read in the transaction of its claim (promises.md, Sending a message). */
export async function readFacts(tx: Db, { situation, message, customer, moment }: Asked): Promise<RestraintFacts> {
  const { renewal, policy } = situation;
  const channel = message.channel as Channel;
  const weekAgo = firstInstantOfWeek({ now: moment.now, calendar: recipientCalendar(moment.clocks) });
  const address = addressOn(channel, customer);
  const customerId = customer.id;
  const sent = withOccasions(await sentSince(tx, message, weekAgo));
  const contacts = await effectiveContactsSince(tx, message.customerId, weekAgo);
  return {
    touch: message.touch,
    channel,
    dueAt: message.dueAt.getTime(),
    latestAt: message.latestAt.getTime(),
    outcome: renewal.outcome,
    expiresOn: renewal.expiresOn,
    orphaned: renewal.orphanedAt !== null,
    secondRoundRuns: renewal.secondRoundDueAt !== null,
    heldUntil: heldUntil(situation) ?? null,
    unheard: await readUnheard(tx, situation),
    address,
    takesNoSms: takesNoSms(channel, customer),
    addressSuppressed: address !== null && (await isSuppressed(tx, { channel, address, customerId })),
    ...consentFacts(customer, { channel, template: message.template }),
    doNotContactUntil: customer.doNotContactUntil?.getTime() ?? null,
    sendingStopped: await isSendingStopped(tx),
    sentToCustomer: sent.map((other) => ({
      ...other,
      sameRenewal: other.renewalId === renewal.id,
      // A message that went before this case was known spoke for the other cover alone.
      sameVehicle: isSameVehicle(other, policy) && other.claimedAt >= renewal.openedAt.getTime(),
    })),
    contactedAt: conversations(contacts, moment.calendar),
  };
}

/** What is known and no workflow has taken yet: a result that is stored, or what a list or the core system said of the policy. */
async function readUnheard(tx: Db, { renewal, policy, calendar, clock }: CaseSituation): Promise<Unheard | null> {
  const result = await readResultsToTake(tx, { customerId: policy.customerId, renewalId: renewal.id });
  if (result === 'refusal' || renewal.outcome !== null) return result ?? null;
  const { renewedAs, cancelledOn } = policy;
  const isCancelled = cancelledOn !== null && cancelledOn <= calendar.dayOf(clock.now);
  return renewedAs !== null || isCancelled ? 'close' : (result ?? null);
}
