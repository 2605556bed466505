import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyResult } from '../../src/db/results/apply-result.ts';
import { receiveResult, type ResultRow } from '../../src/db/results/result-records.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { strike } from '../support/given-results.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

// T is Wednesday 2027-03-31: T-15 is Tuesday 16 March, T-7 Wednesday 24 March.
async function caseInChase(): Promise<string> {
  await book.setTime(20);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  return id;
}

async function record(renewalId: string, result: string): Promise<ResultRow> {
  const row = { id: uuidv7(), renewalId, kind: 'contact', result, recordedBy: 'A1' } as const;
  const received = await book.db.transaction((tx) => receiveResult(tx, row, shanghai));
  await book.db.transaction((tx) => applyResult(tx, received, shanghai));
  return received;
}

async function attempts(renewalId: string): Promise<string[]> {
  const rows = (await book.tasks(renewalId)).filter(({ kind }) => kind === 'phone-attempt');
  return rows
    .map(({ key, state, startsAt }) => `${key.split('/').at(-1)} ${state} from ${shanghai.dayOf(startsAt!.getTime())}`)
    .toSorted();
}

describe('Phone attempts', () => {
  test('start at T-15 with the first one', async () => {
    const id = await caseInChase();
    expect(await attempts(id)).toEqual(['1 open from 2027-03-16']);
  });

  test('a call before T-15 is none of them', async () => {
    const id = await caseInChase();
    await record(id, 'not-reached');
    expect(await attempts(id)).toEqual(['1 open from 2027-03-16']);
  });

  test('follow one another on working days, one open at a time, and end with the third', async () => {
    const id = await caseInChase();
    await book.setTime(15);
    await record(id, 'not-reached');
    expect(await attempts(id)).toEqual(['1 completed from 2027-03-16', '2 open from 2027-03-17']);
    await book.setTime(12);
    await record(id, 'wrong-number');
    expect((await attempts(id)).slice(1)).toEqual(['2 completed from 2027-03-17', '3 open from 2027-03-22']);
    await book.setTime(9);
    await record(id, 'not-reached');
    expect(await attempts(id)).toHaveLength(3);
    expect((await book.events(id)).filter((event) => event === 'phone-attempt-planned')).toHaveLength(2);
  });

  test('a second call of one day makes no attempt of the one that has not started', async () => {
    const id = await caseInChase();
    await book.setTime(15);
    await record(id, 'not-reached');
    await record(id, 'not-reached');
    expect(await attempts(id)).toEqual(['1 completed from 2027-03-16', '2 open from 2027-03-17']);
  });

  test('none is begun on T-7, and the open one goes with the intensive chase', async () => {
    const id = await caseInChase();
    await book.setTime(9);
    await record(id, 'not-reached');
    await book.setTime(8);
    await record(id, 'not-reached');
    expect(await attempts(id)).toEqual(['1 completed from 2027-03-16', '2 completed from 2027-03-23']);
    const late = await caseInChase();
    await book.setTime(7);
    await book.turn(late, 'calendar', { from: 'intensive-chase' });
    expect(await attempts(late)).toEqual(['1 dropped from 2027-03-16']);
  });

  test('an effective contact completes what is open, and nothing comes after', async () => {
    const id = await caseInChase();
    await book.setTime(15);
    await record(id, 'not-reached');
    await book.setTime(14);
    await record(id, 'considering');
    expect((await attempts(id)).map((attempt) => attempt.split(' ')[1])).toEqual(['completed', 'completed']);
  });

  test('a call that was recorded by mistake is made after all: its attempt comes back, and the one after it goes', async () => {
    const id = await caseInChase();
    await book.setTime(15);
    const mistaken = await record(id, 'not-reached');
    await strike(book, mistaken);
    expect(await attempts(id)).toEqual(['1 open from 2027-03-16', '2 dropped from 2027-03-17']);
    await record(id, 'not-reached');
    expect(await attempts(id)).toEqual(['1 completed from 2027-03-16', '2 open from 2027-03-17']);
    await book.setTime(12);
    await record(id, 'not-reached');
    expect((await attempts(id)).slice(1)).toEqual(['2 completed from 2027-03-17', '3 open from 2027-03-22']);
  });

  test('struck out behind a later one leave three calls to be made in all', async () => {
    const id = await caseInChase();
    await book.setTime(15);
    const mistaken = await record(id, 'not-reached');
    await book.setTime(14);
    await record(id, 'not-reached');
    await strike(book, mistaken);
    await book.setTime(12);
    await record(id, 'not-reached');
    const states = async () => (await attempts(id)).map((attempt) => attempt.split(' ').slice(0, 2).join(' '));
    expect(await states()).toEqual(['1 completed', '2 completed', '3 open']);
    await record(id, 'not-reached');
    expect(await states()).toEqual(['1 completed', '2 completed', '3 completed']);
  });
});
