import type { CaseDeps } from '../../src/cases/connect.ts';
import { createConcessionActivities } from '../../activities/concession.ts';
import { decideConcession, requestConcession } from '../../src/cases/concessions.ts';
import type { ConcessionDecision } from '../../src/db/concessions/concession-decisions.ts';
import type { NewConcession } from '../../src/db/concessions/concession-records.ts';
import type { ConcessionRow } from '../../src/db/concessions/concession-settling.ts';
import { concessions } from '../../src/db/schema/concessions.ts';
import { branches, staff } from '../../src/db/schema/organisation.ts';
import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Role } from '../../src/db/staff/staff-records.ts';
import type { Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';
import { silentTemporal } from '../support/silent-temporal.ts';

const people: Record<string, Role> = {
  A1: 'agent',
  X1: 'specialist',
  X2: 'specialist',
  M1: 'channel-manager',
  G1: 'general-manager',
};

/** Who may decide on the book's concessions: two specialists and a channel manager of the branch, a general manager above. */
export async function addAuthorities({ db }: Book): Promise<void> {
  await db.insert(branches).values({ id: 'HQ', name: '总公司' });
  await db.update(branches).set({ parentId: 'HQ' }).where(eq(branches.id, 'B01'));
  const person = (id: string, branchId: string) => ({ id, name: id, roles: [people[id] as Role], branchId });
  await db.insert(staff).values([person('X2', 'B01'), person('M1', 'B01'), person('G1', 'HQ')]);
}

export type Ladder = ReturnType<typeof climb>;

/** Concessions of a book as people ask for and decide on them; no workflow waits for a deadline, `passDeadline` does. */
export function climb(book: Book) {
  const deps: CaseDeps = { db: book.db, calendar: shanghai, temporal: silentTemporal };
  const asPerson = (id: string) => ({ id, roles: [people[id] as Role] });
  return {
    ask: (renewalId: string, by: string, asked: Pick<NewConcession, 'percent'> & Partial<NewConcession>) =>
      requestConcession(deps, { id: uuidv7(), renewalId, reason: 'a rival', ...asked, requestedBy: asPerson(by) }),
    decide: (concessionId: string, by: string, decided: Partial<ConcessionDecision> = {}) =>
      decideConcession(deps, { concessionId, decision: 'approve', note: 'fair', ...decided, decidedBy: asPerson(by) }),
    passDeadline: (concessionId: string) => createConcessionActivities(deps).actOnDeadline({ concessionId }),
    now: async (concessionId: string): Promise<ConcessionRow> =>
      (await book.db.select().from(concessions).where(eq(concessions.id, concessionId)))[0]!,
  };
}
