import { describe, expect, test } from 'vitest';
import { day, dayFirst } from '../../src/intake/read-day.ts';

const notADay = { kind: 'problem', problem: 'is no date' };

describe('A day of a list', () => {
  test.each([
    ['2026-01-29', '2026-01-29'],
    ['2026/1/9', '2026-01-09'],
    ['2026.01.09', '2026-01-09'],
    ['2026年01月11日', '2026-01-11'],
    ['20260111', '2026-01-11'],
    ['46413', '2027-01-26'],
    ['46413.75', '2027-01-26'],
    ['2027-01-26T00:00:00.000Z', '2027-01-26'],
    ['2027-01-26 23:59:59', '2027-01-26'],
    ['2024-02-29', '2024-02-29'],
  ])('written %s is %s', (written, meant) => {
    expect(day(written)).toEqual({ kind: 'value', value: meant });
  });

  test.each([
    '2026-02-29',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '29/01/2026',
    '2026-1',
    '1234',
    '0',
    'soon',
    '0001-01-01',
  ])('cannot be %s', (written) => {
    expect(day(written)).toEqual(notADay);
  });

  test('may be written day first where the format says so', () => {
    expect(dayFirst('05/11/2015')).toEqual({ kind: 'value', value: '2015-11-05' });
  });

  test('written day first has to exist as well', () => {
    expect(dayFirst('31/04/2015')).toEqual(notADay);
  });
});
