/** What a clock on the wall of a zone shows, by the formats of the runtime and not by the calendar of the product. */
export type WallClock = { day: string; minute: number };

const formats = new Map<string, Intl.DateTimeFormat>();

export function wallClock(instant: number, zone: string): WallClock {
  const format = formats.get(zone) ?? newFormat(zone);
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    day: `${parts['year']}-${parts['month']}-${parts['day']}`,
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
  };
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  const numbers = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', ...numbers, hourCycle: 'h23' });
}

/** When the clocks of a zone show a minute of a day: two guesses are enough outside the hour that a zone leaps over. */
export function instantAt(day: string, minute: number, zone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minute * 60_000;
  let guess = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    const shown = wallClock(guess, zone);
    guess += wanted - (Date.parse(`${shown.day}T00:00:00Z`) + shown.minute * 60_000);
  }
  return guess;
}

export function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
