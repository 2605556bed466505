import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startAge, stillValidFor } from '../../src/messaging/claim-age.ts';

describe('A claim is still valid for', () => {
  test.each([
    { valid: 600, ageMs: 0, left: 600 },
    { valid: 600, ageMs: 1, left: 599 },
    { valid: 600, ageMs: 1_000, left: 599 },
    { valid: 600.9, ageMs: 0, left: 600 },
    { valid: 600, ageMs: 20_000, left: 580 },
    { valid: 5, ageMs: 4_000, left: 1 },
    { valid: 5, ageMs: 4_001, left: 0 },
    { valid: 0.5, ageMs: 0, left: 0 },
  ])('$left whole seconds of $valid after $ageMs ms', ({ valid, ageMs, left }) => {
    expect(stillValidFor(valid, ageMs)).toBe(left);
  });
});

describe('Nobody may try a claim any more', () => {
  test.each([
    { why: 'more than twenty seconds after it', valid: 36_000, ageMs: 20_001 },
    { why: 'an hour after it', valid: 36_000, ageMs: 3_600_000 },
    { why: 'in the moment in which its window closes', valid: 5, ageMs: 5_000 },
    { why: 'after its window', valid: 5, ageMs: 5_001 },
    { why: 'that came in the moment in which its window closed', valid: 0, ageMs: 0 },
    { why: 'that came after its window', valid: -1, ageMs: 0 },
  ])('$why', ({ valid, ageMs }) => {
    expect(stillValidFor(valid, ageMs)).toBeUndefined();
  });
});

describe('The age of a claim', () => {
  let monotonic: number;
  let wall: number;

  beforeEach(() => {
    [monotonic, wall] = [5_000, Date.parse('2027-03-16T12:00:00Z')];
    vi.spyOn(performance, 'now').mockImplementation(() => monotonic);
    vi.spyOn(Date, 'now').mockImplementation(() => wall);
  });
  afterEach(() => vi.restoreAllMocks());

  test.each([
    { what: 'both clocks went on', monotonicMs: 700, wallMs: 700, ageMs: 700 },
    { what: 'the machine slept, and its monotonic clock with it', monotonicMs: 3, wallMs: 60_000, ageMs: 60_000 },
    { what: 'somebody put the wall clock back', monotonicMs: 30_000, wallMs: -3_600_000, ageMs: 30_000 },
    { what: 'nothing has passed', monotonicMs: 0, wallMs: 0, ageMs: 0 },
  ])('is the longer of two clocks: $what', ({ monotonicMs, wallMs, ageMs }) => {
    const age = startAge();
    monotonic += monotonicMs;
    wall += wallMs;
    expect(age()).toBe(ageMs);
  });

  test('goes on from look to look', () => {
    const age = startAge();
    const seen = [1, 2, 3].map(() => {
      monotonic += 10;
      return age();
    });
    expect(seen).toEqual([10, 20, 30]);
  });
});
