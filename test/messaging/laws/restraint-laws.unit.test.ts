import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { sendingRules } from '../../../src/messaging/restraint.ts';
import { aStream } from './a-stream.ts';
import { brokenLaws, laws, type Law } from './laws.ts';
import { live } from './live-stream.ts';

const streams = 1_200;
const seed = 20_270_301;

test(`In ${streams} random lives of a customer no law is broken`, { timeout: 120_000 }, () => {
  let messages = 0;
  fc.assert(
    fc.property(aStream, (stream) => {
      const lived = live(stream);
      messages += lived.sent.length;
      expect(brokenLaws(lived)).toEqual([]);
    }),
    { numRuns: streams, seed },
  );
  expect(messages).toBeGreaterThan(streams);
});

describe('Each rule is what keeps a law', { timeout: 60_000 }, () => {
  const kept: [rule: keyof typeof sendingRules, law: Law][] = [
    ['caseClosed', 'nothing after a close but one confirmation of a renewal'],
    ['dayHasPassed', 'no reminder before its instant, after its latest or after the expiry'],
    ['doNotContact', 'nothing while the customer is left alone'],
    ['optedOut', 'nothing after an opt-out'],
    ['noSmsOnThisLine', 'nothing to an address that takes none'],
    ['suppressedAddress', 'nothing to an address that takes none'],
    ['noConsent', 'nothing without consent'],
    ['companionWasWritten', 'companions share one message'],
    ['replyIsUnread', 'no reminder while an answer is unread'],
    ['caseIsHeld', 'nothing while a case is held, orphaned or in its second round'],
    ['casePauses', 'nothing while a case is held, orphaned or in its second round'],
    ['sendingStopped', 'nothing while sending is stopped'],
    ['quietHours', 'no touch in the quiet hours of any clock of the recipient'],
    ['capOfTheDay', 'one touch a day'],
    ['capOfTheWeek', 'a few contacts in any seven days'],
  ];

  const drawn = fc.sample(aStream, { numRuns: 300, seed });

  test.each(kept)('without %s: %s', (rule, law) => {
    const others = Object.entries(sendingRules).flatMap(([name, decide]) => (name === rule ? [] : [decide]));
    const broken = drawn.find((stream) => laws[law](live(stream, others)).length > 0);
    expect(broken).toBeDefined();
  });
});
