import { describe, expect, test } from 'vitest';
import { checkedVin, chinesePlate, vin, vinCheckDigit } from '../../src/intake/read-vehicle.ts';

describe('A VIN', () => {
  test.each([
    ['1M8GDM9AXKP042788', 'X'],
    ['11111111111111111', '1'],
    ['1HGCM82633A004352', '3'],
    ['5GZCZ43D13S812715', '1'],
    ['LSVAA49J132047371', '1'],
  ])('%s has the check digit %s', (number, digit) => {
    expect(vinCheckDigit(number)).toBe(digit);
  });

  test('is read in any case and with spaces', () => {
    expect(checkedVin('1m8gdm9a xkp042788')).toEqual({ kind: 'value', value: '1M8GDM9AXKP042788' });
  });

  test.each([
    ['1M8GDM9A1KP042788', 'check digit'],
    ['LSVAA49J132047372', 'check digit'],
    ['1M8GDM9AXKP04278', 'length'],
    ['1M8GDM9AXKP0427888', 'length'],
    ['1M8GDM9AXKPO42788', 'has other characters than A-Z (no I, O, Q) and 0-9'],
  ])('%s is refused for its %s', (number, why) => {
    expect(checkedVin(number)).toEqual({ kind: 'problem', problem: why });
  });

  test('of a maker whose country asks for no check digit goes without', () => {
    expect(checkedVin('WVWZZZ1JZ3W386752')).toEqual({ kind: 'value', value: 'WVWZZZ1JZ3W386752' });
  });

  test('of a format without check digits is only counted and spelled', () => {
    expect(vin('1M8GDM9A1KP042788')).toEqual({ kind: 'value', value: '1M8GDM9A1KP042788' });
  });
});

describe('A Chinese plate', () => {
  test.each([
    ['鲁A12345', '鲁A12345'],
    ['浙C·WZCEP', '浙CWZCEP'],
    ['粤ad63608', '粤AD63608'],
    ['京 A·D 12345', '京AD12345'],
    ['粤Z1234港', '粤Z1234港'],
  ])('%s is kept as %s', (written, kept) => {
    expect(chinesePlate(written)).toEqual({ kind: 'value', value: kept });
  });

  test.each(['鲁A1234', '粤AD636081', 'ABC1234', '鲁A123;5'])('cannot be %s', (written) => {
    expect(chinesePlate(written)).toEqual({ kind: 'problem', problem: 'is no plate' });
  });

  test('that a new car does not have yet is no plate and no mistake', () => {
    expect(chinesePlate('新车')).toEqual({ kind: 'value', value: undefined });
  });
});
