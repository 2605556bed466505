import { fc } from '@fast-check/vitest';
import { getCountry } from 'countries-and-timezones';
import { getCountries } from 'libphonenumber-js/max';
import { Temporal as Cal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { recipientClocks, zonesOfCountry } from '../../src/messaging/recipient-clocks.ts';
import { windowAt, windowOn } from '../../src/messaging/recipient-window.ts';
import { minuteMs, type Calendar } from '../../src/renewal/calendar.ts';

const shanghai = businessCalendar('Asia/Shanghai');
const daytime = { fromMinute: 540, toMinute: 1_260 };
const clocksIn = (country: string): readonly Calendar[] => (zonesOfCountry(country) ?? []).map(shanghai.inZone);
const written = (instant: number): string => new Date(instant).toISOString();

describe('The zones in which a customer may live', () => {
  const nobody = { timeZone: null, phone: null };
  test.each([
    ['none told, no phone: the business zone', nobody, ['Asia/Shanghai']],
    ['the zone of a list', { timeZone: 'America/Bogota', phone: '+8613800000001' }, ['America/Bogota']],
    ['a zone that nobody knows, a phone', { timeZone: 'Mars/Base', phone: '+819012345678' }, ['Asia/Tokyo']],
    ['China, which has one legal time', { ...nobody, phone: '+8613800000001' }, ['Asia/Shanghai']],
    ['Spain with Ceuta and the Canaries', { ...nobody, phone: '+34612345678' }, ['Atlantic/Canary', 'Europe/Madrid']],
    ['a number that nobody can have', { ...nobody, phone: '+86199000' }, ['Asia/Shanghai']],
    ['a number of no country', { ...nobody, phone: '+80012345678' }, ['Asia/Shanghai']],
  ])('%s', (_what, customer, zones) => {
    const clocks = recipientClocks(customer, shanghai).map(({ zone }) => zone);
    // Ceuta keeps the hours of Madrid; whichever of the two stands for both.
    expect(clocks.map((zone) => zone.replace('Africa/Ceuta', 'Europe/Madrid'))).toEqual(zones);
  });

  test('the business calendar itself stands for its own zone', () => {
    expect(recipientClocks({ timeZone: 'Asia/Shanghai', phone: null }, shanghai)).toEqual([shanghai]);
  });
});

describe('A window that several zones share', () => {
  test.each([
    ['the United States, Hawaii to New York', 'US', '2027-01-15T19:00:00.000Z', '2027-01-16T02:00:00.000Z'],
    ['Russia, Kaliningrad to Kamchatka', 'RU', '2027-01-15T07:00:00.000Z', '2027-01-15T09:00:00.000Z'],
    ['Spain', 'ES', '2027-01-15T09:00:00.000Z', '2027-01-15T20:00:00.000Z'],
  ])('of %s', (...[, country, opensAt, closesAt]) => {
    const shared = windowOn({ clocks: clocksIn(country), window: daytime, daytime }, '2027-01-15');
    expect([written(shared.opensAt), written(shared.closesAt)]).toEqual([opensAt, closesAt]);
  });

  test.each([
    ['+7 and a plan until 18:00', 'RU', 540, 1_080, '2027-01-15T07:00:00.000Z', '2027-01-15T09:00:00.000Z'],
    ['+1 and a plan until 14:00', 'US', 540, 840, '2027-01-15T19:00:00.000Z', '2027-01-16T02:00:00.000Z'],
    ['+1 and a plan of two hours', 'US', 600, 720, '2027-01-15T19:00:00.000Z', '2027-01-16T02:00:00.000Z'],
    ['+34 and a plan of two hours', 'ES', 600, 720, '2027-01-15T10:00:00.000Z', '2027-01-15T11:00:00.000Z'],
  ])('that has no hour of the plan is all that is quiet nowhere: %s', (...[, country, from, to, opensAt, closesAt]) => {
    const window = { fromMinute: from, toMinute: to };
    const shared = windowOn({ clocks: clocksIn(country), window, daytime }, '2027-01-15');
    expect([written(shared.opensAt), written(shared.closesAt)]).toEqual([opensAt, closesAt]);
    expect(shared.clocks).toEqual(clocksIn(country));
  });

  test('that has no hour of the day, because quiet hours are long, leaves the farthest zones from the middle out', () => {
    const short = { fromMinute: 600, toMinute: 1_140 };
    const { clocks, opensAt, closesAt } = windowOn(
      { clocks: clocksIn('RU'), window: short, daytime: short },
      '2027-01-15',
    );
    const hours = clocks.map(
      (clock) => (shanghai.instantOf('2027-01-15', 0) - clock.instantOf('2027-01-15', 0)) / 3.6e6,
    );
    expect([Math.min(...hours), Math.max(...hours)]).toEqual([-5, 3]);
    expect(closesAt - opensAt).toBe(60 * minuteMs);
  });
});

const countries = getCountries().filter((country) => clocksIn(country).length > 0);

/** Days on which some zone of a country changes its clocks in the next years; any day for one without changes. */
function oddDaysIn(country: string): string[] {
  const zones = [...new Set(clocksIn(country).map(({ zone }) => zone))];
  const changes = zones.flatMap((zone) => {
    const first = Cal.ZonedDateTime.from(`2026-11-01T00:00[${zone}]`).getTimeZoneTransition('next');
    const second = first?.getTimeZoneTransition('next');
    return [first, second].flatMap((change) => change?.toPlainDate().toString() ?? []);
  });
  return changes.length > 0 ? [...new Set(changes)] : ['2027-03-28'];
}

const oddDays = countries.flatMap((country) => oddDaysIn(country).map((day) => ({ country, day })));
const isIn = ({ fromMinute, toMinute }: typeof daytime, clock: Calendar, at: number): boolean => {
  const minute = clock.minuteOfDay(at);
  return minute >= fromMinute && minute < toMinute;
};
/** Of stage plans: two to twelve hours, all outside the quiet hours. */
const plannedWindows = fc
  .record({ minutes: fc.integer({ min: 120, max: 720 }), later: fc.nat({ max: 600 }) })
  .map(({ minutes, later }) => {
    const fromMinute = Math.min(daytime.fromMinute + later, daytime.toMinute - minutes);
    return { fromMinute, toMinute: fromMinute + minutes };
  });

describe('In every country that has phones, through every change of its clocks', () => {
  /** All zones, also those that keep the same hours as another one. */
  const everyClock = (country: string): readonly Calendar[] =>
    country === 'CN' ? [shanghai] : (getCountry(country)?.timezones ?? []).map(shanghai.inZone);
  const moments = fc
    .record({ odd: fc.constantFrom(...oddDays), minutes: fc.integer({ min: -1_440, max: 2_880 }) })
    .map(({ odd: { country, day }, minutes }) => ({ country, now: Date.parse(`${day}T00:00Z`) + minutes * minuteMs }));

  test('no window is open in the quiet hours of any clock, and one opens within two days, however narrow the plan', () => {
    fc.assert(
      fc.property(moments, plannedWindows, ({ country, now }, window) => {
        const next = windowAt({ clocks: clocksIn(country), window, daytime }, now);
        const [from, to] = [next.isOpen ? now : next.opensAt, next.closesAt - minuteMs];
        const asleep = everyClock(country).filter((clock) => !isIn(daytime, clock, from) || !isIn(daytime, clock, to));
        expect(asleep.map(({ zone }) => zone)).toEqual([]);
        const outside = everyClock(country).filter((clock) => !isIn(window, clock, from) || !isIn(window, clock, to));
        expect(next.window === window ? outside.map(({ zone }) => zone) : []).toEqual([]);
        expect(next.isOpen).toBe(from === now);
        expect(from - now).toBeLessThan(48 * 60 * minuteMs);
      }),
      { numRuns: 1_000 },
    );
  });

  test('every day leaves an hour or more between 09:00 and 21:00 without leaving a zone out', () => {
    const wrong = oddDays.filter(({ country, day }) => {
      const clocks = clocksIn(country);
      const { opensAt, closesAt, clocks: kept } = windowOn({ clocks, window: daytime, daytime }, day);
      return closesAt - opensAt < 60 * minuteMs || kept.length < clocks.length;
    });
    expect(wrong).toEqual([]);
  });
});
