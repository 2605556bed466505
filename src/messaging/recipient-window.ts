import { addDays, minuteMs, windowEndsAt, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import type { SendingWindow } from '../renewal/sending-limits.ts';

/**
 * When on one day a customer may be written to (business ms), on whichever of the clocks the customer lives by: `window` is
 * what each of `clocks` shows then.
 */
export type RecipientWindow = {
  opensAt: Instant;
  closesAt: Instant;
  window: SendingWindow;
  clocks: readonly Calendar[];
};

/** `window` is the stage plan's, outside the quiet hours; `daytime` all that lies outside them. */
export type Hours = { clocks: readonly Calendar[]; window: SendingWindow; daytime: SendingWindow };

/** What a window that is shared by several zones must leave, or a wider one is looked for. */
const leastSharedMs = 60 * minuteMs;

/** By which the days of a recipient are counted; of several zones the middle one, which every window looks at. */
export function recipientCalendar(clocks: readonly Calendar[]): Calendar {
  const middle = clocks[Math.floor(clocks.length / 2)];
  if (!middle) throw new Error('a recipient lives in at least one zone');
  return middle;
}

/**
 * The minutes of a day that lie inside the window on all clocks; where they leave less than an hour, those outside the quiet
 * hours on all clocks: a plan's hours are a wish, quiet hours are a promise.
 */
export function windowOn(hours: Hours, day: Day): RecipientWindow {
  const { clocks, window, daytime } = hours;
  const key = [day, window.fromMinute, window.toMinute, daytime.fromMinute, daytime.toMinute].join(' ');
  const found = remembered(clocks, key);
  return found.window ?? found.keep(sharedWindow(hours, day));
}

/** The window that is open at an instant, or the next one that will be. */
export function windowAt(hours: Hours, now: Instant): RecipientWindow & { isOpen: boolean } {
  const today = recipientCalendar(hours.clocks).dayOf(now);
  for (let later = 0; later <= 3; later += 1) {
    const next = windowOn(hours, addDays(today, later));
    if (next.closesAt <= Math.max(now, next.opensAt)) continue;
    if (now < next.opensAt) return { ...next, isOpen: false };
    if (next.clocks.every((clock) => shows(clock, next.window, now))) return { ...next, isOpen: true };
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

function sharedWindow({ clocks, window, daytime }: Hours, day: Day): RecipientWindow {
  const planned = shareOf(clocks, window, day);
  return leavesEnough(planned) ? planned : sharedDaytime({ clocks, middle: recipientCalendar(clocks) }, daytime, day);
}

/** Only quiet hours that leave some country no hour of its day leave zones out, the farthest from the middle one first. */
function sharedDaytime({ clocks, middle }: Zones, daytime: SendingWindow, day: Day): RecipientWindow {
  const shared = shareOf(clocks, daytime, day);
  if (leavesEnough(shared)) return shared;
  return sharedDaytime({ clocks: withoutTheFarthest({ clocks, middle }, day), middle }, daytime, day);
}

function shareOf(clocks: readonly Calendar[], window: SendingWindow, day: Day): RecipientWindow {
  const opensAt = Math.max(...clocks.map((clock) => clock.instantOf(day, window.fromMinute)));
  const closesAt = Math.min(...clocks.map((clock) => windowEndsAt(clock, day, window.toMinute)));
  return { opensAt, closesAt, window, clocks };
}

function leavesEnough({ opensAt, closesAt, window, clocks }: RecipientWindow): boolean {
  const least = Math.min(leastSharedMs, (window.toMinute - window.fromMinute) * minuteMs);
  return clocks.length === 1 || closesAt - opensAt >= least;
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
