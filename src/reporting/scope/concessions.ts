import { and, eq, exists, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { concessions } from '../../db/schema/concessions.ts';
import { renewals } from '../../db/schema/renewals.ts';
import { renewalsVisibleTo } from './renewals.ts';
import type { Viewer } from './viewer.ts';

/** The concessions of the cases that somebody may see; who may decide them is the ladder's matter. */
export function concessionsVisibleTo(viewer: Viewer, db: Db): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(renewals)
      .where(and(eq(renewals.id, concessions.renewalId), renewalsVisibleTo(viewer))),
  );
}
