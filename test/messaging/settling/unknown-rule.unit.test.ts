import { describe, expect, test } from 'vitest';
import { decidingAttempt, type AttemptState } from '../../../src/messaging/attempt-standing.ts';
import { messageClassOf } from '../../../src/messaging/message-class.ts';
import { firstAsks, nextAskAfter } from '../../../src/messaging/settling-times.ts';
import { settleUnknown } from '../../../src/messaging/unknown-rule.ts';

describe('An unknown that no callback settles', () => {
  test.each([
    { messageClass: 'reminder', listSays: 'not-found', resends: 0, settlement: { kind: 'not-accepted', by: 'list' } },
    { messageClass: 'reminder', listSays: 'cannot-tell', resends: 0, settlement: { kind: 'leave', by: 'class' } },
    { messageClass: 'reminder', listSays: 'no-list', resends: 0, settlement: { kind: 'leave', by: 'class' } },
    { messageClass: 'reminder', listSays: 'no-list', resends: 1, settlement: { kind: 'leave', by: 'class' } },
    {
      messageClass: 'service-notice',
      listSays: 'not-found',
      resends: 0,
      settlement: { kind: 'send-again', by: 'class' },
    },
    {
      messageClass: 'service-notice',
      listSays: 'cannot-tell',
      resends: 0,
      settlement: { kind: 'send-again', by: 'class' },
    },
    {
      messageClass: 'service-notice',
      listSays: 'no-list',
      resends: 0,
      settlement: { kind: 'send-again', by: 'class' },
    },
    {
      messageClass: 'service-notice',
      listSays: 'not-found',
      resends: 1,
      settlement: { kind: 'not-accepted', by: 'list' },
    },
    { messageClass: 'service-notice', listSays: 'cannot-tell', resends: 1, settlement: { kind: 'leave', by: 'class' } },
    { messageClass: 'service-notice', listSays: 'no-list', resends: 1, settlement: { kind: 'leave', by: 'class' } },
    { messageClass: 'legal', listSays: 'not-found', resends: 0, settlement: { kind: 'operator', by: 'class' } },
    { messageClass: 'legal', listSays: 'cannot-tell', resends: 0, settlement: { kind: 'operator', by: 'class' } },
    { messageClass: 'legal', listSays: 'no-list', resends: 2, settlement: { kind: 'operator', by: 'class' } },
  ] as const)(
    'of class $messageClass, with a list that says $listSays and $resends ordered attempts: $settlement.kind',
    ({ messageClass, settlement, ...known }) => {
      expect(settleUnknown(messageClass, known)).toEqual(settlement);
    },
  );

  test.each([
    ['expiry-near', 'reminder'],
    ['renewal-confirmation', 'service-notice'],
    ['legal-cover-ends', 'legal'],
  ])('has the class of its template: %s is a %s', (template, messageClass) => {
    expect(messageClassOf(template)).toBe(messageClass);
  });
});

describe('A message with several attempts', () => {
  const attempts = (...states: AttemptState[]) => states.map((state, number) => ({ state, number }));

  test.each([
    [['unknown', 'delivered'], 1],
    [['delivered', 'unknown'], 0],
    [['accepted', 'claimed'], 0],
    [['unknown', 'claimed'], 1],
    [['undelivered', 'unknown'], 1],
    [['unknown', 'not-accepted'], 0],
    [['not-accepted', 'not-accepted'], 1],
    [['undelivered', 'not-accepted'], 0],
  ] as const)('of %j stands as number %i says', (states, number) => {
    expect(decidingAttempt(attempts(...states))?.number).toBe(number);
  });
});

describe('A provider that is asked', () => {
  const hour = 3_600_000;

  test('has had the settling time for its list, and an hour for its callbacks', () => {
    expect(firstAsks(600_000)).toEqual({ unknown: 600_000, accepted: hour });
  });

  test('about a message that it took is asked six times at most, each wait twice as long', () => {
    const waits = [0, 1, 2, 3, 4, 5].map((asks) => nextAskAfter(600_000, { state: 'accepted', asks }));

    expect(waits).toEqual([2 * hour, 4 * hour, 8 * hour, 16 * hour, 32 * hour, undefined]);
  });
});
