import { addDays, minuteMs, windowEndsAt, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import type { SendingWindow } from '../renewal/sending-limits.ts';

/**
 * When on one day a customer may be written to (business ms), on whichever of the clocks the customer lives by. `clocks` are
 * those that it looks at: all of them, or as many as leave time enough.
 */
export type RecipientWindow = { opensAt: Instant; closesAt: Instant; clocks: readonly Calendar[] };

export type Hours = { clocks: readonly Calendar[]; window: SendingWindow };

/** What a window that is shared by several zones must leave, or the farthest zone is not looked at. */
const leastSharedMs = 60 * minuteMs;

/** By which the days of a recipient are counted; of several zones the middle one, which every window looks at. */
export function recipientCalendar(clocks: readonly Calendar[]): Calendar {
  const middle = clocks[Math.floor(clocks.length / 2)];
  if (!middle) throw new Error('a recipient lives in at least one zone');
  return middle;
}

/**
 * The minutes of a day that lie inside the window on all clocks. Where they leave less than an hour, the zones farthest from
 * the middle one are left out, one distance after another.
 */
export function windowOn({ clocks, window }: Hours, day: Day): RecipientWindow {
  const found = remembered(clocks, `${day} ${window.fromMinute} ${window.toMinute}`);
  return found.window ?? found.keep(sharedWindow(clocks, { window, middle: recipientCalendar(clocks) }, day));
}

/** The window that is open at an instant, or the next one that will be. */
export function windowAt(hours: Hours, now: Instant): RecipientWindow & { isOpen: boolean } {
  const today = recipientCalendar(hours.clocks).dayOf(now);
  for (let later = 0; later <= 3; later += 1) {
    const next = windowOn(hours, addDays(today, later));
    if (next.closesAt <= Math.max(now, next.opensAt)) continue;
    if (now < next.opensAt) return { ...next, isOpen: false };
    if (next.clocks.every((clock) => shows(clock, hours.window, now))) return { ...next, isOpen: true };
    // An hour that the clocks show twice: they show a minute before the window once it has opened.
    return { ...next, opensAt: now + minuteMs, isOpen: false };
  }
  // Hours that no day has: whoever waits for them asks again each day.
  return { ...windowOn(hours, addDays(today, 1)), isOpen: false };
}

function shows(clock: Calendar, { fromMinute, toMinute }: SendingWindow, now: Instant): boolean {
  const minute = clock.minuteOfDay(now);
  return minute >= fromMinute && minute < toMinute;
}

function sharedWindow(
  clocks: readonly Calendar[],
  { window, middle }: { window: SendingWindow; middle: Calendar },
  day: Day,
): RecipientWindow {
  const opensAt = Math.max(...clocks.map((clock) => clock.instantOf(day, window.fromMinute)));
  const closesAt = Math.min(...clocks.map((clock) => windowEndsAt(clock, day, window.toMinute)));
  const least = Math.min(leastSharedMs, (window.toMinute - window.fromMinute) * minuteMs);
  if (clocks.length === 1 || closesAt - opensAt >= least) return { opensAt, closesAt, clocks };
  return sharedWindow(withoutTheFarthest({ clocks, middle }, day), { window, middle }, day);
}

type Zones = { clocks: readonly Calendar[]; middle: Calendar };

function withoutTheFarthest({ clocks, middle }: Zones, day: Day): readonly Calendar[] {
  const distanceOf = (clock: Calendar): number => Math.abs(clock.instantOf(day, 0) - middle.instantOf(day, 0));
  const farthest = Math.max(...clocks.map(distanceOf));
  const nearer = clocks.filter((clock) => distanceOf(clock) < farthest);
  return nearer.length > 0 ? nearer : [middle];
}

const mostRemembered = 2_000;
const windows = new WeakMap<readonly Calendar[], Map<string, RecipientWindow>>();

/** A country's zones are asked about for each of its customers. */
function remembered(clocks: readonly Calendar[], key: string) {
  const known = windows.get(clocks) ?? new Map<string, RecipientWindow>();
  windows.set(clocks, known);
  return {
    window: known.get(key),
    keep: (window: RecipientWindow): RecipientWindow => {
      if (known.size < mostRemembered) known.set(key, window);
      return window;
    },
  };
}
