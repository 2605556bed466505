import { describe, expect, test } from 'vitest';
import { addressErrorOf } from '../../src/renewal/suppression.ts';

const sms: [code: string, meaning: string, says: ReturnType<typeof addressErrorOf>][] = [
  ['30003', 'unreachable handset', { kind: 'this-time' }],
  ['30005', 'unknown handset', { kind: 'for-good', reason: 'no-such-address' }],
  ['30006', 'landline or unreachable carrier', { kind: 'for-good', reason: 'cannot-take-sms' }],
  ['21211', 'invalid number', { kind: 'for-good', reason: 'no-such-address' }],
  ['21614', 'no mobile number', { kind: 'for-good', reason: 'cannot-take-sms' }],
  ['30007', 'filtered by the carrier', undefined],
  ['30008', 'unknown error', undefined],
  ['21610', 'opted out, which is not about the address', undefined],
];

const email: [code: string, meaning: string, says: ReturnType<typeof addressErrorOf>][] = [
  ['5.1.1', 'no such mailbox', { kind: 'for-good', reason: 'no-such-address' }],
  ['5.1.2', 'no such domain', { kind: 'for-good', reason: 'no-such-address' }],
  ['5.1.10', 'a domain that takes no mail', { kind: 'for-good', reason: 'no-such-address' }],
  ['5.2.1', 'mailbox switched off', { kind: 'for-good', reason: 'no-such-address' }],
  ['5.2.2', 'mailbox full', { kind: 'this-time' }],
  ['5.4.4', 'no route', { kind: 'this-time' }],
  ['4.4.7', 'given up after days', { kind: 'this-time' }],
  ['4.2.2', 'mailbox full', { kind: 'this-time' }],
  ['5.1.8', 'the sender’s address is bad', undefined],
  ['5.7.1', 'refused by policy', undefined],
  ['4.7.1', 'greylisted', undefined],
  ['5.3.4', 'too big', undefined],
  ['2.0.0', 'no error', undefined],
  ['550', 'no enhanced code', undefined],
  ['recipient', 'a recipient refused without a reason', { kind: 'for-good', reason: 'no-such-address' }],
];

describe('What an error says of an address', () => {
  test.each(sms)('SMS %s: %s', (code, _meaning, says) => {
    expect(addressErrorOf('sms', code)).toEqual(says);
  });

  test.each(email)('e-mail %s: %s', (code, _meaning, says) => {
    expect(addressErrorOf('email', code)).toEqual(says);
  });

  test('A code of one channel says nothing on the other', () => {
    expect([addressErrorOf('sms', '5.1.1'), addressErrorOf('email', '30005')]).toEqual([undefined, undefined]);
  });
});
