import { describe, expect, test } from 'vitest';
import { takeNotice, type Notice } from '../../src/renewal/case-notice.ts';
import type { CaseState } from '../../src/renewal/case-state.ts';
import { aCase } from '../support/given-case.ts';
import { daysBeforeT } from '../support/given-plan.ts';

const now = daysBeforeT(40);

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
  [{ key: 'k', kind: 'held', until: daysBeforeT(33) }, { heldUntil: daysBeforeT(33) }],
  [{ key: 'k', kind: 'resumed' }, {}],
  [{ key: 'k', kind: 'result-corrected' }, { detour: 'corrected' }],
];

describe.each(notices)('%j', (notice, change) => {
  test('changes an open case', () => {
    expect(takeNotice(aCase(), notice, now)).toEqual({ ...aCase(), noticed: ['k'], ...change });
  });

  test('changes nothing when its key was heard before', () => {
    const state = aCase({ noticed: ['k'] });
    expect(takeNotice(state, notice, now)).toBe(state);
  });

  test('changes nothing in a closed case', () => {
    const state = aCase({ closed: { kind: 'renewed', early: false } });
    expect(takeNotice(state, notice, now)).toBe(state);
  });

  test('is not lost while a close is under way that may turn out to be too early', () => {
    const after = takeNotice(aCase({ closing: true }), notice, now);
    expect(after).toEqual({ ...aCase({ closing: true }), noticed: ['k'], ...change });
  });
});

test('the first ending stands: a later one changes nothing', () => {
  const ended = takeNotice(aCase(), { key: 'a', kind: 'renewed-in-core', early: false }, now);
  expect(takeNotice(ended, { key: 'b', kind: 'cancelled-in-core' }, now)).toBe(ended);
});

test('a correction that follows a reopening does not hide that the second round is over', () => {
  const state = takeNotice(aCase({ detour: 'reopened' }), { key: 'k', kind: 'expiry-corrected' }, now);
  expect(state.detour).toBe('reopened');
});

describe('a case that somebody resumes', () => {
  const held = aCase({ heldUntil: daysBeforeT(33) });
  const resumed = { key: 'k', kind: 'resumed' } as const;

  test('goes back to the stage of the calendar without the touches it missed', () => {
    const state = takeNotice(held, resumed, now);
    expect(state).toMatchObject({ detour: 'hold-ended', touchesFrom: now });
    expect(state.heldUntil).toBeUndefined();
  });

  test('still follows the correction that it heard of while it was held', () => {
    expect(takeNotice({ ...held, detour: 'expiry-corrected' }, resumed, now).detour).toBe('expiry-corrected');
  });
});

describe('a struck-out result', () => {
  const corrected = { key: 'k', kind: 'result-corrected' } as const;

  test.each([
    ['its second round ran', { secondRound: { reason: 'price', dueAt: daysBeforeT(37) } } as const, now],
    ['its customer counted as refusing contact', { refusedContact: true }, now],
    ['nothing paused', {}, 0],
  ])('lets the case skip what it missed only when it paused: %s', (_, facts, touchesFrom) => {
    expect(takeNotice(aCase(facts), corrected, now).touchesFrom).toBe(touchesFrom);
  });

  test('goes before other corrections, and after a reopening, which asks the books as well', () => {
    expect(takeNotice(aCase({ detour: 'expiry-corrected' }), corrected, now).detour).toBe('corrected');
    expect(takeNotice(aCase({ detour: 'corrected' }), { key: 'k', kind: 'replanned' }, now).detour).toBe('corrected');
    expect(takeNotice(aCase({ detour: 'reopened' }), corrected, now).detour).toBe('reopened');
  });
});
