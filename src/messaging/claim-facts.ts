import { heldUntil, type CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { readBooksOfClaim, type BooksOfClaim } from '../db/messages/books-of-claim.ts';
import type { CustomerRow, MessageRow } from '../db/messages/message-records.ts';
import type { Unheard } from '../db/results/results-to-take.ts';
import type { Setting } from '../db/settings-records.ts';
import { capsUnder, daytimeOf, sendingWindowUnder } from '../renewal/sending-limits.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { addressOn, takesNoSms } from './address.ts';
import { isSameVehicle } from './companion.ts';
import { consentFacts } from './consent-facts.ts';
import { conversations, firstInstantOfWeek, withOccasions } from './occasions.ts';
import { recipientClocks } from './recipient-clocks.ts';
import { recipientCalendar } from './recipient-window.ts';
import type { RestraintFacts, SendingMoment } from './restraint.ts';
import { writtenLanguage } from './templates/template.ts';
import { replyUnreadUntil } from './unread-reply.ts';

type Limits = { [Name in 'quiet-hours' | 'caps']: Setting<Name> };

/** When a message of a case would reach its recipient, and what limits hold then (business.md, Restraint). Instants are business milliseconds. */
export function momentOf(
  { calendar, clock, tolerance, stagePlan }: CaseSituation,
  customer: CustomerRow,
  { 'quiet-hours': quiet, caps }: Limits,
): SendingMoment {
  const hours = {
    window: sendingWindowUnder(stagePlan.sendingWindow, quiet.content),
    daytime: daytimeOf(quiet.content),
  };
  const clocks = recipientClocks(customer, calendar);
  return { now: clock.now, tolerance, calendar, clocks, ...hours, caps: capsUnder(stagePlan.caps, caps.content) };
}

type Asked = { situation: CaseSituation; message: MessageRow; customer: CustomerRow };

/** Reads what the books say around a message, in the transaction of its claim and behind its locks. */
export async function readBooks(tx: Db, { situation, message, customer }: Asked): Promise<BooksOfClaim> {
  const { renewal, calendar, clock } = situation;
  const clocks = recipientClocks(customer, calendar);
  return readBooksOfClaim(tx, {
    renewal,
    message,
    address: addressOn(message.channel as Channel, customer),
    language: writtenLanguage(customer.language),
    since: firstInstantOfWeek({ now: clock.now, calendar: recipientCalendar(clocks) }),
  });
}

type Known = Asked & { moment: SendingMoment; books: BooksOfClaim };

/** Everything that decides whether a planned message may go (promises.md, Sending a message). */
export function factsOf({ situation, message, customer, moment, books }: Known): RestraintFacts {
  const { renewal, policy } = situation;
  const channel = message.channel as Channel;
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
    unheard: unheardOf(situation, books.unheard),
    replyUnreadUntil: replyUnreadUntil(books.unreadReplies, moment),
    address: addressOn(channel, customer),
    takesNoSms: takesNoSms(channel, customer),
    addressSuppressed: books.addressSuppressed,
    ...consentFacts(customer, { channel, template: message.template }),
    doNotContactUntil: books.leftAloneUntil?.getTime() ?? null,
    sendingStopped: books.sendingStopped,
    sentToCustomer: withOccasions(books.sent).map((other) => ({
      ...other,
      sameRenewal: other.renewalId === renewal.id,
      // A message that went before this case was known spoke for the other cover alone.
      sameVehicle: isSameVehicle(other, policy) && other.claimedAt >= renewal.openedAt.getTime(),
    })),
    contactedAt: conversations(books.contacts, moment.calendar),
  };
}

/** What is known and no workflow has taken yet: a result that is stored, or what a list or the core system said of the policy. */
function unheardOf({ renewal, policy, calendar, clock }: CaseSituation, result: Unheard | undefined): Unheard | null {
  if (result === 'refusal' || renewal.outcome !== null) return result ?? null;
  const { renewedAs, cancelledOn } = policy;
  const isCancelled = cancelledOn !== null && cancelledOn <= calendar.dayOf(clock.now);
  return renewedAs !== null || isCancelled ? 'close' : (result ?? null);
}
