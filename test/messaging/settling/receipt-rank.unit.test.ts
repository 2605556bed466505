import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { DeliveryState } from '../../../src/messaging/provider-answer.ts';
import { furtherReceipt, isEnd, stateOfReceipt, type Receipt } from '../../../src/messaging/receipt-rank.ts';
import { twilioState } from '../../../src/messaging/twilio-status.ts';

const states: readonly DeliveryState[] = ['queued', 'sending', 'sent', 'undelivered', 'delivered'];

const receipt = (state: DeliveryState, status: string = state, errorCode: string | null = null): Receipt => ({
  state,
  status,
  errorCode,
});

const anyReceipt: fc.Arbitrary<Receipt> = fc.record({
  state: fc.constantFrom(...states),
  status: fc.constantFrom('queued', 'accepted', 'sent', 'undelivered', 'failed', 'delivered'),
  errorCode: fc.constantFrom(null, '30003', '30005', '21610'),
});

/** What a row ends up with when receipts come one after the other. */
const afterAll = (receipts: readonly Receipt[]): Receipt => receipts.reduce(furtherReceipt);

describe('Of two words of a provider', () => {
  test.each(states.flatMap((lower, rank) => states.slice(rank + 1).map((higher) => ({ lower, higher }))))(
    '$higher counts and $lower does not, whichever comes first',
    ({ lower, higher }) => {
      expect(furtherReceipt(receipt(lower), receipt(higher)).state).toBe(higher);
      expect(furtherReceipt(receipt(higher), receipt(lower)).state).toBe(higher);
    },
  );

  test('the customer who has the message has it, though the provider also said undelivered', () => {
    const said = [receipt('undelivered', 'undelivered', '30003'), receipt('delivered')];

    expect(stateOfReceipt(afterAll(said))).toBe('delivered');
    expect(stateOfReceipt(afterAll(said.toReversed()))).toBe('delivered');
  });

  test('two ends of one rank leave the same one, whichever comes first', () => {
    const said = [receipt('undelivered', 'failed', '30005'), receipt('undelivered', 'undelivered', '30003')];

    expect(afterAll(said)).toEqual(afterAll(said.toReversed()));
  });
});

describe('Words that come shuffled, doubled and late', () => {
  test('leave the same receipt as each of them once and in order', () => {
    fc.assert(
      fc.property(fc.array(anyReceipt, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (said, picks) => {
        const doubled = said.flatMap((one) =>
          Array.from({ length: 1 + ((picks.next().value as number) % 3) }, () => one),
        );
        const shuffled = doubled
          .map((one) => ({ one, at: picks.next().value as number }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ one }) => one);

        expect(afterAll(shuffled)).toEqual(afterAll(said));
      }),
      { numRuns: 2_000 },
    );
  });

  test('never take a message back from its end', () => {
    fc.assert(
      fc.property(fc.array(anyReceipt, { minLength: 1, maxLength: 8 }), anyReceipt, (said, late) => {
        const before = afterAll(said);

        expect(isEnd(before.state) && !isEnd(furtherReceipt(before, late).state)).toBe(false);
      }),
    );
  });
});

describe('A word of Twilio', () => {
  test.each([
    ['accepted', 'queued'],
    ['scheduled', 'queued'],
    ['queued', 'queued'],
    ['sending', 'sending'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'undelivered'],
    ['canceled', 'undelivered'],
    ['received', undefined],
    ['something-new', undefined],
  ])('%s says %s', (word, state) => {
    expect(twilioState(word)).toBe(state);
  });
});
