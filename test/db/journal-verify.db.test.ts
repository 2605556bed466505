import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journalise } from '../../src/db/journal/journal-records.ts';
import { verifyJournal, type JournalFault } from '../../src/db/journal/journal-verify.ts';
import { withClient } from '../../src/stack/postgres.ts';
import { openBook, type Book } from '../support/given-book.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

/** A chain of five entries. */
async function aChain(chain: string): Promise<string> {
  for (const event of ['one', 'two', 'three', 'four', 'five']) {
    await journalise(book.db, [{ chain, actor: 'system', event, reason: 'because' }]);
  }
  return chain;
}

/** What somebody who owns the tables can do after taking the trigger away. */
async function forge(...statements: string[]): Promise<void> {
  await withClient(book.ownerUrl, async (owner) => {
    await owner.query('alter table journal disable trigger journal_is_append_only');
    for (const statement of statements) await owner.query(statement);
    await owner.query('alter table journal enable trigger journal_is_append_only');
  });
}

async function verify(chain?: string, pageSize = 2) {
  const faults: JournalFault[] = [];
  const onFault = (fault: JournalFault): void => void faults.push(fault);
  const count = await verifyJournal(book.db, { chain, onFault, pageSize });
  return { faults, count };
}

const at = (chain: string, sequence: number): string => `where chain = '${chain}' and sequence = ${sequence}`;

type Named = { kind: JournalFault['kind']; sequence?: number; lastSequence?: number };

describe('The walk over the journal', () => {
  test('finds a journal whole that only the application wrote', async () => {
    const id = await book.openCase();
    await aChain('whole');
    const { faults, count } = await verify();
    expect([faults, count.faults]).toEqual([[], 0]);
    expect((await verify(id)).count.entries).toBeGreaterThan(0);
    expect((await verify('whole')).count).toEqual({ chains: 1, entries: 5, faults: 0 });
  });

  test.each<[string, (chain: string) => string[], Named]>([
    [
      'an entry whose content was changed',
      (chain) => [`update journal set reason = 'forged' ${at(chain, 3)}`],
      { kind: 'changed', sequence: 3 },
    ],
    [
      'the entry after one that was changed together with its hash',
      (chain) => [
        `update journal set reason = 'forged' ${at(chain, 3)}`,
        `update journal set hash = journal_hash(journal) ${at(chain, 3)}`,
      ],
      { kind: 'unlinked', sequence: 4 },
    ],
    [
      'an entry taken out of the middle',
      (chain) => [`delete from journal ${at(chain, 2)}`],
      { kind: 'entry-missing', sequence: 2 },
    ],
    [
      'an entry taken out of the middle whose gap was closed',
      (chain) => [
        `delete from journal ${at(chain, 4)}`,
        `update journal set sequence = 4, hash = 'x' ${at(chain, 5)}`,
        `update journal set hash = journal_hash(journal) ${at(chain, 4)}`,
      ],
      { kind: 'unlinked', sequence: 4 },
    ],
    [
      'the first entry taken out',
      (chain) => [`delete from journal ${at(chain, 1)}`],
      { kind: 'entry-missing', sequence: 1 },
    ],
    [
      'a tail taken out',
      (chain) => [`delete from journal where chain = '${chain}' and sequence > 3`],
      { kind: 'tail-missing', sequence: 4, lastSequence: 5 },
    ],
    [
      'the last entry changed together with its hash',
      (chain) => [
        `update journal set reason = 'forged' ${at(chain, 5)}`,
        `update journal set hash = journal_hash(journal) ${at(chain, 5)}`,
      ],
      { kind: 'head-differs', sequence: 5 },
    ],
    ['a chain taken out', (chain) => [`delete from journal where chain = '${chain}'`], { kind: 'chain-missing' }],
    [
      'a chain whose head was taken out',
      (chain) => [`delete from journal_heads where chain = '${chain}'`],
      { kind: 'head-differs', sequence: 5 },
    ],
    [
      'two entries that changed places',
      (chain) => [
        `update journal set sequence = 99 ${at(chain, 2)}`,
        `update journal set sequence = 2 ${at(chain, 3)}`,
        `update journal set sequence = 3 ${at(chain, 99)}`,
      ],
      { kind: 'changed', sequence: 2 },
    ],
  ])('names %s', async (what, statements, fault) => {
    const chain = await aChain(what);
    await forge(...statements(chain));
    expect((await verify(chain)).faults).toEqual([{ chain, ...fault }]);
    expect((await verify()).faults).toContainEqual({ chain, ...fault });
    expect((await verify(undefined, 1_000)).faults).toContainEqual({ chain, ...fault });
  });

  test('misses the chain of a case of which journal and head were taken out', async () => {
    const id = await book.openCase();
    await forge(`delete from journal where chain = '${id}'`, `delete from journal_heads where chain = '${id}'`);
    expect((await verify(id)).faults).toEqual([{ kind: 'chain-missing', chain: id }]);
  });

  test('sees one moment: entries that are written meanwhile are no fault', async () => {
    const chain = await aChain('busy');
    const writing = Promise.all(Array.from({ length: 20 }, () => aChain(chain)));
    for (let walks = 0; walks < 5; walks += 1) expect((await verify(chain, 3)).faults).toEqual([]);
    await writing;
    expect((await verify(chain)).count).toMatchObject({ entries: 105, faults: 0 });
  });
});

describe('npx xubao journal verify', () => {
  const run = (...options: string[]) => {
    const env = { ...process.env, XUBAO_DATABASE_URL: book.databaseUrl };
    return promisify(execFile)(process.execPath, ['src/cli.ts', 'journal', 'verify', ...options], { env });
  };

  test('counts what it found whole', async () => {
    await aChain('counted');
    expect((await run('--chain', 'counted')).stdout).toBe('1 chains with 5 entries: whole\n');
  });

  test('names the first bad entry and ends with 1', async () => {
    await forge(`update journal set reason = 'forged' ${at(await aChain('printed'), 3)}`);
    await expect(run('--chain', 'printed')).rejects.toMatchObject({
      code: 1,
      stdout:
        'printed, entry 3: its content is not what its hash was computed from\n1 chains with 5 entries: 1 broken\n',
    });
  });

  test('ends with 1 for a chain that nobody knows', async () => {
    await expect(run('--chain', 'nobody')).rejects.toMatchObject({ code: 1, stderr: 'There is no chain nobody.\n' });
  });
});
