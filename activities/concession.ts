import { actOnConcessionSilence, type Waiting } from '../src/db/concessions/concession-decisions.ts';
import type { Db } from '../src/db/connection.ts';
import type { Calendar } from '../src/renewal/calendar.ts';

export type ConcessionActivities = {
  /** Hands a concession whose deadline passed in silence to the next level, and answers what it waits for now. */
  actOnDeadline: (question: { concessionId: string }) => Promise<Waiting>;
};

export function createConcessionActivities({ db, calendar }: { db: Db; calendar: Calendar }): ConcessionActivities {
  return {
    actOnDeadline: ({ concessionId }) => db.transaction((tx) => actOnConcessionSilence(tx, concessionId, calendar)),
  };
}
