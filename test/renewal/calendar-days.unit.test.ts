import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { addDays, dayMs } from '../../src/renewal/calendar.ts';

describe('So many days later', () => {
  test('is the day that lies so many times 24 hours further in universal time', () => {
    const day = fc.integer({ min: Date.UTC(1950, 0, 1) / dayMs, max: Date.UTC(2150, 0, 1) / dayMs });
    const written = (days: number): string => new Date(days * dayMs).toISOString().slice(0, 10);

    fc.assert(
      fc.property(day, fc.integer({ min: -4_000, max: 4_000 }), (from, days) => {
        expect(addDays(written(from), days)).toBe(written(from + days));
      }),
    );
  });

  test.each([
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2027-01-01', -1, '2026-12-31'],
  ])('%s and %i is %s', (day, days, expected) => {
    expect(addDays(day, days)).toBe(expected);
  });
});
