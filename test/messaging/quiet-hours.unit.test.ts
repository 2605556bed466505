import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import {
  decideSending,
  type Decision,
  type RestraintFacts,
  type SendingMoment,
} from '../../src/messaging/restraint.ts';
import { windowOn } from '../../src/messaging/recipient-window.ts';
import { addDays, minuteMs, type Calendar } from '../../src/renewal/calendar.ts';
import { defaultSettings } from '../../src/renewal/settings.ts';
import { oddDaysOf } from '../support/odd-days.ts';

const aTouch: RestraintFacts = {
  touch: 't-15',
  channel: 'sms',
  dueAt: 0,
  latestAt: Infinity,
  outcome: null,
  expiresOn: '2031-12-31',
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
};

type Window = SendingMoment['window'];

function momentAt(calendar: Calendar, now: number, window: Window): SendingMoment {
  return { now, tolerance: 0, calendar, clocks: [calendar], window, daytime: window, caps: defaultSettings.caps };
}

const newYork = businessCalendar('America/New_York');
const at = (written: string): number => Date.parse(written);

describe('On the night on which clocks go back', () => {
  const window = { fromMinute: 30, toMinute: 100 };

  test.each([
    ['00:40', '2026-11-01T00:40:00-04:00', 'send'],
    ['01:30, the first time', '2026-11-01T01:30:00-04:00', 'send'],
    ['01:45, the first time', '2026-11-01T01:45:00-04:00', 'hold'],
    ['01:30, the second time', '2026-11-01T01:30:00-05:00', 'hold'],
  ])('a window until 01:40 says at %s: %s', (...[, written, kind]) => {
    expect(decideSending(aTouch, momentAt(newYork, at(written), window)).kind).toBe(kind);
  });
});

describe('In every zone, on days of 23 and 25 hours as well', () => {
  const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Santiago'];
  const oddDays = oddDaysOf(zones.map((zone) => businessCalendar(zone)));
  const moments = fc
    .record({
      odd: fc.constantFrom(...oddDays),
      minutes: fc.integer({ min: -120, max: 400 }),
      fromMinute: fc.integer({ min: 0, max: 240 }),
      length: fc.integer({ min: 61, max: 1_440 }),
    })
    .map(({ odd: { calendar, day }, minutes, fromMinute, length }) => {
      const now = calendar.instantOf(day, 0) + minutes * minuteMs;
      return momentAt(calendar, now, { fromMinute, toMinute: Math.min(1_440, fromMinute + length) });
    });

  /** What is wrong with a decision; nothing when the message goes in its window and while that lasts, or waits for later. */
  function faultsOf(decision: Decision, moment: SendingMoment): string[] {
    const { now, calendar, window } = moment;
    const [minute, today] = [calendar.minuteOfDay(now), calendar.dayOf(now)];
    switch (decision.kind) {
      case 'send':
        return [
          ...(minute >= window.fromMinute && minute < window.toMinute ? [] : ['goes outside its window']),
          ...(closesOn(today, moment) > now ? [] : ['goes when the window is over']),
          ...(isOpenUntil(closesOn(today, moment), moment) ? [] : ['is valid for longer than its window']),
        ];
      case 'hold':
        return [
          ...(decision.until > now ? [] : ['waits for the past']),
          ...([today, addDays(today, 1)].includes(calendar.dayOf(decision.until)) ? [] : ['waits longer than a day']),
        ];
      case 'drop':
        return ['is dropped'];
    }
  }

  const closesOn = (day: string, moment: SendingMoment): number => windowOn(moment, day).closesAt;

  /** The last minute before an instant is one of the window. */
  function isOpenUntil(end: number, { calendar, window }: SendingMoment): boolean {
    const last = calendar.minuteOfDay(end - minuteMs);
    return last >= window.fromMinute && last < window.toMinute;
  }

  test('a message goes inside its window and while that lasts, or waits for a later instant, a day at most', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        expect(faultsOf(decideSending(aTouch, moment), moment)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
