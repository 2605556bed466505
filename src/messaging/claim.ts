import { uuidv7 } from 'uuidv7';
import { wallInstant } from '../db/business-clock.ts';
import { heldUntil, readSituation, type CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import {
  changeMessage,
  holdMessage,
  isSendingStopped,
  lockCustomer,
  lockMessage,
  markCameTo,
  markClaimed,
  sentSince,
  type CustomerRow,
  type MessageKey,
  type MessageRow,
} from '../db/messages/message-records.ts';
import { refreshNextAction } from '../db/cases/next-action-records.ts';
import { isSuppressed } from '../db/customers/suppressed-records.ts';
import { readSettings, type Setting } from '../db/settings-records.ts';
import type { Calendar, Instant } from '../renewal/calendar.ts';
import type { SendAnswer } from '../renewal/case-answers.ts';
import { RenewalError } from '../renewal/errors.ts';
import type { Explained } from '../renewal/explanation.ts';
import { capsUnder, sendingWindowUnder } from '../renewal/sending-limits.ts';
import type { SmsProviders } from '../renewal/settings.ts';
import type { Channel, Stage } from '../renewal/stage-plan.ts';
import { markArmed } from '../db/cases/stage-records.ts';
import { giveUpClaim } from '../db/messages/old-claims.ts';
import { followMessages } from '../db/messages/follow-messages.ts';
import { effectiveContactsSince } from '../db/results/effective-contacts.ts';
import { addressOn, takesNoSms } from './address.ts';
import { askIfUnreachable } from './missing-contact.ts';
import { consentFacts } from './consent-facts.ts';
import { explainSending } from './explain-sending.ts';
import { isSameVehicle } from './companion.ts';
import { candidates, orderFor, templateCodeFor, type ProvidersToAsk } from './provider-choice.ts';
import type { RenderedText } from './render.ts';
import { writeText } from './message-text.ts';
import { conversations, firstInstantOfWeek, withOccasions } from './occasions.ts';
import { recipientClocks } from './recipient-clocks.ts';
import { recipientCalendar } from './recipient-window.ts';
import { awaitRepair } from './await-repair.ts';
import { layoutVersion } from './lay-out.ts';
import { decideSending, mayArriveUntil, type Decision, type RestraintFacts, type SendingMoment } from './restraint.ts';

type WithoutPlan<Answer> = Answer extends unknown ? Omit<Answer, 'stamp' | 'planVersion' | 'plan'> : never;
/** What a case hears of a message, without the part about its plan. */
export type SendOutcome = WithoutPlan<SendAnswer>;

/** Which message, and through whom it may go; without providers the claim names none. */
export type ClaimQuestion = MessageKey & {
  /** Which of the attempts that were ordered on purpose this is; a case orders none. */
  resend?: number;
  providers?: ProvidersToAsk;
};

/** A message that its winner, and nobody else, sends in one attempt. */
export type ClaimedMessage = MessageKey & {
  messageId: string;
  attemptId: string;
  /** Through whom, who else may take it, and who refused it in the same errand. */
  provider: string | null;
  others: readonly string[];
  refusedJustNow: readonly string[];
  /** Under which code the provider has approved the template. */
  templateCode: string | null;
  customerId: string;
  template: string;
  language: string;
  address: string;
  text: RenderedText;
  /** Wall seconds until the sending window closes. */
  validForSeconds: number;
};

export type Claim = { situation: CaseSituation } & (
  { kind: 'won'; message: ClaimedMessage } | { kind: 'answered'; outcome: SendOutcome }
);

/**
 * Decides in one transaction on the business clock whether a planned message goes now, and makes the caller the only one
 * who sends it (promises.md, Sending a message). A message that was claimed before is never won again. Throws
 * `renewal-unknown`; one that cannot be written or handed over waits.
 */
export async function claimMessage(db: Db, key: ClaimQuestion, calendar: Calendar): Promise<Claim> {
  return db.transaction(async (tx) => {
    const situation = await readSituation(tx, key.renewalId, calendar);
    if (followsAnotherPlan(situation)) await followMessages(tx, situation, situation.renewal.stage as Stage);
    // Only the workflow of a case arms its timers by the answer.
    if (key.resend === undefined) await markArmed(tx, situation);
    const message = await lockMessage(tx, key);
    if (!message) return answered(situation, { kind: 'suppressed', reason: 'not-planned' });
    if (key.resend !== undefined && key.resend !== message.resends) return answered(situation, { kind: 'already' });
    if (message.state !== 'planned') {
      await markCameTo(tx, message, situation.clock.now);
      return answered(situation, await answerOfState(tx, message));
    }
    const customer = await lockCustomer(tx, message.customerId);
    const settings = await readSettings(tx, ['quiet-hours', 'caps', 'sms-providers']);
    const moment = momentOf(situation, customer, settings);
    const way = { providers: key.providers, setting: settings['sms-providers'].content };
    const candidate = { situation, message, customer, moment, way };
    const facts = await readFacts(tx, candidate);
    const decision = decideSending(facts, moment);
    const why = explainSending(decision, facts, { moment, planVersion: situation.planVersion });
    await refreshNextAction(tx, situation);
    switch (decision.kind) {
      case 'send':
        return takeOrWait(tx, candidate, why);
      case 'hold':
        return answered(situation, await hold(tx, situation, { message, decision, why }));
      case 'drop':
        await askIfUnreachable(tx, { situation, customer, message, reason: decision.reason });
        return answered(situation, await drop(tx, { message, decision, why }, situation.clock.now));
    }
  });
}

/** A plan that was published a moment ago holds for a case that nobody has told of it yet. */
function followsAnotherPlan({ renewal, planVersion }: CaseSituation): boolean {
  return renewal.outcome === null && renewal.stage !== null && renewal.planVersion !== planVersion;
}

type Candidate = {
  situation: CaseSituation;
  message: MessageRow;
  customer: CustomerRow;
  moment: SendingMoment;
  way: { providers: ClaimQuestion['providers']; setting: SmsProviders };
};
type Limits = { [Name in 'quiet-hours' | 'caps']: Setting<Name> };

function answered(situation: CaseSituation, outcome: SendOutcome): Claim {
  return { situation, kind: 'answered', outcome };
}

function momentOf(
  { calendar, clock, tolerance, stagePlan }: CaseSituation,
  customer: CustomerRow,
  { 'quiet-hours': quiet, caps }: Limits,
): SendingMoment {
  const window = sendingWindowUnder(stagePlan.sendingWindow, quiet.content);
  const clocks = recipientClocks(customer, calendar);
  return { now: clock.now, tolerance, calendar, clocks, window, caps: capsUnder(stagePlan.caps, caps.content) };
}

/** What a message that is no longer planned means for the case; one that was claimed by somebody else may have gone. */
async function answerOfState(tx: Db, message: MessageRow): Promise<SendOutcome> {
  switch (message.state) {
    case 'claimed':
      await giveUpClaim(tx, message);
      return { kind: 'unknown' };
    case 'unknown':
    case 'operator':
      return { kind: 'unknown' };
    case 'not-accepted':
      return { kind: 'not-accepted' };
    case 'suppressed':
    case 'cancelled':
      return { kind: 'suppressed', reason: message.reason ?? message.state };
    case 'expired':
      return { kind: 'expired', reason: message.reason ?? message.state };
    default:
      return { kind: 'already' };
  }
}

async function readFacts(tx: Db, { situation, message, customer, moment }: Candidate): Promise<RestraintFacts> {
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

/** What keeps this message from being written or handed over keeps nothing else. */
async function takeOrWait(tx: Db, candidate: Candidate, why: Explained): Promise<Claim> {
  const { situation, message } = candidate;
  try {
    return { situation, kind: 'won', message: await take(tx, candidate, why) };
  } catch (error) {
    return answered(situation, await awaitRepair(tx, situation, { message, error }));
  }
}

async function take(
  tx: Db,
  { situation, message, customer, moment, way }: Candidate,
  sentBecause: Explained,
): Promise<ClaimedMessage> {
  const { clock } = situation;
  const channel = message.channel as Channel;
  const address = addressOn(channel, customer) ?? '';
  const { provider, others } = chooseProvider(way, { ...message, address });
  const text = await writeText(tx, { situation, message, customer, today: moment.calendar.dayOf(clock.now) });
  const attemptId = uuidv7();
  await markClaimed(tx, message, { attemptId, provider, address, ...snapshotOf(text), sentBecause, at: clock.now });
  const closesAt = mayArriveUntil({ touch: message.touch, expiresOn: situation.renewal.expiresOn }, moment);
  return {
    messageId: message.id,
    attemptId,
    provider,
    others,
    refusedJustNow: way.providers?.refusedJustNow ?? [],
    templateCode: codeFor(text, { provider, ...way, template: message.template }),
    renewalId: message.renewalId,
    touch: message.touch,
    channel,
    customerId: customer.id,
    template: message.template,
    language: customer.language,
    address,
    text,
    validForSeconds: Math.floor((wallInstant(clock, closesAt) - wallInstant(clock, clock.now)) / 1_000),
  };
}

/** Enough to show again exactly what was sent: the text itself, and what the page of an e-mail was made of. */
function snapshotOf({ subject, body, segments, templateVersion, language, params }: RenderedText) {
  return { subject, body, segments, templateVersion, rendering: { layout: layoutVersion, language, params } };
}

type Chosen = { provider: string | null; setting: SmsProviders; template: string };

/** A version's own code; the setting's are those of the shipped texts, and would send another text than this one. */
function codeFor(text: RenderedText, { provider, setting, template }: Chosen): string | null {
  const own = provider === null ? undefined : text.providerTemplates[provider];
  if (own !== undefined || text.templateVersion > 0) return own ?? null;
  return templateCodeFor(setting, { provider, template, language: text.language });
}

function chooseProvider(
  { providers, setting }: Candidate['way'],
  { channel, address, refusedBy }: MessageRow & { address: string },
): { provider: string | null; others: string[] } {
  if (!providers) return { provider: null, others: [] };
  const order = channel === 'sms' ? orderFor(address, setting) : providers.configured;
  const able = candidates(order, providers, refusedBy);
  const provider = able.find((name) => !providers.refusedJustNow.includes(name));
  if (provider === undefined)
    throw new RenewalError('sending-misconfigured', 'No provider is set up for this message.');
  return { provider, others: able.filter((name) => name !== provider) };
}

type Decided<Kind extends Decision['kind']> = {
  message: MessageRow;
  decision: Decision & { kind: Kind };
  why: Explained;
};

async function hold(
  tx: Db,
  { clock }: CaseSituation,
  { message, decision, why }: Decided<'hold'>,
): Promise<SendOutcome> {
  const { until, reason, validUntil } = decision;
  // A pause that is looked at again and again is one decision, journalled once.
  const isLonger = validUntil !== undefined && validUntil > message.latestAt.getTime();
  const isNews = isLonger || (reason !== 'not-due' && message.reason !== reason);
  if (isNews) {
    const latestAt = new Date(validUntil ?? message.latestAt);
    const inputs = { until: new Date(until).toISOString(), ...why };
    await changeMessage(tx, message, { change: { reason, latestAt }, event: 'message-held', reason, inputs });
  }
  await holdMessage(tx, message.id, until);
  return { kind: 'waiting', until: wallInstant(clock, until), reason };
}

async function drop(tx: Db, { message, decision, why }: Decided<'drop'>, now: Instant): Promise<SendOutcome> {
  const { state, reason } = decision;
  const change = { state, reason, cameToAt: new Date(now) };
  await changeMessage(tx, message, { change, event: `message-${state}`, reason, inputs: why });
  return { kind: state === 'expired' ? 'expired' : 'suppressed', reason };
}
