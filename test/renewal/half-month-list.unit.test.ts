import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { byWeight, compareLists, type ListedCase } from '../../src/renewal/half-month-list.ts';

const aListed = (renewalId: string, facts: Partial<ListedCase> = {}): ListedCase => ({
  renewalId,
  ownerId: 'A1',
  expiresOn: '2027-01-10',
  stage: 'preparation',
  ...facts,
});
const told = (before: ListedCase[], now: ListedCase[], outcomes: Record<string, 'renewed' | 'lost'> = {}) =>
  compareLists(before, now, new Map(Object.entries(outcomes)))
    .toSorted(byWeight)
    .map(({ renewalId, differences }) => `${renewalId} ${differences.join(' ')}`);

describe('The differences between two half-month lists', () => {
  test('a case that stands as it stood is no difference', () => {
    expect(told([aListed('R1')], [aListed('R1')])).toEqual([]);
  });

  test.each<[string, { before: ListedCase[]; now: ListedCase[] }, string[]]>([
    ['what came', { before: [], now: [aListed('R1')] }, ['R1 added']],
    [
      'what another expiry has',
      { before: [aListed('R1')], now: [aListed('R1', { expiresOn: '2027-01-12' })] },
      ['R1 expiry-moved'],
    ],
    [
      'what another owner has',
      { before: [aListed('R1')], now: [aListed('R1', { ownerId: 'A2' })] },
      ['R1 owner-changed'],
    ],
    [
      'what has reached another stage',
      { before: [aListed('R1')], now: [aListed('R1', { stage: 'follow-up' })] },
      ['R1 stage-turned'],
    ],
    [
      'all that has changed',
      { before: [aListed('R1')], now: [aListed('R1', { expiresOn: '2027-01-01', ownerId: null, stage: 'follow-up' })] },
      ['R1 expiry-moved owner-changed stage-turned'],
    ],
  ])('tell %s', (_what, { before, now }, differences) => {
    expect(told(before, now)).toEqual(differences);
  });

  test('tell why a case has left: its book, or other hands', () => {
    expect(told([aListed('R1'), aListed('R2'), aListed('R3')], [], { R1: 'renewed', R2: 'lost' })).toEqual([
      'R1 renewed',
      'R2 lost',
      'R3 in-other-hands',
    ]);
  });

  test('come with what matters most before what everybody expects', () => {
    const before = [aListed('R1'), aListed('R2', { expiresOn: '2027-02-01' })];
    const now = [aListed('R1', { stage: 'follow-up' }), aListed('R3', { expiresOn: '2027-02-02' }), aListed('R4')];
    expect(told(before, now, { R2: 'lost' })).toEqual(['R4 added', 'R3 added', 'R2 lost', 'R1 stage-turned']);
  });

  test('applied to the list before give the list of now', () => {
    const cases = fc.uniqueArray(
      fc.record({
        renewalId: fc.constantFrom('R1', 'R2', 'R3', 'R4', 'R5'),
        ownerId: fc.constantFrom('A1', 'A2', null),
        expiresOn: fc.constantFrom('2027-01-10', '2027-01-11'),
        stage: fc.constantFrom('preparation', 'follow-up', null),
      }),
      { selector: ({ renewalId }) => renewalId },
    );
    fc.assert(
      fc.property(cases, cases, (before, now) => {
        const list = new Map<string, ListedCase>(before.map((one) => [one.renewalId, one]));
        for (const change of compareLists(before, now, new Map())) {
          if (change.now) list.set(change.renewalId, change.now);
          else list.delete(change.renewalId);
        }
        const byId = (one: Pick<ListedCase, 'renewalId'>, other: Pick<ListedCase, 'renewalId'>) =>
          one.renewalId < other.renewalId ? -1 : 1;
        expect([...list.values()].toSorted(byId)).toEqual(now.toSorted(byId));
      }),
    );
  });
});
