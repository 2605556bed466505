import type { DecisionRule } from '../renewal/decision-rules.ts';
import { explain, iso, type Explained } from '../renewal/explanation.ts';
import { recipientCalendar, windowOn } from './recipient-window.ts';
import type { Decision, RestraintFacts, SendingMoment } from './restraint.ts';

/** Everything that a decision to send rests on; of an address only whether there is one. A fact that is missing here does not compile. */
type ToldFacts = Record<Exclude<keyof RestraintFacts, 'address'> | 'hasAddress', unknown>;

/**
 * Why a message goes, waits or is dropped, for the journal of its case: all facts and settings of the moment, so that the
 * decision can be taken again from them alone (promises.md, Journal). Instants are ISO texts, durations milliseconds.
 */
export function explainSending(
  decision: Decision,
  facts: RestraintFacts,
  { moment, planVersion }: { moment: SendingMoment; planVersion: number },
): Explained {
  const { calendar, now, tolerance, window, daytime, caps } = moment;
  const zones = zonesOf(moment);
  const told = { step: 'sending', toleranceMs: tolerance, window, daytime, zones, caps, ...tell(facts) };
  return explain(ruleOf(decision), told, { planVersion, calendar, now });
}

/** The zones by whose clocks the window was looked at; days and weeks are those of the middle one. */
function zonesOf(moment: SendingMoment): string[] {
  const { clocks, now } = moment;
  return windowOn(moment, recipientCalendar(clocks).dayOf(now)).clocks.map(({ zone }) => zone);
}

function ruleOf(decision: Decision): DecisionRule {
  return decision.kind === 'send' ? 'due-and-allowed' : decision.reason;
}

/** Field by field, so that no fact comes into the journal unseen. */
function tell(facts: RestraintFacts): ToldFacts {
  const { touch, channel, outcome, expiresOn, orphaned, secondRoundRuns, consented, optedOut, sendingStopped } = facts;
  const { takesNoSms, addressSuppressed, unheard } = facts;
  return {
    touch,
    channel,
    takesNoSms,
    addressSuppressed,
    outcome,
    expiresOn,
    orphaned,
    secondRoundRuns,
    unheard,
    consented,
    optedOut,
    sendingStopped,
    hasAddress: facts.address !== null,
    dueAt: iso(facts.dueAt),
    latestAt: iso(facts.latestAt),
    heldUntil: facts.heldUntil === null ? null : iso(facts.heldUntil),
    replyUnreadUntil: facts.replyUnreadUntil === null ? null : iso(facts.replyUnreadUntil),
    doNotContactUntil: facts.doNotContactUntil === null ? null : iso(facts.doNotContactUntil),
    sentToCustomer: tellSent(facts.sentToCustomer),
    contactedAt: facts.contactedAt.map(iso),
  };
}

/** Messages of one touch have one number. */
function tellSent(sent: RestraintFacts['sentToCustomer']): object[] {
  const occasions = [...new Set(sent.map(({ occasion }) => occasion))];
  return sent.map(({ touch, channel, claimedAt, sameRenewal, sameVehicle, occasion }) => ({
    touch,
    channel,
    claimedAt: iso(claimedAt),
    sameRenewal,
    sameVehicle,
    occasion: occasions.indexOf(occasion),
  }));
}
