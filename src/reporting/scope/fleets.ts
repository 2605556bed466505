import { and, eq, exists, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { fleets } from '../../db/schema/fleets.ts';
import { renewals } from '../../db/schema/renewals.ts';
import { renewalsVisibleTo } from './renewals.ts';
import type { Viewer } from './viewer.ts';

/** The fleets somebody may see, as a condition on `fleets`: whoever sees one of its cases sees the fleet. */
export function fleetsVisibleTo(viewer: Viewer, db: Db): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(renewals)
      .where(and(eq(renewals.fleetId, fleets.id), renewalsVisibleTo(viewer))),
  );
}
