import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../connection.ts';

/** What is wrong with the first bad entry of a chain; `sequence` is the entry that is bad or not there. */
export type JournalFault =
  | { kind: 'changed'; chain: string; sequence: number }
  | { kind: 'unlinked'; chain: string; sequence: number }
  | { kind: 'entry-missing'; chain: string; sequence: number }
  | { kind: 'tail-missing'; chain: string; sequence: number; lastSequence: number }
  | { kind: 'head-differs'; chain: string; sequence: number }
  | { kind: 'chain-missing'; chain: string };

export type JournalCount = { chains: number; entries: number; faults: number };

type Walk = {
  chain?: string | undefined;
  onFault: (fault: JournalFault) => void;
  /** Entries read at once. */
  pageSize?: number;
};

type Entry = {
  chain: string;
  sequence: number;
  previous_hash: string;
  hash: string;
  computed: string;
  head_sequence: number | null;
  head_hash: string | null;
};

/** Where the walk stands: the entry before, the chains that are done with and the faults so far. */
type Place = { before: Entry | undefined; broken: boolean; count: JournalCount; onFault: Walk['onFault'] };

/**
 * Walks every chain of the journal in one snapshot, page by page, and tells the first fault of each broken one: hashes are
 * computed again, links and sequences followed, and each end compared with the head that the database kept.
 */
export async function verifyJournal(db: Db, walk: Walk): Promise<JournalCount> {
  const place: Place = {
    before: undefined,
    broken: false,
    count: { chains: 0, entries: 0, faults: 0 },
    onFault: walk.onFault,
  };
  await db.transaction(
    async (tx) => {
      await tx.execute(sql`set local statement_timeout = 0`);
      for await (const entry of entriesOf(tx, walk)) step(place, entry);
      endChain(place);
      for (const chain of await missingChains(tx, walk.chain)) tell(place, { kind: 'chain-missing', chain });
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  return place.count;
}

async function* entriesOf(tx: Db, walk: Walk): AsyncGenerator<Entry> {
  const { chain, pageSize = 5_000 } = walk;
  let after: SQL = chain === undefined ? sql`true` : sql`j.chain = ${chain}`;
  for (;;) {
    const page = await tx.execute<Entry>(sql`
      select j.chain, j.sequence, j.previous_hash, j.hash, journal_hash(j) as computed,
        h.sequence as head_sequence, h.hash as head_hash
      from journal j left join journal_heads h on h.chain = j.chain
      where ${after} order by j.chain, j.sequence limit ${pageSize}`);
    yield* page.rows;
    const last = page.rows.at(-1);
    if (!last || page.rows.length < pageSize) return;
    after =
      chain === undefined
        ? sql`(j.chain, j.sequence) > (${last.chain}, ${last.sequence})`
        : sql`j.chain = ${chain} and j.sequence > ${last.sequence}`;
  }
}

function step(place: Place, entry: Entry): void {
  if (entry.chain !== place.before?.chain) {
    endChain(place);
    place.count.chains += 1;
    place.before = undefined;
    place.broken = false;
  }
  place.count.entries += 1;
  const fault = place.broken ? undefined : faultOf(entry, place.before);
  if (fault) tell(place, fault);
  place.before = entry;
}

/** After the first fault of a chain nothing that follows it proves anything. */
function tell(place: Place, fault: JournalFault): void {
  place.broken = true;
  place.count.faults += 1;
  place.onFault(fault);
}

function faultOf(entry: Entry, before: Entry | undefined): JournalFault | undefined {
  const { chain, sequence } = entry;
  const expected = (before?.sequence ?? 0) + 1;
  if (sequence > expected) return { kind: 'entry-missing', chain, sequence: expected };
  if (entry.hash !== entry.computed || sequence < expected) return { kind: 'changed', chain, sequence };
  if (entry.previous_hash !== (before?.hash ?? '')) return { kind: 'unlinked', chain, sequence };
  return undefined;
}

function endChain(place: Place): void {
  const last = place.before;
  if (!last || place.broken) return;
  const { chain, sequence } = last;
  if (last.head_sequence !== null && last.head_sequence > sequence) {
    tell(place, { kind: 'tail-missing', chain, sequence: sequence + 1, lastSequence: last.head_sequence });
  } else if (last.head_sequence !== sequence || last.head_hash !== last.hash) {
    tell(place, { kind: 'head-differs', chain, sequence });
  }
}

/** Chains whose head is left without an entry, and cases that have no chain at all: each case opens with an entry. */
async function missingChains(tx: Db, chain: string | undefined): Promise<string[]> {
  const asked = chain === undefined ? sql`true` : sql`chain = ${chain}`;
  const { rows } = await tx.execute<{ chain: string }>(sql`
    select chain from (select chain from journal_heads union select id from renewals) known
    where ${asked} and not exists (select from journal j where j.chain = known.chain) order by chain`);
  return rows.map((row) => row.chain);
}
