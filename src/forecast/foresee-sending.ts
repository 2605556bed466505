import { addressOn, takesNoSms } from '../messaging/address.ts';
import { consentFacts } from '../messaging/consent-facts.ts';
import { isSameVehicle } from '../messaging/companion.ts';
import { conversations, firstInstantOfWeek, withOccasions } from '../messaging/occasions.ts';
import { recipientClocks } from '../messaging/recipient-clocks.ts';
import { recipientCalendar } from '../messaging/recipient-window.ts';
import { decideSending, type Decision, type SendingMoment } from '../messaging/restraint.ts';
import type { Instant } from '../renewal/calendar.ts';
import type { SendAnswer } from '../renewal/case-answers.ts';
import type { SentMessage } from '../renewal/case-progress.ts';
import { capsUnder, daytimeOf, sendingWindowUnder } from '../renewal/sending-limits.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import type { ForecastMessage } from './forecast-case.ts';
import type { LivingCase, World } from './present.ts';

/**
 * What becomes of messages whose instant has come: the claim's own decision (messaging/claim.ts), on a ledger of the
 * customer to which each message that goes is added. That a provider refuses one is not foreseen.
 */
export function foreseeSending(
  own: LivingCase,
  asked: { messages: readonly { touch: string; channel: Channel }[]; now: Instant },
  world: World,
): SentMessage[] {
  return asked.messages.map(({ touch, channel }) => ({
    ...sendOne(own, { message: messageOf(own, { touch, channel }), now: asked.now }, world),
    touch,
    channel,
  }));
}

function messageOf({ read }: LivingCase, key: { touch: string; channel: Channel }): ForecastMessage | undefined {
  return read.messages.find(({ touch, channel }) => touch === key.touch && channel === key.channel);
}

type Turn = { message: ForecastMessage | undefined; now: Instant };

function sendOne(own: LivingCase, { message, now }: Turn, world: World): SendAnswer {
  const known = { stamp: '', planVersion: own.planVersion };
  if (message?.state !== 'planned') return { ...known, kind: 'already' };
  const { work } = own.read;
  const { channel } = message;
  const decision = decide(own, message, momentOf(own, now, world));
  switch (decision.kind) {
    case 'send':
      message.state = 'accepted';
      own.household.sent.push({ ...vehicleOf(own), renewalId: work.id, touch: message.touch, channel, claimedAt: now });
      world.log.happened({ at: now, of: work, what: 'sent', channel });
      return { ...known, kind: 'accepted' };
    case 'hold': {
      const { until, reason, validUntil = message.latestAt } = decision;
      Object.assign(message, { heldUntil: until, cameTo: true, latestAt: validUntil });
      return { ...known, kind: 'waiting', until, reason };
    }
    case 'drop':
      Object.assign(message, { state: decision.state, reason: decision.reason });
      world.log.happened({ at: now, of: work, what: 'not-sent', channel, reason: decision.reason });
      return { ...known, kind: decision.state === 'expired' ? 'expired' : 'suppressed', reason: decision.reason };
  }
}

function vehicleOf({ read: { plate, vin } }: LivingCase): { plate: string | null; vin: string | null } {
  return { plate, vin };
}

function momentOf({ stagePlan, household }: LivingCase, now: Instant, { calendar, settings }: World): SendingMoment {
  const hours = {
    window: sendingWindowUnder(stagePlan.sendingWindow, settings.quietHours),
    daytime: daytimeOf(settings.quietHours),
  };
  const clocks = recipientClocks(household.customer, calendar);
  return { now, tolerance: 0, calendar, clocks, ...hours, caps: capsUnder(stagePlan.caps, settings.caps) };
}

function decide(own: LivingCase, message: ForecastMessage, moment: SendingMoment): Decision {
  const { read, state, household } = own;
  const { customer } = household;
  const { touch, channel, dueAt, latestAt } = message;
  const week = { now: moment.now, calendar: recipientCalendar(moment.clocks) };
  const since = household.sent.length + household.contacts.length > 0 ? firstInstantOfWeek(week) : 0;
  const isOther = (sent: { renewalId: string; touch: string; channel: string }): boolean =>
    sent.renewalId !== read.work.id || sent.touch !== touch || sent.channel !== channel;
  const sent = withOccasions(household.sent.filter((one) => one.claimedAt >= since && isOther(one)));
  const contacts = household.contacts.filter(({ contactedAt }) => contactedAt >= since);
  return decideSending(
    {
      touch,
      channel,
      dueAt,
      latestAt,
      outcome: null,
      expiresOn: read.expiresOn,
      orphaned: !state.owned,
      secondRoundRuns: state.secondRound !== undefined,
      heldUntil: state.heldUntil ?? null,
      unheard: null,
      // Nobody answers in a forecast.
      replyUnreadUntil: null,
      address: addressOn(channel, customer),
      takesNoSms: takesNoSms(channel, customer),
      addressSuppressed: household.suppressed.includes(channel),
      ...consentFacts(customer, message),
      doNotContactUntil: customer.doNotContactUntil?.getTime() ?? null,
      // A stop is somebody's decision of the moment; what would go is what is asked for.
      sendingStopped: false,
      sentToCustomer: sent.map((other) => ({
        ...other,
        sameRenewal: other.renewalId === read.work.id,
        sameVehicle: isSameVehicle(other, read) && other.claimedAt >= read.openedAt,
      })),
      contactedAt: conversations(contacts, moment.calendar),
    },
    moment,
  );
}
