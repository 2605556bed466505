import type { Db } from '../../db/connection.ts';
import { findPerson, hasRole, type Person, type Role } from '../../db/staff/staff-records.ts';
import { forbidden } from './problem.ts';

export type People = {
  /** Looks up who a token's subject is. */
  of: (subject: string) => Promise<Person>;
  /** The organisation changed: whoever asks next is looked up again. */
  forget: () => void;
};

const keptMs = 30_000;
const mostKept = 10_000;

/**
 * People from the staff table, kept for half a minute, so that a change of role works within a minute in every process and
 * at once in the one that made it.
 */
export function peopleOf({ db, zone }: { db: Db; zone: string }): People {
  let kept = new Map<string, { person: Person; until: number }>();
  const find = async (subject: string): Promise<Person> => {
    const known = kept.get(subject);
    if (known && known.until > Date.now()) return known.person;
    // A look-up that began before a change must not be kept after it.
    const keeping = kept;
    const person = await findPerson(db, subject, zone);
    if (!person) throw forbidden('Nobody on the staff list has this subject.');
    if (keeping.size >= mostKept) keeping.clear();
    keeping.set(subject, { person, until: Date.now() + keptMs });
    return person;
  };
  const forget = (): void => {
    kept = new Map();
  };
  return { of: find, forget };
}

export function requireRole(person: Person, roles: readonly Role[]): void {
  if (person.departed) throw forbidden('This person has left.');
  if (!hasRole(person, ...roles)) throw forbidden(`This needs one of the roles ${roles.join(', ')}.`);
}
