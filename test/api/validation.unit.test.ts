import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkInput } from '../../src/api/doors/validation.ts';

const anything = z.record(z.string(), z.unknown());

function nested(levels: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let level = 1; level < levels; level += 1) value = { inner: value };
  return value;
}

describe('What comes in is nested 64 levels deep at most', () => {
  test('as deep as that it is taken', () => {
    expect(checkInput(anything, nested(64))).toEqual(nested(64));
  });

  test.each([65, 100_000])('with %i levels it is refused and the reason named', (levels) => {
    expect(() => checkInput(anything, nested(levels))).toThrow('Nested deeper than 64 levels');
  });
});
