import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBook, type Book } from '../support/given-book.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const openTasks = async (id: string): Promise<string[]> =>
  (await book.tasks(id)).filter(({ state }) => state === 'open').map(({ kind }) => kind);

async function enterAt(daysBefore: number): Promise<string> {
  await book.setTime(daysBefore);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  return id;
}

describe('a correction that comes after the stage has ended, of which nobody could tell the case', () => {
  test('leaves the supervisor the task that is owed', async () => {
    const id = await enterAt(40);
    await book.setTime(29);
    const turn = await book.turn(id, 'corrected', { from: 'follow-up', resultCounted: true });
    expect(turn).toMatchObject({ stage: 'intensive-chase', escalated: true });
    expect(await openTasks(id)).toContain('coaching');
    expect((await book.events(id)).filter((event) => event.startsWith('escalated'))).toEqual(['escalated:supervisor']);
  });

  test('owes nothing when a hold paused the case over it', async () => {
    const id = await enterAt(40);
    await book.setTime(29);
    const turn = await book.turn(id, 'corrected', { from: 'follow-up', afterHold: true });
    expect(turn).toMatchObject({ stage: 'intensive-chase', escalated: false });
  });
});
