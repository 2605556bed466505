import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCases, type RunningCase, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';
import { correctExpiry } from './journeys.ts';

let cases: RunningCases;

beforeAll(async () => {
  cases = await startCases(createTimeSkippingEnvironment);
});
afterAll(() => cases.close());

async function heldAt(day: number, until: number): Promise<RunningCase> {
  const one = await cases.open();
  await one.until(day);
  await one.holds(until);
  return one;
}

const since = (one: RunningCase, day: string) =>
  one.books.story.slice(one.books.story.findIndex((line) => line.startsWith(day)));

describe('a case held from T-33 to T-23', () => {
  test('neither ends its stage nor writes to the customer, and then stands in the stage of the calendar', async () => {
    const one = await heldAt(33, 23);
    const before = [...one.books.story];
    await one.until(23, 11 * 60);
    expect(one.books.story).toEqual(before);
    await one.until(22);
    expect(one.books.story.slice(before.length)).toEqual(['T-23 opens intensive-chase']);
    await one.outcome();
  });

  test('writes what is due after it as if nothing had been', async () => {
    const one = await heldAt(33, 23);
    await one.until(14);
    expect(since(one, 'T-23')).toEqual(['T-23 opens intensive-chase', 'T-15 sms t-15', 'T-15 email t-15']);
    await one.outcome();
  });

  test('waits for one thing only, which operations staff can read', async () => {
    const one = await heldAt(33, 23);
    await one.knows();
    const history = await one.handle.fetchHistory();
    const timers = (history.events ?? []).filter((event) => event.timerStartedEventAttributes);
    expect(String(timers.at(-1)?.userMetadata?.summary?.data)).toContain('the hold ends');
    await one.resumes();
    await one.outcome();
  });
});

describe('while a case is held', () => {
  test('results are taken, and count in the stage that stands', async () => {
    const one = await heldAt(40, 35);
    await one.says('quoted');
    await one.until(29);
    expect(one.books.story.at(-1)).toBe('T-30 sms t-30');
    expect(one.books.story.filter((line) => line.includes('coaching'))).toEqual([]);
    await one.outcome();
  });

  test('a renewal closes it at once', async () => {
    const one = await heldAt(40, 20);
    await one.says('renewed');
    expect(await one.outcome()).toEqual({ kind: 'renewed', early: false });
    expect(one.books.story.slice(-2)).toEqual([
      'T-40 closes renewed (result:renewed)',
      'T-40 sms renewal-confirmation',
    ]);
  });

  test('the core system closes it at once', async () => {
    const one = await heldAt(40, 20);
    await one.hears({ key: 'core.1', kind: 'renewed-in-core', early: true });
    expect((await one.outcome()).kind).toBe('renewed');
  });

  test('a decline gives the supervisor the second round, whose silence closes it only after the hold', async () => {
    const one = await heldAt(40, 35);
    await one.says('declined', { lossReason: 'price' });
    one.books.secondRoundDueAt = (one.books.caseHeldUntil ?? 0) + 3 * 86_400_000;
    expect(await one.outcome()).toMatchObject({ kind: 'lost', reason: 'price' });
    expect(one.books.story.slice(-2)).toEqual([
      'T-40 second round price',
      'T-32 closes lost price (second-round:no-answer)',
    ]);
  });

  test('a promised call-back waits for the end of the hold', async () => {
    const one = await heldAt(40, 35);
    await one.says('promised', { callBackAt: (await one.env.currentTimeMs()) + 86_400_000 });
    await one.until(34);
    expect(one.books.story.at(-1)).toBe('T-35 call-back');
    await one.outcome();
  });

  test('a corrected expiry moves its instants and opens nothing before the hold ends', async () => {
    const one = await heldAt(40, 30);
    await correctExpiry(one, '2027-03-21');
    await one.until(21);
    expect(one.books.story.slice(-1)).toEqual(['T-45 opens follow-up']);
    await one.until(19);
    expect(one.books.story.at(-1)).toBe('T-20 opens intensive-chase');
    await one.outcome();
  });

  test('a second hold replaces the first', async () => {
    const one = await heldAt(33, 31);
    await one.holds(25);
    await one.until(24);
    expect(one.books.story.at(-1)).toBe('T-25 opens intensive-chase');
    await one.outcome();
  });
});

describe('a hold that the case hears of late', () => {
  test('keeps it from ending its stage all the same, because the books know', async () => {
    const one = await cases.open();
    await one.until(31);
    one.books.caseHeldUntil = Date.parse('2027-03-06T12:00:00+08:00');
    await one.until(26);
    expect(one.books.story.at(-1)).toBe('T-45 opens follow-up');
    await one.until(24);
    expect(one.books.story.at(-1)).toBe('T-25 opens intensive-chase');
    await one.outcome();
  });

  test('before it opened lets it open after the hold', async () => {
    const one = await cases.open();
    await one.holds(50);
    await one.until(49);
    expect(one.books.story).toEqual(['T-50 opens preparation']);
    await one.outcome();
  });
});
