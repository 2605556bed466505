import type { Db } from '../db/connection.ts';
import { findPerson, hasRole, type Person, type Role } from '../db/staff-records.ts';
import { forbidden } from './problem.ts';

/** Looks up who a token's subject is. */
export type People = (subject: string) => Promise<Person>;

const keptMs = 30_000;
const mostKept = 10_000;

/** People from the staff table, kept for half a minute, so that a change of role works within a minute. */
export function peopleOf({ db, zone }: { db: Db; zone: string }): People {
  const kept = new Map<string, { person: Person; until: number }>();
  return async (subject) => {
    const known = kept.get(subject);
    if (known && known.until > Date.now()) return known.person;
    const person = await findPerson(db, subject, zone);
    if (!person) throw forbidden('Nobody on the staff list has this subject.');
    if (kept.size >= mostKept) kept.clear();
    kept.set(subject, { person, until: Date.now() + keptMs });
    return person;
  };
}

export function requireRole(person: Person, roles: readonly Role[]): void {
  if (person.departed) throw forbidden('This person has left.');
  if (!hasRole(person, ...roles)) throw forbidden(`This needs one of the roles ${roles.join(', ')}.`);
}
