import { describe, expect, test } from 'vitest';
import { readOptions, type RawOptions } from '../../src/rehearsal/rehearsal-options.ts';
import { writeBook } from './a-season.ts';

const good: RawOptions = {
  book: writeBook([]),
  format: 'segura-2024',
  from: '2018-03-01',
  to: '2018-03-31',
  day: '6s',
};
const read = (changed: Partial<RawOptions>) => () => readOptions({ ...good, ...changed });

describe('The command line of a rehearsal', () => {
  test('is read into days, milliseconds and a count', () => {
    expect(readOptions({ ...good, limit: '20' })).toMatchObject({ from: '2018-03-01', dayMs: 6_000, limit: 20 });
  });

  test.each<[string, Partial<RawOptions>, RegExp]>([
    ['a date that does not exist', { from: '2018-02-30' }, /--from 2018-02-30 is no date/],
    ['a season that ends before it begins', { from: '2018-04-01' }, /lies after/],
    ['an unknown format', { format: 'excel' }, /--format excel is unknown/],
    ['a format that does not know what became of its terms', { format: 'cn-pending-list' }, /does not say what became/],
    ['a missing file', { book: 'nowhere.csv' }, /there is no file nowhere[.]csv/],
    ['a day without a unit', { day: '6' }, /--day 6 is no length/],
    ['a day that is too short', { day: '1ms' }, /at least 100ms/],
    ['a limit of nothing', { limit: '0' }, /--limit 0/],
  ])('refuses %s in one line', (_what, changed, message) => {
    expect(read(changed)).toThrow(message);
    expect(read(changed)).toThrow(/^[^\n]+$/);
  });
});
