import { businessCalendar } from '../../../src/calendar/business-calendar.ts';
import { addressOn, takesNoSms } from '../../../src/messaging/address.ts';
import { isSameVehicle } from '../../../src/messaging/companion.ts';
import { firstInstantOfWeek, withOccasions } from '../../../src/messaging/occasions.ts';
import { recipientClocks } from '../../../src/messaging/recipient-clocks.ts';
import { recipientCalendar } from '../../../src/messaging/recipient-window.ts';
import {
  decideSending,
  sendingRules,
  type RestraintFacts,
  type SendingRule,
} from '../../../src/messaging/restraint.ts';
import { addDays, dayMs, minuteMs, type Instant } from '../../../src/renewal/calendar.ts';
import { confirmationTouch, type Channel } from '../../../src/renewal/stage-plan.ts';
import type { Happening, Stream } from './a-stream.ts';

export const shanghai = businessCalendar('Asia/Shanghai');
const daytime = { fromMinute: 540, toMinute: 1_260 };
const start = shanghai.instantOf('2027-03-01', 600);

export type CaseFacts = {
  id: string;
  plate: string;
  expiresOn: string;
  outcome: 'renewed' | 'lost' | null;
  orphaned: boolean;
  secondRoundRuns: boolean;
  heldUntil: Instant | null;
};
type Customer = {
  phone: string;
  email: string;
  timeZone: string | null;
  consents: Set<Channel>;
  optedOut: Set<Channel>;
  suppressed: Set<Channel>;
  doNotContactUntil: Instant | null;
  replyUnreadUntil: Instant | null;
};
export type Message = {
  caseId: string;
  touch: string;
  channel: Channel;
  dueAt: Instant;
  latestAt: Instant;
  lookAt: Instant;
  state: string;
  reason: string | null;
};
/** A message that left us, with all that was true at that moment; `proved` tells that the provider did not take it. */
export type Sent = {
  at: Instant;
  message: Message;
  of: CaseFacts;
  customer: Customer;
  zones: readonly string[];
  stopped: boolean;
  spokenWithAt: readonly Instant[];
  proved: boolean;
};
/** What became of a stream: what left us, what was planned, and whatever was held back. */
export type Lived = { stream: Stream; sent: Sent[]; messages: Message[]; held: { message: Message; reason: string }[] };

export type Life = Lived & {
  now: Instant;
  cases: CaseFacts[];
  customer: Customer;
  stopped: boolean;
  spokenWithAt: Instant[];
  rules: readonly SendingRule[];
};

/** Lets a stream happen by the rules, all of them or those that are handed in; each message is looked at when it asks for it. */
export function live(stream: Stream, rules: readonly SendingRule[] = Object.values(sendingRules)): Lived {
  const life = begin(stream, rules);
  for (const happening of stream.happenings) {
    letPass(life, happening.afterMinutes * minuteMs);
    happen(life, happening);
  }
  endPauses(life);
  letPass(life, 14 * dayMs);
  return life;
}

/** The customer and the cases of a stream, before anything happens. */
export function begin(stream: Stream, rules: readonly SendingRule[]): Life {
  const cases = stream.cases.map(({ plate, expiresInDays }, turn): CaseFacts => ({
    id: `R${turn}`,
    plate,
    expiresOn: addDays('2027-03-01', expiresInDays),
    outcome: null,
    orphaned: false,
    secondRoundRuns: false,
    heldUntil: null,
  }));
  const { phone, timeZone } = stream;
  const allowed = {
    consents: new Set<Channel>(['sms', 'email']),
    optedOut: new Set<Channel>(),
    suppressed: new Set<Channel>(),
  };
  const silent = { doNotContactUntil: null, replyUnreadUntil: null };
  const customer = { phone, timeZone, email: 'wang@example.com', ...allowed, ...silent };
  const books = { stream, cases, customer, sent: [], messages: [], held: [], spokenWithAt: [] };
  return { ...books, now: start, stopped: false, rules };
}

/** In the end somebody adopts every case, decides every second round and lifts the stop. */
export function endPauses(life: Life): void {
  life.stopped = false;
  for (const own of life.cases) Object.assign(own, { orphaned: false, secondRoundRuns: false });
}

function letPass(life: Life, ms: number): void {
  const until = life.now + ms;
  for (let looks = 0; ; looks += 1) {
    const [next] = life.messages
      .filter(({ state, lookAt }) => state === 'planned' && lookAt <= until)
      .toSorted((one, other) => one.lookAt - other.lookAt);
    if (!next) break;
    if (looks > 20_000) throw new Error('a message is looked at for ever');
    life.now = Math.max(life.now, next.lookAt);
    look(life, next);
  }
  life.now = until;
}

function look(life: Life, message: Message): void {
  const { now, stream, customer } = life;
  const clocks = recipientClocks(customer, shanghai);
  const hours = { clocks, window: stream.window, daytime };
  const moment = { now, tolerance: 0, calendar: shanghai, ...hours, caps: stream.caps };
  const of = life.cases.find(({ id }) => id === message.caseId)!;
  const decision = decideSending(factsOf(life, message, of), moment, life.rules);
  switch (decision.kind) {
    case 'send':
      return attempt(life, message, of);
    case 'hold':
      message.lookAt = Math.max(decision.until, now + minuteMs);
      message.latestAt = Math.max(message.latestAt, decision.validUntil ?? 0);
      message.reason = decision.reason;
      life.held.push({ message: { ...message }, reason: decision.reason });
      return;
    case 'drop':
      message.state = decision.state;
      message.reason = decision.reason;
  }
}

function attempt(life: Life, message: Message, of: CaseFacts): void {
  const { proved, answer } = leave(life, message, of);
  message.state = proved ? 'planned' : answer;
  message.reason = proved ? 'http-429' : null;
  message.lookAt = life.now + 10 * minuteMs;
}

/** A message leaves us: what is true at this moment is kept, and the provider answers. */
export function leave(life: Life, message: Message, of: CaseFacts): { answer: string; proved: boolean } {
  const { now, stream, customer, stopped } = life;
  const answer = stream.attempts[life.sent.length % stream.attempts.length] ?? 'accepted';
  const { consents, optedOut, suppressed } = customer;
  const then = {
    ...customer,
    consents: new Set(consents),
    optedOut: new Set(optedOut),
    suppressed: new Set(suppressed),
  };
  const zones = recipientClocks(customer, shanghai).map(({ zone }) => zone);
  const spokenWithAt = [...life.spokenWithAt];
  const proved = answer === 'refused-for-now';
  const left = {
    at: now,
    message: { ...message },
    of: { ...of },
    customer: then,
    zones,
    stopped,
    spokenWithAt,
    proved,
  };
  life.sent.push(left);
  return { answer, proved };
}

function factsOf(life: Life, message: Message, of: CaseFacts): RestraintFacts {
  const { now, customer } = life;
  const { touch, channel, dueAt, latestAt } = message;
  const weekAgo = firstInstantOfWeek({ now, calendar: recipientCalendar(recipientClocks(customer, shanghai)) });
  const ledger = life.sent
    .filter((sent) => !sent.proved && sent.at >= weekAgo && !isThis(sent.message, message))
    .map((sent) => ({ ...sent.message, renewalId: sent.of.id, claimedAt: sent.at, plate: sent.of.plate, vin: null }));
  return {
    touch,
    channel,
    dueAt,
    latestAt,
    outcome: of.outcome,
    expiresOn: of.expiresOn,
    orphaned: of.orphaned,
    secondRoundRuns: of.secondRoundRuns,
    heldUntil: of.heldUntil !== null && of.heldUntil > now ? of.heldUntil : null,
    unheard: null,
    replyUnreadUntil: unreadAt(now, customer),
    address: addressOn(channel, customer),
    takesNoSms: takesNoSms(channel, customer),
    addressSuppressed: customer.suppressed.has(channel),
    consented: customer.consents.has(channel),
    optedOut: customer.optedOut.has(channel),
    doNotContactUntil: customer.doNotContactUntil,
    sendingStopped: life.stopped,
    sentToCustomer: withOccasions(ledger).map((sent) => ({
      ...sent,
      sameRenewal: sent.renewalId === of.id,
      sameVehicle: isSameVehicle(sent, { plate: of.plate, vin: null }),
    })),
    contactedAt: life.spokenWithAt.filter((at) => at >= weekAgo),
  };
}

function unreadAt(now: Instant, { replyUnreadUntil: until }: Customer): Instant | null {
  return until !== null && until > now ? until : null;
}

function isThis(one: Message, other: Message): boolean {
  return one.caseId === other.caseId && one.touch === other.touch && one.channel === other.channel;
}

function plan(life: Life, { id }: CaseFacts, planned: Pick<Message, 'touch' | 'channel' | 'dueAt' | 'latestAt'>): void {
  const message = { caseId: id, ...planned, lookAt: planned.dueAt, state: 'planned', reason: null };
  if (!life.messages.some((known) => isThis(known, message))) life.messages.push(message);
}

/** What a happening changes, before anybody looks at a message. */
export function happen(life: Life, happening: Happening): void {
  const { now, customer } = life;
  const own = life.cases[happening.of % life.cases.length]!;
  switch (happening.kind) {
    case 'touch': {
      const dueAt = now + happening.inMinutes * minuteMs;
      const latestAt = dueAt + happening.validHours * 60 * minuteMs;
      for (const channel of happening.channels) plan(life, own, { touch: happening.touch, channel, dueAt, latestAt });
      return;
    }
    case 'renewed':
      own.outcome ??= 'renewed';
      return plan(life, own, { touch: confirmationTouch, channel: 'sms', dueAt: now, latestAt: now + 3 * dayMs });
    case 'lost':
      own.outcome ??= 'lost';
      return;
    case 'orphaned':
    case 'adopted':
      own.orphaned = happening.kind === 'orphaned';
      return;
    case 'declined':
    case 'reopened':
      own.secondRoundRuns = happening.kind === 'declined';
      return;
    case 'held':
      own.heldUntil = now + happening.hours * 60 * minuteMs;
      return;
    case 'answered':
      customer.replyUnreadUntil = now + happening.hours * 60 * minuteMs;
      return;
    case 'opted-out':
      return void customer.optedOut.add(happening.channel);
    case 'suppressed':
      return void customer.suppressed.add(happening.channel);
    case 'consent-withdrawn':
      return void customer.consents.delete(happening.channel);
    case 'refused-contact':
      customer.doNotContactUntil = now + 180 * dayMs;
      return;
    case 'landline':
      customer.phone = '+862161321234';
      return;
    case 'sending-stopped':
      life.stopped = happening.stopped;
      return;
    case 'expiry-corrected':
      own.expiresOn = addDays(own.expiresOn, happening.days);
      return;
    case 'moved':
      customer.timeZone = happening.timeZone;
      return;
    case 'spoken-with':
      life.spokenWithAt.push(now);
      return;
    case 'wait':
  }
}
