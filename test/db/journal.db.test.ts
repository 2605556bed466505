import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journalise } from '../../src/db/journal-records.ts';
import { withClient } from '../../src/stack/postgres.ts';
import { openBook, type Book } from '../support/given-book.ts';

let book: Book;
let id: string;

beforeAll(async () => {
  book = await openBook();
  id = await book.openCase();
  await book.setTime(60);
  await book.turn(id, 'entered');
  await book.setTime(45);
  await book.turn(id, 'calendar', { from: 'preparation' });
});
afterAll(() => book.close());

// Walks every chain and names the entries whose hash or link is not what their content says.
const brokenEntries = sql`
  select chain, sequence from (
    select j.*, journal_hash(j) as computed, lag(hash, 1, '') over (partition by chain order by sequence) as before,
      row_number() over (partition by chain order by sequence) as expected from journal j) walked
  where hash <> computed or previous_hash <> before or sequence <> expected`;

describe('the journal', () => {
  test('tells the story of a case in a chain of hashes that can be computed again', async () => {
    expect((await book.events(id)).at(-1)).toBe('stage-opened:follow-up');
    expect((await book.db.execute(brokenEntries)).rows).toEqual([]);
  });

  test('chains entries that are written at the same time', async () => {
    const entry = { chain: 'busy', actor: 'system', event: 'e', reason: 'r' };
    await Promise.all(Array.from({ length: 20 }, () => journalise(book.db, [entry, entry])));
    expect((await book.db.execute(sql`select max(sequence) as last from journal where chain = 'busy'`)).rows).toEqual([
      { last: 40 },
    ]);
    expect((await book.db.execute(brokenEntries)).rows).toEqual([]);
  });

  test.each([
    ['changed', sql`update journal set reason = 'other'`],
    ['deleted', sql`delete from journal`],
    ['truncated', sql`truncate journal`],
  ])('cannot be %s by the application', async (_, statement) => {
    await expect(book.db.execute(statement)).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  test('cannot be changed by the owner of the tables without taking the trigger away, and then the walk names the entry', async () => {
    await withClient(book.ownerUrl, async (owner) => {
      const change = `update journal set reason = 'forged' where chain = '${id}' and sequence = 2`;
      await expect(owner.query(change)).rejects.toMatchObject({ code: '42501' });
      await owner.query('alter table journal disable trigger journal_is_append_only');
      await owner.query(change);
      await owner.query('alter table journal enable trigger journal_is_append_only');
    });
    expect((await book.db.execute(brokenEntries)).rows).toEqual([{ chain: id, sequence: 2 }]);
  });
});
