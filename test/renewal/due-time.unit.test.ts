import { describe, expect, test } from 'vitest';
import { countDue } from '../../src/renewal/due-time.ts';
import { nextPhoneAttempt } from '../../src/renewal/phone-attempt.ts';
import type { TaskKind } from '../../src/renewal/task.ts';
import { shanghai } from '../support/given-plan.ts';

const at = (day: string, hour: number): number => shanghai.instantOf(day, hour * 60);
const shown = (instant: number): string => `${shanghai.dayOf(instant)} ${shanghai.minuteOfDay(instant) / 60}`;

describe('A task is due', () => {
  // The National Day holiday of 2026 lasts from 1 to 7 October; Saturday 10 October is worked instead.
  test.each<[string, TaskKind, number, string]>([
    ['at the end of a working day', 'file-check', at('2026-09-14', 10), '2026-09-16 18'],
    ['after a weekend', 'file-check', at('2026-09-10', 10), '2026-09-14 18'],
    ['on a Sunday that is worked', 'file-check', at('2026-09-17', 10), '2026-09-20 18'],
    ['after a holiday', 'file-check', at('2026-09-30', 10), '2026-10-09 18'],
    ['on a Saturday that is worked', 'indicative-quote', at('2026-09-30', 10), '2026-10-10 18'],
    [
      'a promised call-back at the same minute of the next working day',
      'call-back',
      at('2026-09-30', 11),
      '2026-10-08 11',
    ],
  ])('%s', (...[, kind, from, expected]) => {
    expect(shown(countDue(kind, { from, latest: at('2027-01-01', 9) }, shanghai).dueAt)).toBe(expected);
  });

  test('never after its stage ends', () => {
    const latest = at('2026-10-02', 9);
    expect(countDue('file-check', { from: at('2026-09-30', 10), latest }, shanghai).dueAt).toBe(latest);
  });
});

describe('After an attempt that reached nobody', () => {
  const stageEndsAt = at('2026-10-12', 13);
  const made = { attempt: 1, minimumAttempts: 3, stageEndsAt };

  test('the next one starts at nine on the next working day', () => {
    const next = nextPhoneAttempt({ ...made, at: at('2026-09-30', 16) }, shanghai);
    expect(next?.occasion).toBe('2');
    expect(shown(next!.startsAt)).toBe('2026-10-08 9');
    expect(shown(next!.dueAt)).toBe('2026-10-09 18');
  });

  test('there is none after the third', () => {
    expect(nextPhoneAttempt({ ...made, attempt: 3, at: at('2026-09-28', 16) }, shanghai)).toBeUndefined();
  });

  test('there is none on the day on which the intensive chase ends', () => {
    expect(nextPhoneAttempt({ ...made, at: at('2026-10-10', 10) }, shanghai)).toBeUndefined();
  });
});
