import { and, eq } from 'drizzle-orm';
import { readGranted } from '../db/concessions/concession-mix-records.ts';
import type { Db } from '../db/connection.ts';
import { renewals } from '../db/schema/renewals.ts';
import { readSetting } from '../db/settings-records.ts';
import { measureMix, type ConcessionMix } from '../renewal/concession-mix.ts';
import type { Period } from './books.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

export type MixReport = ConcessionMix & { ladderVersion: number };

/**
 * How the budget of concessions stands among the customers whose cases expire in a period and are the viewer's to see, by
 * the ladder in force (business.md, Concessions).
 */
export async function readConcessionMix(
  db: Db,
  viewer: Viewer,
  { from, to, branchId }: Period & { branchId?: string | undefined },
): Promise<MixReport> {
  const { version, content: ladder } = await readSetting(db, 'concession-ladder');
  const ofBranch = branchId === undefined ? undefined : eq(renewals.branchId, branchId);
  const granted = await readGranted(db, { from, to, where: and(renewalsVisibleTo(viewer), ofBranch) });
  return { ...measureMix(granted, ladder), ladderVersion: version };
}
