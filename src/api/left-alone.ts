import { casesLeftAlone } from '../db/cases/left-alone.ts';
import type { Db } from '../db/connection.ts';
import { readResult } from '../db/results/struck-results.ts';
import type { Person, Role } from '../db/staff/staff-records.ts';
import { tellsOfContact, type ContactResult } from '../renewal/contact-result.ts';
import { refusal } from './doors/problem.ts';

/** Who calls customers by their role; whoever refused contact is nobody's to call (business.md, Contact results). */
const callingRoles: readonly Role[] = ['agent', 'call-centre'];

/** The same person without the roles that call, nobody for whoever has no other. */
export function withoutCalling<Someone extends Pick<Person, 'roles'>>(person: Someone): Someone | undefined {
  const roles = person.roles.filter((role) => !callingRoles.includes(role));
  return roles.length === 0 ? undefined : { ...person, roles };
}

type Said = { id: string; result?: ContactResult | undefined; renewalIds: readonly string[] };

/**
 * The cases whose customers are left alone, where somebody tells of a call or visit whose work it is to call. What was
 * recorded under this id before is not judged again.
 */
export async function leftAloneBy(db: Db, person: Person, { id, result, renewalIds }: Said): Promise<string[]> {
  if (result === undefined || !tellsOfContact(result) || withoutCalling(person)) return [];
  const alone = await casesLeftAlone(db, renewalIds);
  return alone.length === 0 || (await readResult(db, id)) ? [] : alone;
}

/** Throws where a case is left alone. */
export async function requireContactAllowed(db: Db, person: Person, said: Said): Promise<void> {
  if ((await leftAloneBy(db, person, said)).length === 0) return;
  throw refusal(contactRefused.code, contactRefused.detail);
}

export const contactRefused = {
  code: 'contact-refused',
  detail: 'The customer refused to be contacted; the supervisor has the case.',
} as const;
