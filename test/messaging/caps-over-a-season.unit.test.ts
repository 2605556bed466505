import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import type { SentTouch } from '../../src/messaging/occasions.ts';
import { decideSending, type RestraintFacts } from '../../src/messaging/restraint.ts';
import { addDays, dayMs, minuteMs, type Instant } from '../../src/renewal/calendar.ts';
import type { Caps } from '../../src/renewal/settings.ts';

const calendar = businessCalendar('Asia/Shanghai');
const window = { fromMinute: 540, toMinute: 1_260 };
const start = calendar.instantOf('2027-03-01', 0);

type Planned = { key: string; dueAt: Instant };

/** What a customer of several vehicles gets in a month, of whom staff reach the customer now and then. */
const months = fc.record({
  touches: fc
    .array(fc.record({ day: fc.integer({ min: 0, max: 27 }), minute: fc.integer({ min: 540, max: 1_019 }) }), {
      minLength: 1,
      maxLength: 25,
    })
    .map((places) =>
      places.map(({ day, minute }, turn): Planned => ({
        key: `t-${turn}`,
        dueAt: start + day * dayMs + minute * minuteMs,
      })),
    ),
  contacts: fc.array(
    fc.integer({ min: 0, max: 28 * 1_440 }).map((minutes) => start + minutes * minuteMs),
    { maxLength: 10 },
  ),
  caps: fc.record({ touchesPerDay: fc.integer({ min: 1, max: 2 }), contactsPerWeek: fc.integer({ min: 1, max: 5 }) }),
});

function factsOf(touch: Planned, sent: readonly SentTouch[], contactedAt: readonly Instant[]): RestraintFacts {
  const free = {
    orphaned: false,
    secondRoundRuns: false,
    heldUntil: null,
    unheard: null,
    replyUnreadUntil: null,
    optedOut: false,
    sendingStopped: false,
  };
  return {
    touch: touch.key,
    channel: 'sms',
    dueAt: touch.dueAt,
    latestAt: Infinity,
    outcome: null,
    expiresOn: '2027-12-31',
    ...free,
    address: '+8613800000000',
    takesNoSms: false,
    addressSuppressed: false,
    consented: true,
    doNotContactUntil: null,
    sentToCustomer: sent,
    contactedAt,
  };
}

/** Lets every touch come when it is due, and again when its hold ends. */
function live({ touches, contacts, caps }: { touches: Planned[]; contacts: Instant[]; caps: Caps }) {
  const sent: SentTouch[] = [];
  const waiting = touches.map((touch) => ({ touch, at: touch.dueAt }));
  for (let looks = 0; waiting.length > 0; looks += 1) {
    if (looks > 10_000) throw new Error('some touch waits for ever');
    waiting.sort((one, other) => one.at - other.at);
    const { touch, at } = waiting.shift()!;
    const facts = factsOf(
      touch,
      sent,
      contacts.filter((contact) => contact <= at),
    );
    const hours = { clocks: [calendar], window, daytime: window };
    const decision = decideSending(facts, { now: at, tolerance: 0, calendar, ...hours, caps });
    if (decision.kind === 'hold') waiting.push({ touch, at: decision.until });
    const went = { channel: 'sms', sameRenewal: false, sameVehicle: false, occasion: touch.key };
    if (decision.kind === 'send') sent.push({ ...went, touch: touch.key, claimedAt: at });
  }
  return sent.map(({ claimedAt }) => claimedAt);
}

function countUpTo(at: Instant, days: number, instants: readonly Instant[]): number {
  const first = addDays(calendar.dayOf(at), 1 - days);
  return instants.filter((instant) => instant <= at && calendar.dayOf(instant) >= first).length;
}

describe('Over a month of touches and contacts', () => {
  test('no touch goes that would be one too many of its day or its seven days, and every touch comes to an end', () => {
    fc.assert(
      fc.property(months, (month) => {
        const sent = live(month);
        const { touchesPerDay, contactsPerWeek } = month.caps;
        expect(sent.filter((at) => countUpTo(at, 1, sent) > touchesPerDay)).toEqual([]);
        expect(sent.filter((at) => countUpTo(at, 7, [...sent, ...month.contacts]) > contactsPerWeek)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('the first touch of a customer whom nobody has reached always goes on its day', () => {
    fc.assert(
      fc.property(months, ({ touches, caps }) => {
        const first = Math.min(...touches.map(({ dueAt }) => dueAt));
        expect(live({ touches, contacts: [], caps })[0]).toBe(first);
      }),
    );
  });
});
