import { afterEach, describe, expect, test, vi } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { followCalendarSetting } from '../../src/calendar/follow-setting.ts';
import { openWorkingDays } from '../../src/calendar/working-days.ts';
import { addWorkdays } from '../../src/renewal/calendar.ts';
import type { CalendarDays } from '../../src/renewal/settings.ts';

const storm: CalendarDays = { holidays: [{ day: '2026-07-15', note: 'storm' }], workdays: [] };
const nothing: CalendarDays = { holidays: [], workdays: [] };

describe('Working days of the house', () => {
  test('stand beside the published ones and win against them', () => {
    const days = openWorkingDays();
    days.follow({ ...storm, workdays: [{ day: '2026-10-02', note: 'inventory' }] });

    expect(['2026-07-15', '2026-07-16', '2026-10-01', '2026-10-02'].map(days.isWorkday)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test('are followed by the calendar that was made of them', () => {
    const days = openWorkingDays();
    const calendar = businessCalendar('Asia/Shanghai', days);
    expect(addWorkdays(calendar, '2026-07-14', 1)).toBe('2026-07-15');
    days.follow(storm);
    expect(addWorkdays(calendar, '2026-07-14', 1)).toBe('2026-07-16');
    days.follow(nothing);
    expect(addWorkdays(calendar, '2026-07-14', 1)).toBe('2026-07-15');
  });

  test('tell once of a year of which no holidays are known, and of no other', () => {
    const told: number[] = [];
    const days = openWorkingDays((year) => told.push(year));
    for (const day of ['2026-10-01', '2027-10-01', '2027-10-02', '2028-01-03']) days.isWorkday(day);
    expect(told).toEqual([2027, 2028]);
  });

  test('know a year as soon as the house names one of its days', () => {
    const told: number[] = [];
    const days = openWorkingDays((year) => told.push(year));
    days.follow({ holidays: [{ day: '2027-10-01', note: 'national-day' }], workdays: [] });
    expect(days.isWorkday('2027-10-01')).toBe(false);
    expect(told).toEqual([]);
  });
});

describe('A process that runs', () => {
  let stop = () => {};
  afterEach(() => stop());

  test('follows a change of the setting, and keeps its days while the setting cannot be read', async () => {
    const days = openWorkingDays();
    const onFailure = vi.fn<(error: unknown) => void>();
    let stored: () => CalendarDays = () => storm;
    stop = await followCalendarSetting(days, { readDays: async () => stored(), onFailure, everyMs: 1 });
    expect(days.isWorkday('2026-07-15')).toBe(false);

    stored = () => {
      throw new Error('the database restarts');
    };
    await vi.waitFor(() => expect(onFailure).toHaveBeenCalled());
    expect(days.isWorkday('2026-07-15')).toBe(false);

    stored = () => nothing;
    await vi.waitFor(() => expect(days.isWorkday('2026-07-15')).toBe(true));
  });

  test('does not start on days that it could not read', async () => {
    const readDays = () => Promise.reject(new Error('no database'));
    await expect(followCalendarSetting(openWorkingDays(), { readDays, onFailure: () => {} })).rejects.toThrow(
      'no database',
    );
  });
});
