import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { openWorkingDays } from '../../src/calendar/working-days.ts';
import { addWorkdays, type Day } from '../../src/renewal/calendar.ts';
import { countDue } from '../../src/renewal/due-time.ts';
import type { TaskKind } from '../../src/renewal/task.ts';

const shanghai = businessCalendar('Asia/Shanghai');
const at = (written: string): number => Date.parse(`${written}:00+08:00`);

describe('Working days over the holidays that the State Council published', () => {
  test.each([
    ['2024: over Spring Festival to the make-up Sunday', '2024-02-09', 1, '2024-02-18'],
    ['2024: the make-up Sunday before Spring Festival', '2024-02-03', 1, '2024-02-04'],
    ['2024: the make-up Sunday before National Day', '2024-09-28', 1, '2024-09-29'],
    ['2024: over National Day', '2024-09-30', 1, '2024-10-08'],
    ['2024: the make-up Saturday after National Day', '2024-10-11', 1, '2024-10-12'],
    ['2024: past that Saturday and an ordinary Sunday', '2024-10-11', 2, '2024-10-14'],
    ['2025: the make-up Sunday before Spring Festival', '2025-01-25', 1, '2025-01-26'],
    ['2025: over Spring Festival', '2025-01-27', 1, '2025-02-05'],
    ['2025: to the make-up Saturday after Spring Festival', '2025-01-27', 4, '2025-02-08'],
    ['2025: the make-up Sunday before National Day', '2025-09-27', 1, '2025-09-28'],
    ['2025: over National Day and Mid-Autumn, eight days', '2025-09-30', 1, '2025-10-09'],
    ['2025: to the make-up Saturday after it', '2025-09-30', 3, '2025-10-11'],
    ['2026: the make-up Saturday before Spring Festival', '2026-02-13', 1, '2026-02-14'],
    ['2026: over Spring Festival, nine days', '2026-02-14', 1, '2026-02-24'],
    ['2026: the make-up Sunday before National Day', '2026-09-19', 1, '2026-09-20'],
    ['2026: over National Day', '2026-09-30', 1, '2026-10-08'],
    ['2026: to the make-up Saturday after it', '2026-09-30', 3, '2026-10-10'],
    ['2026: over an ordinary weekend', '2026-07-10', 1, '2026-07-13'],
  ])('%s', (...[, from, workdays, reached]) => {
    expect(addWorkdays(shanghai, from, workdays)).toBe(reached);
  });
});

describe('Deadlines over National Day 2026', () => {
  const due = (kind: TaskKind, from: string, latest = '2026-12-31T00:00') =>
    new Date(countDue(kind, { from: at(from), latest: at(latest) }, shanghai).dueAt).toISOString();
  const instant = (written: string) => new Date(at(written)).toISOString();

  test.each<[string, TaskKind, string, string]>([
    ['two working days to the minute', 'hand-over', '2026-09-30T15:20', '2026-10-09T15:20'],
    ['three working days end on the make-up Saturday', 'second-round', '2026-09-30T15:20', '2026-10-10T15:20'],
    ['the end of the next working day', 'phone-attempt', '2026-09-30T10:00', '2026-10-08T18:00'],
    ['given within the holiday', 'phone-attempt', '2026-10-03T10:00', '2026-10-08T18:00'],
    ['given on the Saturday before the make-up Sunday', 'phone-attempt', '2026-09-19T10:00', '2026-09-20T18:00'],
  ])('%s', (...[, kind, from, ends]) => {
    expect(due(kind, from)).toBe(instant(ends));
  });

  test('end with their stage, also when that falls into the holiday', () => {
    expect(due('file-check', '2026-09-30T10:00', '2026-10-04T09:30')).toBe(instant('2026-10-04T09:30'));
  });
});

describe('At the edge of the published list', () => {
  test('the last year that it covers still knows its last holiday, and the year after counts Monday to Friday', () => {
    expect(addWorkdays(shanghai, '2026-10-07', 1)).toBe('2026-10-08');
    expect(addWorkdays(shanghai, '2026-12-31', 1)).toBe('2027-01-01');
    expect(addWorkdays(shanghai, '2027-09-30', 1)).toBe('2027-10-01');
  });

  test('a deadline that crosses into a year without holidays tells of that year', () => {
    const told: number[] = [];
    const calendar = businessCalendar(
      'Asia/Shanghai',
      openWorkingDays((year) => told.push(year)),
    );
    expect(addWorkdays(calendar, '2026-12-30', 1)).toBe('2026-12-31');
    expect(told).toEqual([]);
    addWorkdays(calendar, '2026-12-30', 3);
    expect(told).toEqual([2027]);
  });

  test('holidays that the house enters for that year count like published ones', () => {
    const days = openWorkingDays();
    const off = (day: Day) => ({ day, note: 'published' });
    days.follow({
      holidays: ['2027-01-01', '2027-10-01', '2027-10-04', '2027-10-05', '2027-10-06', '2027-10-07'].map(off),
      workdays: [off('2027-09-26')],
    });
    const calendar = businessCalendar('Asia/Shanghai', days);
    expect(addWorkdays(calendar, '2026-12-31', 1)).toBe('2027-01-04');
    expect(addWorkdays(calendar, '2027-09-25', 1)).toBe('2027-09-26');
    expect(addWorkdays(calendar, '2027-09-30', 1)).toBe('2027-10-08');
  });
});
