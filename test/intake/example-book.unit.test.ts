import { describe, expect, test } from 'vitest';
import { daysBetween } from '../../src/renewal/calendar.ts';
import { shiftedExampleBook } from '../../src/stack/example-book-dates.ts';
import { readList } from './read-list.ts';

describe.each(['2026-12-01', '2028-02-29'])('The example book on %s', (today) => {
  const read = async () => (await readList(shiftedExampleBook(today))).rows;
  const terms = async () =>
    (await read()).flatMap(({ verdict }) => (verdict.kind === 'accepted' ? [verdict.term] : []));

  test('has sixty rows, two of them bad', async () => {
    const rejected = (await read()).filter(({ verdict }) => verdict.kind === 'rejected');
    expect([(await read()).length, rejected.map(({ verdict }) => 'reason' in verdict && verdict.reason)]).toEqual([
      60,
      ['车架号 check digit', '上年保费 negative'],
    ]);
  });

  test('expires from five to seventy-five days ahead, with several on the days when stages begin', async () => {
    const ahead = (await terms()).map(({ expiresOn }) => daysBetween(today, expiresOn));
    expect([Math.min(...ahead), Math.max(...ahead)]).toEqual([5, 75]);
    for (const days of [20, 45, 60]) expect(ahead.filter((each) => each === days).length).toBeGreaterThan(2);
  });

  test('keeps the length of its terms', async () => {
    expect(new Set((await terms()).map(({ termDays }) => termDays))).toEqual(new Set([365, 90]));
  });

  test('names three agents in two branches, each with a supervisor and a specialist', async () => {
    const owners = (await terms()).map((term) => term.owners);
    const named = (ids: (string | undefined)[]): number => new Set(ids).size;
    expect([
      named(owners.map(({ agent }) => agent?.id)),
      named(owners.map(({ branch }) => branch.id)),
      named(owners.map(({ supervisor }) => supervisor?.id)),
      named(owners.map(({ specialist }) => specialist?.id)),
    ]).toEqual([3, 2, 2, 2]);
  });
});
