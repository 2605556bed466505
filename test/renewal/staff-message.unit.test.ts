import { describe, expect, test } from 'vitest';
import {
  decideStaffSending,
  digestBefore,
  morningOf,
  staffMessageKinds,
  type StaffMessageKind,
  type StaffSendingFacts,
} from '../../src/renewal/staff-message.ts';
import { addDays, dayMs, type Day } from '../../src/renewal/calendar.ts';
import { shanghai } from '../support/given-plan.ts';

const at = (written: string): number => Date.parse(`${written}:00+08:00`);
/** What a run that comes in time finds. */
const onTime = (kind: StaffMessageKind, day: Day) => {
  const planned = at(`${day}T07:30`);
  return morningOf(kind, { planned, now: planned, slack: 0 }, shanghai);
};
const isDayFor = (kind: StaffMessageKind, day: Day): boolean => onTime(kind, day).kind === 'round';
const quiet = { fromMinute: 21 * 60, toMinute: 9 * 60 };

describe('The days of what goes to staff', () => {
  test.each<[Day, string, StaffMessageKind[]]>([
    ['2026-11-27', 'a Friday', ['morning-digest']],
    ['2026-11-28', 'a Saturday', []],
    ['2026-11-30', 'a Monday', ['morning-digest', 'key-tracking-list']],
    ['2026-12-03', 'a Thursday', ['morning-digest', 'key-tracking-list']],
    ['2026-12-02', 'the second of a month', ['morning-digest', 'half-month-list']],
    ['2026-12-16', 'the sixteenth of a month', ['morning-digest', 'half-month-list']],
    ['2026-10-01', 'a Thursday that is a holiday', []],
    ['2026-10-10', 'a Saturday that is worked', ['morning-digest']],
    ['2026-05-02', 'the second of a month on a holiday', ['half-month-list']],
  ])('%s, %s', (day, _what, kinds) => {
    const lists = staffMessageKinds.filter((kind) => kind !== 'hand-over');
    expect(lists.filter((kind) => isDayFor(kind, day))).toEqual(kinds);
  });

  test('everybody has the list of every month by its second day', () => {
    for (let month = 1; month <= 12; month += 1) {
      const days = ['01', '02'].map((day) => `2027-${String(month).padStart(2, '0')}-${day}`);
      expect(days.filter((day) => isDayFor('half-month-list', day))).toHaveLength(1);
    }
  });

  const firstDayOf = (kind: StaffMessageKind): Day => {
    let day = '2026-01-01';
    while (!isDayFor(kind, day)) day = addDays(day, 1);
    return day;
  };

  test('no list is still good when the next one of its kind comes', () => {
    for (const kind of ['morning-digest', 'key-tracking-list', 'half-month-list'] as const) {
      for (let day = firstDayOf(kind); day < '2026-12-31';) {
        let next = addDays(day, 1);
        while (!isDayFor(kind, next)) next = addDays(next, 1);
        expect(onTime(kind, day)).toMatchObject({ kind: 'round' });
        const now = at(`${next}T07:30`);
        expect(morningOf(kind, { planned: at(`${day}T07:30`), now, slack: 0 }, shanghai).kind).toBe('passed');
        day = next;
      }
    }
  });
});

describe('A run that comes to a morning late', () => {
  const morning = (kind: StaffMessageKind, planned: string, now: string) =>
    morningOf(kind, { planned: at(planned), now: at(now), slack: 0 }, shanghai);

  test('goes on with its own day while that is good', () => {
    expect(morning('morning-digest', '2026-11-30T07:30', '2026-11-30T11:00')).toMatchObject({
      kind: 'round',
      day: '2026-11-30',
    });
    expect(morning('key-tracking-list', '2026-11-30T07:30', '2026-12-01T23:00')).toMatchObject({ day: '2026-11-30' });
    expect(morning('half-month-list', '2026-12-02T07:30', '2026-12-10T12:00')).toMatchObject({ day: '2026-12-02' });
  });

  test('leaves alone what has been overtaken: Friday’s digest on Monday, the last of a month on the first', () => {
    expect(morning('morning-digest', '2026-11-27T07:30', '2026-11-30T07:40')).toEqual({
      kind: 'passed',
      day: '2026-11-27',
    });
    expect(morning('morning-digest', '2026-12-31T07:30', '2027-01-01T07:40').kind).toBe('passed');
    expect(morning('key-tracking-list', '2026-11-26T07:30', '2026-11-28T07:30').kind).toBe('passed');
  });

  test('finds nothing to do for a day of a weekend', () => {
    expect(morning('morning-digest', '2026-11-28T07:30', '2026-11-30T07:31').kind).toBe('not-today');
  });

  test('has a day more where a day lasts seconds', () => {
    const late = { planned: at('2026-11-27T07:30'), now: at('2026-11-28T12:00'), slack: dayMs };
    expect(morningOf('morning-digest', late, shanghai).kind).toBe('round');
  });

  test('counts as new what came since the last day that was worked', () => {
    expect(digestBefore('2026-11-30', shanghai)).toBe(at('2026-11-27T07:30'));
    expect(digestBefore('2026-10-08', shanghai)).toBe(at('2026-09-30T07:30'));
  });
});

describe('Whether a message to staff goes now', () => {
  const facts = (more: Partial<StaffSendingFacts> = {}): StaffSendingFacts => ({
    kind: 'morning-digest',
    channel: 'email',
    from: at('2026-11-30T07:30'),
    until: at('2026-11-30T18:00'),
    address: 'li@example.com',
    wantsSms: true,
    hasLeft: false,
    isOnLeave: false,
    ...more,
  });
  const decide = (more: Partial<StaffSendingFacts>, now = '2026-11-30T07:35') =>
    decideStaffSending(facts(more), { now: at(now), quiet, calendar: shanghai });
  const sms = { channel: 'sms', address: '+8613800000042' } as const;

  test('a mail goes in the morning, whatever customers’ quiet hours are', () => {
    expect(decide({})).toEqual({ kind: 'send' });
  });

  test('not before its time', () => {
    expect(decide({}, '2026-11-30T06:00')).toEqual({ kind: 'hold', until: at('2026-11-30T07:30') });
  });

  test('an SMS waits for the end of the quiet hours', () => {
    expect(decide(sms)).toEqual({ kind: 'hold', until: at('2026-11-30T09:00') });
    expect(decide(sms, '2026-11-30T09:00')).toEqual({ kind: 'send' });
  });

  test('an SMS that would have to wait beyond its day does not go at all', () => {
    const until = at('2026-11-30T23:00');
    expect(decide({ ...sms, until }, '2026-11-30T22:00')).toEqual({ kind: 'drop', reason: 'day-has-passed' });
  });

  test.each<[string, Partial<StaffSendingFacts>, string]>([
    ['whoever has left', { hasLeft: true }, 'has-left'],
    ['whoever is on leave: a colleague has the work', { isOnLeave: true }, 'on-leave'],
    ['whoever has no address', { address: null }, 'no-email'],
    ['whoever has no phone', { ...sms, address: null }, 'no-phone'],
    ['whoever wants no SMS', { ...sms, wantsSms: false }, 'sms-not-wanted'],
  ])('not to %s', (_who, more, reason) => {
    expect(decide(more)).toEqual({ kind: 'drop', reason });
  });

  test('everybody has the half-month list, on leave as well', () => {
    expect(decide({ kind: 'half-month-list', isOnLeave: true })).toEqual({ kind: 'send' });
  });

  test('not once its day has passed', () => {
    expect(decide({}, '2026-11-30T18:01')).toEqual({ kind: 'drop', reason: 'day-has-passed' });
  });
});
