import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { readUnsubscribeToken, unsubscribeLink } from '../../src/messaging/unsubscribe-link.ts';

const secret = 'a secret of this test';
const customer = '019a8f0e-5f5c-7c52-8f6e-0f5c2a4b9d10';
const tokenOf = (customerId: string): string =>
  unsubscribeLink({ publicUrl: 'https://renewals.example/xubao', secret }, customerId).split('/u/')[1] ?? '';
const signatureOf = (token: string): Buffer => Buffer.from(token.split('.')[1] ?? '', 'base64url');

test('A link out of e-mails lies under the public address, a path in it included', () => {
  const link = unsubscribeLink({ publicUrl: 'https://renewals.example/xubao/', secret }, 'someone');

  expect(link).toMatch(/^https:\/\/renewals\.example\/xubao\/u\/[\w-]+\.[\w-]{43}$/);
});

test('A link names its customer, and with any one letter changed it names nobody', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(), fc.constantFrom('A', 'b', '7', '_', '-', '.'), (customerId, at, letter) => {
      const token = tokenOf(customerId);
      const place = at % token.length;
      const tampered = `${token.slice(0, place)}${letter}${token.slice(place + 1)}`;
      expect(readUnsubscribeToken(secret, token)).toBe(customerId);
      // The last letter of a signature carries two bits that stand for nothing.
      const isSame = token.split('.')[0] === tampered.split('.')[0] && signatureOf(token).equals(signatureOf(tampered));
      expect(readUnsubscribeToken(secret, tampered)).toBe(isSame ? customerId : undefined);
    }),
  );
});

test('A link that was signed with another secret is nobody’s', () => {
  const link = unsubscribeLink({ publicUrl: 'https://renewals.example', secret: 'another secret' }, customer);

  expect(readUnsubscribeToken(secret, link.split('/u/')[1] ?? '')).toBeUndefined();
});
