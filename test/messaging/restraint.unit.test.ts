import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import type { SentTouch } from '../../src/messaging/occasions.ts';
import { decideSending, type Decision, type RestraintFacts } from '../../src/messaging/restraint.ts';
import { defaultSettings } from '../../src/renewal/settings.ts';

const calendar = businessCalendar('Asia/Shanghai');
const at = (written: string): number => Date.parse(`${written}:00+08:00`);
const noon = '2027-03-16T12:00';

const aTouch = (changed: Partial<RestraintFacts> = {}): RestraintFacts => ({
  touch: 't-15',
  channel: 'sms',
  dueAt: at('2027-03-16T09:30'),
  latestAt: at('2027-03-17T09:30'),
  outcome: null,
  expiresOn: '2027-03-31',
  orphaned: false,
  secondRoundRuns: false,
  unheard: null,
  replyUnreadUntil: null,
  heldUntil: null,
  address: '+8613800000000',
  takesNoSms: false,
  addressSuppressed: false,
  consented: true,
  optedOut: false,
  doNotContactUntil: null,
  sendingStopped: false,
  sentToCustomer: [],
  contactedAt: [],
  ...changed,
});

const aConfirmation = (changed: Partial<RestraintFacts> = {}): RestraintFacts =>
  aTouch({ touch: 'renewal-confirmation', outcome: 'renewed', ...changed });

const sent = (changed: Partial<SentTouch> = {}): SentTouch => ({
  touch: 't-30',
  channel: 'sms',
  claimedAt: at('2027-03-16T10:00'),
  sameRenewal: false,
  sameVehicle: false,
  occasion: `another/${changed.touch ?? 't-30'}`,
  ...changed,
});

const decide = (facts: RestraintFacts, when = noon, window = { fromMinute: 540, toMinute: 1260 }): Decision =>
  decideSending(facts, {
    now: at(when),
    tolerance: 50,
    calendar,
    clocks: [calendar],
    window,
    daytime: { fromMinute: 540, toMinute: 1_260 },
    caps: defaultSettings.caps,
  });

describe('A touch may go', () => {
  test('when its day has come and nothing speaks against it', () => {
    expect(decide(aTouch())).toEqual({ kind: 'send' });
  });

  const dropped: [string, Partial<RestraintFacts>, string, string][] = [
    ['the case has closed', { outcome: 'lost' }, 'cancelled', 'case-closed'],
    ['its day has passed', { latestAt: at('2027-03-16T11:59') }, 'expired', 'day-has-passed'],
    [
      'the customer is not to be contacted',
      { doNotContactUntil: at('2027-09-01T00:00') },
      'suppressed',
      'do-not-contact',
    ],
    ['the customer opted out', { optedOut: true }, 'suppressed', 'sms-opted-out'],
    ['there is no phone', { address: null }, 'suppressed', 'no-phone'],
    ['there is no e-mail address', { address: null, channel: 'email' }, 'suppressed', 'no-email'],
    ['there is no consent to SMS', { consented: false }, 'suppressed', 'no-sms-consent'],
    ['there is no consent to e-mail', { consented: false, channel: 'email' }, 'suppressed', 'no-email-consent'],
  ];
  test.each(dropped)('not when %s', (_when, changed, ...[state, reason]) => {
    expect(decide(aTouch(changed))).toEqual({ kind: 'drop', state, reason });
  });

  const held: [string, Partial<RestraintFacts>, string, string][] = [
    ['before its instant', { dueAt: at('2027-03-16T12:30') }, '2027-03-16T12:30', 'not-due'],
    [
      'within an hour while an answer is unread',
      { replyUnreadUntil: at('2027-03-18T18:00') },
      '2027-03-16T13:00',
      'reply-unread',
    ],
    [
      'before an unread answer has grown old',
      { replyUnreadUntil: at('2027-03-16T12:20') },
      '2027-03-16T12:20',
      'reply-unread',
    ],
    ['within an hour while nobody owns the case', { orphaned: true }, '2027-03-16T13:00', 'orphan'],
    ['within an hour while the second round runs', { secondRoundRuns: true }, '2027-03-16T13:00', 'second-round'],
    [
      'within a quarter while its case has not taken its end',
      { unheard: 'close' },
      '2027-03-16T12:15',
      'news-not-taken',
    ],
    ['within a quarter while sending is stopped', { sendingStopped: true }, '2027-03-16T12:15', 'sending-stopped'],
  ];
  test.each(held)('not %s', (_when, changed, ...[until, reason]) => {
    expect(decide(aTouch(changed))).toEqual({ kind: 'hold', until: at(until), reason });
  });

  test('again when a do-not-contact has run out', () => {
    expect(decide(aTouch({ doNotContactUntil: at('2027-03-16T11:59') }))).toEqual({ kind: 'send' });
  });

  test('when a timer was early by what two clocks may differ', () => {
    expect(decide(aTouch({ dueAt: at(noon) + 50 }))).toEqual({ kind: 'send' });
    expect(decide(aTouch({ dueAt: at(noon) + 51 })).kind).toBe('hold');
  });

  test('on the expiry day but not after it, however long it was held', () => {
    const facts = aTouch({ dueAt: at('2027-03-31T09:30'), latestAt: at('2027-04-01T21:00') });
    expect(decide(facts, '2027-03-31T20:59')).toEqual({ kind: 'send' });
    expect(decide(facts, '2027-04-01T09:00')).toEqual({ kind: 'drop', state: 'expired', reason: 'day-has-passed' });
  });
});

describe('Quiet hours', () => {
  test.each([
    ['2027-03-16T08:59', '2027-03-16'],
    ['2027-03-16T21:00', '2027-03-17'],
    ['2027-03-16T23:59', '2027-03-17'],
    ['2027-03-17T00:00', '2027-03-17'],
  ])('at %s hold a message until the window of %s opens and keep it valid through it', (now, day) => {
    const facts = aTouch({ dueAt: at('2027-03-16T08:00'), latestAt: at(now) + 60_000 });
    expect(decide(facts, now)).toEqual({
      kind: 'hold',
      until: at(`${day}T09:00`),
      reason: 'quiet-hours',
      validUntil: at(`${day}T21:00`),
    });
  });

  test.each(['2027-03-16T09:00', '2027-03-16T20:59'])('are over at %s', (now) => {
    expect(decide(aTouch({ dueAt: at('2027-03-16T08:00') }), now)).toEqual({ kind: 'send' });
  });

  test('never shorten how long a message is valid', () => {
    const latestAt = at('2027-03-20T09:30');
    expect(decide(aTouch({ latestAt }), '2027-03-16T22:00')).toMatchObject({ validUntil: latestAt });
  });

  test('do not exist when the window lasts from 00:00 to 24:00', () => {
    expect(decide(aTouch(), '2027-03-16T23:59', { fromMinute: 0, toMinute: 1440 })).toEqual({ kind: 'send' });
  });

  test('hold the confirmation too', () => {
    expect(decide(aConfirmation(), '2027-03-16T22:00')).toMatchObject({ kind: 'hold', reason: 'quiet-hours' });
  });
});

describe('One touch a day', () => {
  test('holds a touch until the next window when the customer got another one today', () => {
    expect(decide(aTouch({ sentToCustomer: [sent()] }))).toEqual({
      kind: 'hold',
      until: at('2027-03-17T09:00'),
      reason: 'one-touch-a-day',
      validUntil: at('2027-03-17T21:00'),
    });
  });

  const allowed: [string, SentTouch][] = [
    ['another one yesterday', sent({ claimedAt: at('2027-03-15T20:00') })],
    ['the same touch on the other channel', sent({ touch: 't-15', channel: 'email', sameRenewal: true })],
    [
      'the same touch for the companion on the other channel',
      sent({ touch: 't-15', channel: 'email', sameVehicle: true }),
    ],
    ['the confirmation of another renewal', sent({ touch: 'renewal-confirmation' })],
  ];
  test.each(allowed)('allows a touch after %s', (_what, other) => {
    expect(decide(aTouch({ sentToCustomer: [other] }))).toEqual({ kind: 'send' });
  });

  test('counts the same touch for another vehicle as another one', () => {
    expect(decide(aTouch({ sentToCustomer: [sent({ touch: 't-15' })] })).kind).toBe('hold');
  });

  test('gives a touch up when it has given way for three days', () => {
    const facts = (claimedAt: number): RestraintFacts =>
      aTouch({ latestAt: at('2027-03-20T21:00'), sentToCustomer: [sent({ claimedAt })] });
    expect(decide(facts(at('2027-03-18T09:10')), '2027-03-18T10:00').kind).toBe('hold');
    expect(decide(facts(at('2027-03-19T09:10')), '2027-03-19T10:00')).toEqual({
      kind: 'drop',
      state: 'expired',
      reason: 'one-touch-a-day',
    });
  });
});

describe('Companion policies', () => {
  const forCompanion = sent({ touch: 't-15', sameVehicle: true });

  test('share one message: the second one is suppressed', () => {
    expect(decide(aTouch({ sentToCustomer: [forCompanion] }))).toEqual({
      kind: 'drop',
      state: 'suppressed',
      reason: 'companion-message',
    });
  });

  test('are each confirmed', () => {
    const facts = aConfirmation({ sentToCustomer: [{ ...forCompanion, touch: 'renewal-confirmation' }] });
    expect(decide(facts)).toEqual({ kind: 'send' });
  });
});

describe('The confirmation', () => {
  test('goes after the case has closed as renewed, also past the expiry and beside another touch', () => {
    const facts = aConfirmation({ expiresOn: '2027-03-01', sentToCustomer: [sent()], orphaned: true });
    expect(decide(facts)).toEqual({ kind: 'send' });
  });

  test.each([null, 'lost'])('does not go when the outcome is %s', (outcome) => {
    expect(decide(aConfirmation({ outcome }))).toEqual({ kind: 'drop', state: 'cancelled', reason: 'not-renewed' });
  });

  test('needs consent like any other message', () => {
    expect(decide(aConfirmation({ consented: false }))).toMatchObject({ reason: 'no-sms-consent' });
  });
});
