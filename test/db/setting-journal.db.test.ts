import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyJournal, type JournalFault } from '../../src/db/journal/journal-verify.ts';
import { changeSetting } from '../../src/db/settings-records.ts';
import { defaultSettings, settingNames } from '../../src/renewal/settings.ts';
import { withClient } from '../../src/stack/postgres.ts';
import { openBook, type Book } from '../support/given-book.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
  for (const name of settingNames) {
    const change = { name, content: defaultSettings[name], changedBy: 'admin' };
    for (const reason of ['one', 'two', 'three']) {
      await book.db.transaction((tx) => changeSetting(tx, { ...change, reason }));
    }
  }
});
afterAll(() => book.close());

async function verify(chain: string) {
  const faults: JournalFault[] = [];
  const count = await verifyJournal(book.db, { chain, onFault: (fault) => void faults.push(fault) });
  return { faults, count };
}

describe('The check of the journal', () => {
  test.each(settingNames)('walks the chain of the setting %s', async (name) => {
    expect(await verify(`settings.${name}`)).toEqual({ faults: [], count: { chains: 1, entries: 3, faults: 0 } });
  });

  test('finds the entry of a setting that somebody changed afterwards', async () => {
    const chain = 'settings.caps';
    await withClient(book.ownerUrl, async (owner) => {
      await owner.query('alter table journal disable trigger journal_is_append_only');
      await owner.query('update journal set actor = $1 where chain = $2 and sequence = 2', ['nobody', chain]);
      await owner.query('alter table journal enable trigger journal_is_append_only');
    });

    expect((await verify(chain)).faults).toEqual([{ kind: 'changed', chain, sequence: 2 }]);
  });
});
