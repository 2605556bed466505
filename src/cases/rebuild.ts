import { openHandovers } from '../db/orphans/handover-records.ts';
import type { Db } from '../db/connection.ts';
import { openCasesAfter } from '../db/cases/sweep-records.ts';
import { casesToConfirmAfter } from '../db/cases/unsent-confirmations.ts';
import type { CaseDeps } from './connect.ts';
import { tellHandover } from './departures.ts';
import { reviveCase } from './revive-case.ts';
import { keepSchedules } from './schedules.ts';

export type Rebuilt = { looked: number; restarted: number; handovers: number };

const pageSize = 200;
const atOnce = 10;

type Pages = (db: Db, after: string, limit: number) => Promise<string[]>;
type Progress = { rebuilt: Rebuilt; onProgress: (rebuilt: Rebuilt) => void };

/**
 * After Temporal's store is lost: opens every open case again from PostgreSQL at the stage and instant where it stood.
 * Touches are not repeated, because their messages keep their states; a renewal's confirmation that waits still goes out.
 * The schedules were lost with the store too.
 */
export async function rebuildCases(deps: CaseDeps, onProgress: (rebuilt: Rebuilt) => void): Promise<Rebuilt> {
  const rebuilt: Rebuilt = { looked: 0, restarted: 0, handovers: 0 };
  await keepSchedules(deps);
  for (const page of [openCasesAfter, casesToConfirmAfter]) await reviveEach(deps, page, { rebuilt, onProgress });
  for (const handoverId of await openHandovers(deps.db)) {
    await tellHandover(deps, handoverId);
    rebuilt.handovers += 1;
  }
  return rebuilt;
}

async function reviveEach(deps: CaseDeps, readPage: Pages, { rebuilt, onProgress }: Progress): Promise<void> {
  let after = '';
  for (let page = await readPage(deps.db, after, pageSize); page.length > 0;) {
    for (let from = 0; from < page.length; from += atOnce) {
      const revived = await Promise.all(page.slice(from, from + atOnce).map((id) => reviveCase(deps, id)));
      rebuilt.looked += revived.length;
      rebuilt.restarted += revived.filter(Boolean).length;
      onProgress(rebuilt);
    }
    after = page.at(-1) ?? after;
    page = await readPage(deps.db, after, pageSize);
  }
}
