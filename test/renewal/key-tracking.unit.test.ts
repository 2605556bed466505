import { describe, expect, test } from 'vitest';
import { reasonsToTrack, shareOut, type KeyTrackingReason, type TrackedFacts } from '../../src/renewal/key-tracking.ts';

const today = '2026-11-30';
const aTracked = (facts: Partial<TrackedFacts> = {}): TrackedFacts => ({
  segment: 'claim-free',
  stage: 'follow-up',
  expiresOn: '2027-01-10',
  lastContact: null,
  pauses: false,
  leftAlone: false,
  ...facts,
});

describe('The key-tracking list', () => {
  test.each<[string, Partial<TrackedFacts>, KeyTrackingReason[]]>([
    ['a case without anything special is not on it', {}, []],
    ['a key customer is, from the follow-up on', { segment: 'key-customer' }, ['key-customer']],
    ['a key customer in preparation is not', { segment: 'key-customer', stage: 'preparation' }, []],
    ['a promise is', { lastContact: 'promised' }, ['promised']],
    ['a customer who considers is', { lastContact: 'considering' }, ['considering']],
    ['a quote without a decision is', { lastContact: 'quoted' }, ['quoted']],
    ['a customer who declined is not: the second round is the supervisor’s', { lastContact: 'declined' }, []],
    ['an expiry sixteen days away is not', { expiresOn: '2026-12-16', stage: 'intensive-chase' }, []],
    ['from T-15 on everybody is', { expiresOn: '2026-12-15', stage: 'intensive-chase' }, ['expires-soon']],
    ['in the days of grace too', { expiresOn: '2026-11-29', stage: 'wrap-up' }, ['expires-soon']],
    ['a case that pauses is not', { expiresOn: '2026-12-01', stage: 'wrap-up', pauses: true }, []],
    ['a customer who refused contact is not', { lastContact: 'promised', leftAlone: true }, []],
    [
      'the weightiest reason comes first',
      { segment: 'key-customer', lastContact: 'quoted' },
      ['key-customer', 'quoted'],
    ],
  ])('%s', (_what, facts, reasons) => {
    expect(reasonsToTrack(aTracked(facts), today)).toEqual(reasons);
  });
});

describe('Who works which entry', () => {
  const entry = (renewalId: string, specialistId: string | null) => ({ renewalId, specialistId });

  test('the case’s own specialist while that one is there', () => {
    const shared = shareOut([entry('R1', 'X1'), entry('R2', 'X2')], ['X1', 'X2']);
    expect([...shared]).toEqual([
      ['R1', 'X1'],
      ['R2', 'X2'],
    ]);
  });

  test('what nobody has is spread over those who are there, first to whoever has least', () => {
    const shared = shareOut(
      [entry('R1', 'X1'), entry('R2', 'away'), entry('R3', null), entry('R4', null)],
      ['X2', 'X1'],
    );
    expect(Object.fromEntries(shared)).toEqual({ R1: 'X1', R2: 'X2', R3: 'X1', R4: 'X2' });
  });

  test('with nobody there no entry is given to anybody', () => {
    expect(shareOut([entry('R1', 'away')], []).size).toBe(0);
  });
});
