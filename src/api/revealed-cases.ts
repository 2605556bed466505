import { casesLeftAlone } from '../db/cases/left-alone.ts';
import type { Db } from '../db/connection.ts';
import { journalise } from '../db/journal/journal-records.ts';
import type { Person } from '../db/staff/staff-records.ts';
import { casesReachedBy } from '../reporting/renewal-list.ts';
import { withoutCalling } from './left-alone.ts';
import { asRevealer } from './doors/masking.ts';

/**
 * Those of the cases whose personal data somebody may see in full: reached in a role that works with customers, and not left
 * alone where that role calls. The journal of each case has it before anybody sees it.
 */
export async function revealCases(
  db: Db,
  person: Person,
  { ids, list }: { ids: readonly string[]; list: string },
): Promise<ReadonlySet<string>> {
  const anyone = asRevealer(person);
  if (!anyone) return new Set();
  const asked = [...new Set(ids)];
  const alone = new Set(await casesLeftAlone(db, asked));
  const silent = withoutCalling(anyone);
  const reached = [
    ...(await casesReachedBy(
      db,
      anyone,
      asked.filter((id) => !alone.has(id)),
    )),
    ...(silent ? await casesReachedBy(db, silent, [...alone]) : []),
  ];
  const entry = {
    actor: person.id,
    event: 'revealed',
    reason: 'asked-by-person',
    inputs: { roles: anyone.roles, list },
  };
  await journalise(
    db,
    reached.map((chain) => ({ ...entry, chain })),
  );
  return new Set(reached);
}
