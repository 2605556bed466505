import { readClock } from '../db/business-clock.ts';
import type { PublishedPlan } from '../db/cases/plan-records.ts';
import type { StagePlan } from '../renewal/stage-plan.ts';
import { readPlansInForce } from '../db/cases/plans-in-force.ts';
import type { Db } from '../db/connection.ts';
import { lockPlans } from '../db/plans/plan-rows.ts';
import { addDays, knowsHolidaysOf, type Calendar, type Day } from '../renewal/calendar.ts';
import { leavesTimeToSend, sendingWindowUnder } from '../renewal/sending-limits.ts';
import type { CalendarDays, Caps, QuietHours, SmsProviders } from '../renewal/settings.ts';
import { badFields } from './doors/problem.ts';

/**
 * Quiet hours that leave a stage plan in force no time would let its messages wait until they expire. No plan is published
 * until the transaction ends: each would be checked against what the other replaces.
 */
export async function requireTimeToSend(tx: Db, quiet: QuietHours): Promise<void> {
  await lockPlans(tx);
  const silenced = (await readPlansInForce(tx)).filter(
    ({ plan }) => !leavesTimeToSend(sendingWindowUnder(plan.sendingWindow, quiet)),
  );
  if (silenced.length === 0) return;
  const versions = silenced.map(({ version }) => version).join(', ');
  throw badFields([{ path: 'content', message: `Leaves no time to send within the stage plan in force: ${versions}` }]);
}

/** A provider without settings of its own takes no message: an order that names one would leave numbers without any. */
export function requireSetUp(
  { default: preset, countries, templateCodes }: SmsProviders,
  known: readonly string[],
): void {
  const orders = [preset, ...countries.map(({ order }) => order)].flat();
  const named = [...orders, ...templateCodes.map(({ provider }) => provider)];
  const unknown = [...new Set(named.filter((name) => !known.includes(name)))];
  if (unknown.length === 0) return;
  const message = `Not set up here: ${unknown.join(', ')}. There is: ${known.join(', ')}`;
  throw badFields([{ path: 'content', message }]);
}

type Parts = { db: Db; calendar: Calendar };
type Stored = { name: string; content: unknown };

/** A setting with what an admin should know of it beside the other settings, the stage plans and the published holidays. */
export async function withWarnings<Setting extends Stored>(parts: Parts, stored: Setting) {
  const warnings = await warningsOf(parts, stored);
  return warnings === undefined ? stored : { ...stored, warnings };
}

async function warningsOf(parts: Parts, { name, content }: Stored): Promise<string[] | undefined> {
  if (name === 'calendar') return unknownYears(parts, content as CalendarDays);
  if (name === 'quiet-hours') return (await readPlansInForce(parts.db)).flatMap(heldUnder(content as QuietHours));
  if (name === 'caps') return (await readPlansInForce(parts.db)).flatMap(stricterThan(content as Caps));
  return undefined;
}

/** Deadlines of what is planned today lie within so many days: the horizon of 60, the grace and what follows from them. */
const looksAheadDays = 100;

/** Years of which no holidays are known although deadlines are about to fall into them. */
async function unknownYears({ db, calendar }: Parts, { holidays, workdays }: CalendarDays): Promise<string[]> {
  const today = calendar.dayOf((await readClock(db)).now);
  const own = new Set([...holidays, ...workdays].map(({ day }) => yearOf(day)));
  const needed = new Set([yearOf(today), yearOf(addDays(today, looksAheadDays))]);
  const unknown = [...needed].filter((year) => !own.has(year) && !knowsHolidaysOf(calendar.isWorkday, year));
  return unknown.map((year) => `${year}: no holidays are known, so its Mondays to Fridays count as worked`);
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}

/** Shorter quiet hours do not widen the window of a plan. */
function narrowerThan(
  quiet: QuietHours,
  { version, sendingWindow }: { version: number; sendingWindow: StagePlan['sendingWindow'] },
): string[] {
  const { fromMinute, toMinute } = sendingWindow;
  if (fromMinute <= quiet.toMinute && toMinute >= quiet.fromMinute) return [];
  return [`Stage plan ${version} writes from minute ${fromMinute} to ${toMinute} only; that holds`];
}

/** Touches that a plan puts into the quiet hours wait for a day on which they are late, which the last one has not. */
function heldUnder(quiet: QuietHours) {
  return ({ version, plan: { sendingWindow, spreadMinutes } }: PublishedPlan): string[] => {
    const first = sendingWindow.fromMinute;
    const last = first + Math.max(0, spreadMinutes - 1);
    if (first >= quiet.toMinute && last < quiet.fromMinute) return narrowerThan(quiet, { version, sendingWindow });
    const planned = `Stage plan ${version} plans its touches from minute ${first} to ${last}`;
    return [`${planned}; those in the quiet hours wait for their end, and one of the expiry day may expire`];
  };
}

function stricterThan(house: Caps) {
  return ({ version, plan: { caps } }: PublishedPlan): string[] =>
    caps.touchesPerDay < house.touchesPerDay || caps.contactsPerWeek < house.contactsPerWeek
      ? [`Stage plan ${version} allows ${caps.touchesPerDay} a day and ${caps.contactsPerWeek} a week; the lower holds`]
      : [];
}
