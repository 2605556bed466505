import { describe, expect, test } from 'vitest';
import { afterNoAcceptance, afterSilence } from '../../src/renewal/orphan.ts';

describe('an orphan that nobody takes', () => {
  test('goes to the call centre as an offer when the supervisor stays silent', () => {
    expect(afterSilence()).toEqual({ kind: 'offer', channel: 'call-centre' });
  });

  test.each([
    ['cross-sales', { kind: 'back', propose: 'bank-partner' }],
    ['bank-partner', { kind: 'back', propose: 'call-centre' }],
    ['call-centre', { kind: 'hand-off', channel: 'call-centre' }],
  ] as const)('offered to %s and not accepted: %j', (channel, step) => {
    expect(afterNoAcceptance(channel)).toEqual(step);
  });
});
