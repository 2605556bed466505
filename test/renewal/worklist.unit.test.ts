import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../src/renewal/calendar.ts';
import { rankTask } from '../../src/renewal/worklist.ts';

const now = Date.parse('2027-02-01T01:00:00Z');
const rank = (value: string, priority: number, days: number) =>
  rankTask({ value, priority, dueAt: now + days * dayMs }, now);

describe('A worklist', () => {
  test('tells of each task why it stands where it stands', () => {
    expect(rank('5480.00', 10, 2.5)).toMatchObject({
      daysLeft: 2,
      value: '5480.00',
      priority: 10,
      explanation: 'due in 2 days, premium 5480.00, priority 10',
    });
  });

  test.each([
    [0.4, 'due within a day'],
    [1.4, 'due in 1 day'],
    [-0.1, 'late by up to a day'],
    [-1.1, 'late by up to 2 days'],
  ])('of a task with %d days left says: %s', (days, words) => {
    expect(rank('1.00', 0, days).explanation).toContain(words);
  });

  test('weighs a key customer’s premium half of what a premium can weigh', () => {
    expect(rank('50000.00', 0, 0.5).score).toBe(51);
    expect(rank('50000.00', 100, 0.5).score).toBe(102);
    expect(rank('50000.00', 100, 1.5).score).toBe(51);
  });
});

const premium = fc.integer({ min: 0, max: 10_000_000 });
const priority = fc.integer({ min: 0, max: 99 });
const days = fc.integer({ min: -40, max: 80 });

describe('The higher score', () => {
  test('is the larger premium’s, the higher priority’s and the earlier deadline’s', () => {
    fc.assert(
      fc.property(premium, priority, days, (value, weight, left) => {
        const { score } = rank(`${value}.00`, weight, left);
        expect(rank(`${value + 1}.00`, weight, left).score).toBeGreaterThan(score);
        expect(rank(`${value}.00`, weight + 1, left).score).toBeGreaterThan(score);
        expect(rank(`${value}.00`, weight, left - 1).score).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  test('is that of whatever is late, whatever else is at stake', () => {
    fc.assert(
      fc.property(fc.tuple(premium, premium), fc.tuple(priority, priority), fc.nat(80), (values, weights, left) => {
        const late = rank(`${values[0]}.00`, weights[0], -0.01);
        expect(late.score).toBeGreaterThan(rank(`${values[1]}.00`, weights[1], left).score);
      }),
    );
  });
});
