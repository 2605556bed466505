import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { journal } from '../schema/journal.ts';

/** Who changes the organisation, and the id of the request, by which a repetition after a crash knows its own work. */
export type Change = { by: string; requestId: string };

/** What was done to a person, branch or team: ids and codes only. */
export type UpkeepEntry = { chain: string; event: string; inputs: Record<string, unknown> };

export async function journaliseUpkeep(tx: Db, { chain, event, inputs }: UpkeepEntry, change: Change): Promise<void> {
  const entry = { chain, actor: change.by, event, reason: 'upkeep' };
  await journalise(tx, [{ ...entry, inputs: { requestId: change.requestId, ...inputs } }]);
}

/** Whether this very request did it before: its first attempt may have died between the work and the answer. */
export async function wasDoneBy(tx: Db, done: Pick<UpkeepEntry, 'chain' | 'event'>, change: Change): Promise<boolean> {
  const own = sql`${journal.inputs} ->> 'requestId' = ${change.requestId}`;
  return (await tx.$count(journal, and(eq(journal.chain, done.chain), eq(journal.event, done.event), own))) > 0;
}

/** Fields that a change may name; what is absent or undefined stays as it is. */
export type Named<Facts> = { [Field in keyof Facts]?: Facts[Field] | undefined };

export function withNamed<Facts extends object>(before: Facts, named: Named<Facts>): Facts {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(given) };
}

/** The names of the fields that differ; values that are personal stay out of the journal. */
export function changedFields<Facts extends object>(before: Facts, after: Facts): string[] {
  return Object.entries(after)
    .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof Facts]))
    .map(([field]) => field);
}
