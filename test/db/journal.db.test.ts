import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journalise } from '../../src/db/journal/journal-records.ts';
import { verifyJournal, type JournalFault } from '../../src/db/journal/journal-verify.ts';
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

const faults = async (): Promise<JournalFault[]> => {
  const found: JournalFault[] = [];
  await verifyJournal(book.db, { onFault: (fault) => found.push(fault) });
  return found;
};

describe('the journal', () => {
  test('tells the story of a case in a chain of hashes that can be computed again', async () => {
    expect((await book.events(id)).at(-1)).toBe('stage-opened:follow-up');
    expect(await faults()).toEqual([]);
  });

  test('chains entries that are written at the same time', async () => {
    const entry = { chain: 'busy', actor: 'system', event: 'e', reason: 'r' };
    await Promise.all(Array.from({ length: 20 }, () => journalise(book.db, [entry, entry])));
    expect((await book.db.execute(sql`select max(sequence) as last from journal where chain = 'busy'`)).rows).toEqual([
      { last: 40 },
    ]);
    expect(await faults()).toEqual([]);
  });

  test.each([
    ['changed', sql`update journal set reason = 'other'`],
    ['deleted', sql`delete from journal`],
    ['truncated', sql`truncate journal`],
    ['given another end', sql`update journal_heads set sequence = 1`],
    ['given the end of a chain that is not there', sql`insert into journal_heads values ('none', 1, '')`],
    ['left without an end', sql`delete from journal_heads`],
    ['left without any end', sql`truncate journal_heads`],
    ['rid of its guard', sql`alter table journal disable trigger all`],
  ])('cannot be %s by the application', async (_, statement) => {
    await expect(book.db.execute(statement)).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  test('lends the right to move an end to nobody else', async () => {
    const forged = book.db.transaction(async (tx) => {
      await tx.execute(sql`create temporary table forged (like journal) on commit drop`);
      await tx.execute(sql`create trigger t before insert on forged for each row execute function chain_journal()`);
    });
    await expect(forged).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  test('cannot be changed by the owner of the tables without taking the trigger away, and then the walk names the entry', async () => {
    await withClient(book.ownerUrl, async (owner) => {
      const change = `update journal set reason = 'forged' where chain = '${id}' and sequence = 2`;
      await expect(owner.query(change)).rejects.toMatchObject({ code: '42501' });
      await owner.query('alter table journal disable trigger journal_is_append_only');
      await owner.query(change);
      await owner.query('alter table journal enable trigger journal_is_append_only');
    });
    expect(await faults()).toEqual([{ kind: 'changed', chain: id, sequence: 2 }]);
  });
});
