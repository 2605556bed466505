import { describe, expect, test } from 'vitest';
import { knownFormats } from '../../src/intake/formats/known-formats.ts';
import { optional, required, type ListFormat } from '../../src/intake/list-format.ts';
import { chooseFormat } from '../../src/intake/list-header.ts';
import { day } from '../../src/intake/read-day.ts';
import { money } from '../../src/intake/read-number.ts';
import { phone } from '../../src/intake/read-phone.ts';
import { policyNumber, text } from '../../src/intake/read-text.ts';
import { rowCheck } from '../../src/intake/row-check.ts';
import { pendingHeaders } from './pending-list.ts';

const plainList: ListFormat = {
  name: 'plain-list',
  language: 'en',
  expiryIs: 'first-day-after',
  oneRowPer: 'policy-number-and-start',
  samePersonBy: 'phone-and-name',
  columns: {
    policyNumber: required('Policy', policyNumber),
    startsOn: required('From', day),
    expiresOn: required('To', day),
    premium: required('Premium', money),
    customerName: required('Holder', text),
    phone: optional('Phone', phone('GB')),
  },
};

describe('The format of a list', () => {
  test('is found by its headers', () => {
    expect(chooseFormat(knownFormats, pendingHeaders).name).toBe('cn-pending-list');
  });

  test('that was asked for has to be one that is known', () => {
    expect(() => chooseFormat(knownFormats, pendingHeaders, 'mine')).toThrow('There is no list format "mine"');
  });

  test('that was asked for is not replaced by another that would fit', () => {
    expect(() => chooseFormat(knownFormats, pendingHeaders, 'segura-2024')).toThrow('lacks columns of segura-2024: ID');
  });

  test('may be a new one of a few lines', () => {
    const headers = ['Policy', 'From', 'To', 'Premium', 'Holder', 'Phone'];
    const format = chooseFormat([...knownFormats, plainList], headers);
    const check = rowCheck(format, headers);
    const cells = ['M-1', '2026-03-01', '2027-03-01', '300', 'Jo Marsh', '020 7946 0018'];
    expect(check({ line: 2, cells })).toMatchObject({
      kind: 'accepted',
      duplicateKey: 'M-1 2026-03-01',
      term: {
        termDays: 365,
        coverType: 'motor',
        customer: { phone: '+442079460018' },
        owners: { branch: { id: 'main' } },
      },
    });
  });
});
