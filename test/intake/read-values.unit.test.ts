import { describe, expect, test } from 'vitest';
import { count, money } from '../../src/intake/read-number.ts';
import { phone } from '../../src/intake/read-phone.ts';
import { email, policyNumber, timeZone, yesNo } from '../../src/intake/read-text.ts';

const value = (read: unknown) => ({ kind: 'value', value: read });
const problem = (why: string) => ({ kind: 'problem', problem: why });

describe('An amount', () => {
  test.each([
    ['5418.68', '5418.68'],
    ['1,234,567.8', '1234567.80'],
    ['￥120', '120.00'],
    ['101.005', '101.01'],
    ['-0', '0.00'],
    ['1e3', '1000.00'],
  ])('%s is kept as %s', (written, kept) => {
    expect(money(written)).toEqual(value(kept));
  });

  test.each([
    ['-120.00', 'negative'],
    ['twelve', 'is no amount'],
    ['12,34.5', 'is no amount'],
    ['=1+1', 'is no amount'],
    ['1e50', 'is no amount'],
    ['1000000000000', 'is no amount'],
  ])('%s is refused: %s', (written, why) => {
    expect(money(written)).toEqual(problem(why));
  });
});

describe('A count', () => {
  test('may come from a spreadsheet with a decimal point', () => {
    expect(count('3.0')).toEqual(value(3));
  });

  test.each([
    ['-1', 'negative'],
    ['1.5', 'is no count'],
    ['99999999', 'is no count'],
  ])('%s is refused: %s', (written, why) => {
    expect(count(written)).toEqual(problem(why));
  });
});

describe('A phone number', () => {
  test.each([
    ['CN', '13800138000', '+8613800138000'],
    ['CN', '+86 138 0013 8000', '+8613800138000'],
    ['CN', '021-6132 1234', '+862161321234'],
    ['FR', '01 99 00 12 34', '+33199001234'],
  ] as const)('of %s written %s is kept as %s', (region, written, kept) => {
    expect(phone(region)(written)).toEqual(value(kept));
  });

  test.each(['1380013800', '13800138000/13900139000', 'none', '=cmd'])('cannot be %s', (written) => {
    expect(phone('CN')(written)).toEqual(problem('is no phone number'));
  });
});

describe('A time zone', () => {
  test.each(['Asia/Urumqi', 'America/Argentina/Salta'])('is kept by its name: %s', (written) => {
    expect(timeZone(written)).toEqual(value(written));
  });

  test.each(['Beijing', '+08:00', 'UTC+8', 'Mars/Base', ''])('cannot be "%s"', (written) => {
    expect(timeZone(written)).toEqual(problem('is no name of a time zone such as Asia/Shanghai'));
  });
});

describe('A policy number', () => {
  test('may carry letters, digits and - . _ /', () => {
    expect(policyNumber('PD-2026/01_a.7')).toEqual(value('PD-2026/01_a.7'));
  });

  test.each(['P 1', "P'1", '保单1', '=P1', 'P?1', 'P'.repeat(65)])('cannot be %s', (written) => {
    expect(policyNumber(written).kind).toBe('problem');
  });
});

describe('Other cells', () => {
  test.each([
    ['是', true],
    ['否', false],
    ['TRUE', true],
    ['0', false],
  ])('"%s" for a consent means %s', (written, meant) => {
    expect(yesNo(written)).toEqual(value(meant));
  });

  test('a consent that is neither yes nor no is not guessed', () => {
    expect(yesNo('maybe')).toEqual(problem('is neither yes nor no'));
  });

  test.each([
    'a@b',
    'a b@example.com',
    'a@example.com\nbcc: x@example.com',
    '@example.com',
    'a@example.com,b@example.com',
  ])('an e-mail address cannot be %s', (written) => {
    expect(email(written)).toEqual(problem('is no e-mail address'));
  });
});
