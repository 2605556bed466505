import { getCountry, getTimezone } from 'countries-and-timezones';
import { phoneLineOf } from '../db/customers/phone-line.ts';
import type { Calendar } from '../renewal/calendar.ts';

type Recipient = { timeZone: string | null; phone: string | null };

/** Countries with one legal time, whatever more the zone database keeps for them. */
const oneLegalTime: Readonly<Record<string, string>> = { CN: 'Asia/Shanghai' };

/**
 * The calendars of all zones in which a customer may live, from west to east, at least one (business.md, Restraint: quiet
 * hours per recipient): the customer's own zone where a list told it, else those of the country of the phone, else the
 * business zone.
 */
export function recipientClocks({ timeZone, phone }: Recipient, business: Calendar): readonly Calendar[] {
  if (timeZone !== null && getTimezone(timeZone)) return clocksOf(business, timeZone, () => [timeZone]);
  const country = phoneLineOf(phone)?.country ?? null;
  if (country === null) return clocksOf(business, business.zone, () => [business.zone]);
  return clocksOf(business, country, () => zonesOfCountry(country) ?? [business.zone]);
}

/** The zones of a country that differ in their hours, from west to east; undefined for a country without any. @internal */
export function zonesOfCountry(country: string): string[] | undefined {
  const legal = oneLegalTime[country];
  if (legal !== undefined) return [legal];
  const known = (getCountry(country)?.timezones ?? []).flatMap((name) => getTimezone(name) ?? []);
  const differing = new Map(known.map((zone) => [`${zone.utcOffset} ${zone.dstOffset}`, zone]));
  const sorted = [...differing.values()].toSorted(
    (one, other) => one.utcOffset - other.utcOffset || one.dstOffset - other.dstOffset,
  );
  return sorted.length > 0 ? sorted.map(({ name }) => name) : undefined;
}

const known = new WeakMap<Calendar, Map<string, readonly Calendar[]>>();

/** The same list for the same key, so that whatever is computed of it once is found again. */
function clocksOf(business: Calendar, key: string, zones: () => readonly string[]): readonly Calendar[] {
  const byKey = known.get(business) ?? new Map<string, readonly Calendar[]>();
  known.set(business, byKey);
  const clocks = byKey.get(key) ?? zones().map((zone) => (zone === business.zone ? business : business.inZone(zone)));
  byKey.set(key, clocks);
  return clocks;
}
