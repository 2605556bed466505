import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import type { SentTouch } from '../../src/messaging/occasions.ts';
import { decideSending, type Decision, type RestraintFacts } from '../../src/messaging/restraint.ts';
import { defaultSettings, type Caps } from '../../src/renewal/settings.ts';

const calendar = businessCalendar('Asia/Shanghai');
const at = (written: string): number => Date.parse(`${written}:00+08:00`);
const window = { fromMinute: 540, toMinute: 1260 };

const aTouch = (changed: Partial<RestraintFacts>): RestraintFacts => ({
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

const sent = (day: string, changed: Partial<SentTouch> = {}): SentTouch => ({
  touch: 't-30',
  channel: 'sms',
  claimedAt: at(`2027-03-${day}T10:00`),
  sameRenewal: false,
  sameVehicle: false,
  occasion: `sent-on-${day}`,
  ...changed,
});
const contacted = (...days: string[]): number[] => days.map((day) => at(`2027-03-${day}T15:00`));

const decide = (facts: Partial<RestraintFacts>, caps: Partial<Caps> = {}, now = '2027-03-16T12:00'): Decision =>
  decideSending(aTouch(facts), {
    now: at(now),
    tolerance: 50,
    calendar,
    clocks: [calendar],
    window,
    daytime: { fromMinute: 540, toMinute: 1_260 },
    caps: { ...defaultSettings.caps, ...caps },
  });

describe('Three contacts a week', () => {
  const heldUntil = (day: string) => ({
    kind: 'hold',
    until: at(`2027-03-${day}T09:00`),
    reason: 'contacts-a-week',
    validUntil: at(`2027-03-${day}T21:00`),
  });

  const full: [string, Partial<RestraintFacts>, string][] = [
    ['three touches', { sentToCustomer: [sent('10'), sent('12'), sent('14')] }, '17'],
    ['three effective contacts', { contactedAt: contacted('10', '12', '16') }, '17'],
    ['a touch and two effective contacts', { sentToCustomer: [sent('11')], contactedAt: contacted('12', '13') }, '18'],
    ['four contacts, of which two must leave the week', { contactedAt: contacted('10', '12', '13', '14') }, '19'],
  ];
  test.each(full)('hold a touch after %s until the first day of a week with room', (...[, facts, day]) => {
    expect(decide(facts)).toEqual(heldUntil(day));
  });

  const free: [string, Partial<RestraintFacts>][] = [
    ['two contacts', { sentToCustomer: [sent('14')], contactedAt: contacted('15') }],
    ['three contacts of which one is eight days old', { contactedAt: contacted('09', '12', '13') }],
    [
      'one touch that went on two channels',
      {
        sentToCustomer: [
          sent('14', { occasion: 'one' }),
          sent('14', { occasion: 'one', channel: 'email' }),
          sent('15', { occasion: 'one', channel: 'email' }),
        ],
        contactedAt: contacted('12'),
      },
    ],
    [
      'confirmations, which are service notices',
      {
        sentToCustomer: ['12', '13', '14'].map((day) => sent(day, { touch: 'renewal-confirmation' })),
      },
    ],
  ];
  test.each(free)('let a touch go after %s', (_what, facts) => {
    expect(decide(facts)).toEqual({ kind: 'send' });
  });

  test('count calendar days of the zone: the contact of six days ago counts from its midnight on', () => {
    const contacts = (first: string) => ({ contactedAt: [at(first), ...contacted('12', '13')] });
    expect(decide(contacts('2027-03-09T23:59'))).toEqual({ kind: 'send' });
    expect(decide(contacts('2027-03-10T00:00'))).toEqual(heldUntil('17'));
  });

  test('let the other channel of a touch go that the customer has got already', () => {
    const own = sent('16', { touch: 't-15', channel: 'email', sameRenewal: true, occasion: 'own' });
    expect(decide({ sentToCustomer: [own], contactedAt: contacted('12', '13', '14') })).toEqual({ kind: 'send' });
  });

  test('count the same touch of a companion that went days ago as a contact of its own', () => {
    const companion = sent('13', { touch: 't-15', sameVehicle: true });
    expect(decide({ sentToCustomer: [companion], contactedAt: contacted('12', '14') })).toEqual(heldUntil('19'));
  });

  test.each([
    ['give way for more than three days', { contactedAt: contacted('14', '15', '16') }],
    ['come after the expiry', { contactedAt: contacted('10', '12', '13'), expiresOn: '2027-03-16' }],
  ])('expire a touch that would %s', (_what, facts) => {
    expect(decide(facts)).toEqual({ kind: 'drop', state: 'expired', reason: 'contacts-a-week' });
  });

  test('leave the confirmation of a renewal alone', () => {
    const confirmation = { touch: 'renewal-confirmation', outcome: 'renewed' };
    expect(decide({ ...confirmation, contactedAt: contacted('14', '15', '16') })).toEqual({ kind: 'send' });
  });

  test('are as many as the setting says', () => {
    expect(decide({ contactedAt: contacted('12', '13', '14') }, { contactsPerWeek: 4 })).toEqual({ kind: 'send' });
    expect(decide({ contactedAt: contacted('14') }, { contactsPerWeek: 1 })).toMatchObject({ kind: 'drop' });
  });
});

describe('Touches a day', () => {
  const today = [sent('16', { occasion: 'first' }), sent('16', { occasion: 'first', channel: 'email' })];

  test('are as many as the setting says, whatever the channels', () => {
    expect(decide({ sentToCustomer: today })).toMatchObject({ kind: 'hold', reason: 'one-touch-a-day' });
    expect(decide({ sentToCustomer: today }, { touchesPerDay: 2 })).toEqual({ kind: 'send' });
    const third = [...today, sent('16', { occasion: 'second' })];
    expect(decide({ sentToCustomer: third }, { touchesPerDay: 2 })).toMatchObject({ reason: 'one-touch-a-day' });
  });

  test('do not count effective contacts', () => {
    expect(decide({ contactedAt: contacted('16') })).toEqual({ kind: 'send' });
  });

  test('expire a touch of the expiry day that would wait for the next one', () => {
    const facts = { sentToCustomer: today, expiresOn: '2027-03-16' };
    expect(decide(facts)).toEqual({ kind: 'drop', state: 'expired', reason: 'one-touch-a-day' });
  });
});
