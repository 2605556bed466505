import { expect, test } from 'vitest';
import { doubledAmong } from './what-the-flood-did.ts';

const sms = { channel: 'sms', to: '+8613800000001' };

test('A second text to a phone is a double, whatever it says', () => {
  const [one, other] = [
    { ...sms, text: '还有15天到期' },
    { ...sms, text: '还有14天到期' },
  ];
  expect(doubledAmong([one, other])).toEqual(['sms +8613800000001']);
});

test('A text and an e-mail to one customer, and texts to two phones, are none', () => {
  const taken = [sms, { channel: 'email', to: 'k1@example.com' }, { ...sms, to: '+8613800000002' }];
  expect(doubledAmong(taken)).toEqual([]);
});
