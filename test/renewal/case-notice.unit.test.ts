import { describe, expect, test } from 'vitest';
import { takeNotice, type Notice } from '../../src/renewal/case-notice.ts';
import type { CaseState } from '../../src/renewal/case-state.ts';
import { aCase } from '../support/given-case.ts';

const notices: [Notice, Partial<CaseState>][] = [
  [{ key: 'k', kind: 'owner-left' }, { owned: false }],
  [{ key: 'k', kind: 'owner-assigned', ownerId: 'A2' }, { owned: true }],
  [
    { key: 'k', kind: 'handed-off', channel: 'cross-sales' },
    { ending: { outcome: { kind: 'orphan-handed-off', channel: 'cross-sales' }, cause: 'notice:handed-off' } },
  ],
  [
    { key: 'k', kind: 'renewed-in-core', early: true },
    { ending: { outcome: { kind: 'renewed', early: true }, cause: 'notice:renewed-in-core' } },
  ],
  [
    { key: 'k', kind: 'cancelled-in-core' },
    {
      ending: {
        outcome: { kind: 'lost', reason: 'sold-or-scrapped', renewable: false },
        cause: 'notice:cancelled-in-core',
      },
    },
  ],
  [{ key: 'k', kind: 'expiry-corrected' }, { detour: 'expiry-corrected' }],
  [{ key: 'k', kind: 'replanned' }, { detour: 'replanned' }],
];

describe.each(notices)('%j', (notice, change) => {
  test('changes an open case', () => {
    expect(takeNotice(aCase(), notice)).toEqual({ ...aCase(), noticed: ['k'], ...change });
  });

  test('changes nothing when its key was heard before', () => {
    const state = aCase({ noticed: ['k'] });
    expect(takeNotice(state, notice)).toBe(state);
  });

  test('changes nothing in a closed case', () => {
    const state = aCase({ closed: { kind: 'renewed', early: false } });
    expect(takeNotice(state, notice)).toBe(state);
  });

  test('is not lost while a close is under way that may turn out to be too early', () => {
    const after = takeNotice(aCase({ closing: true }), notice);
    expect(after).toEqual({ ...aCase({ closing: true }), noticed: ['k'], ...change });
  });
});

test('the first ending stands: a later one changes nothing', () => {
  const ended = takeNotice(aCase(), { key: 'a', kind: 'renewed-in-core', early: false });
  expect(takeNotice(ended, { key: 'b', kind: 'cancelled-in-core' })).toBe(ended);
});

test('a correction that follows a reopening does not hide that the second round is over', () => {
  const state = takeNotice(aCase({ detour: 'reopened' }), { key: 'k', kind: 'expiry-corrected' });
  expect(state.detour).toBe('reopened');
});
