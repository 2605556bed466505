import { and, eq, exists, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../../db/connection.ts';
import { messages } from '../../db/schema/messages.ts';
import { renewals } from '../../db/schema/renewals.ts';
import { renewalsVisibleTo } from './renewals.ts';
import type { Viewer } from './viewer.ts';

/** The messages somebody may see, as a condition on `messages`: those of the cases they see (api.md, Roles). */
export function messagesVisibleTo(viewer: Viewer, db: Db): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(renewals)
      .where(and(eq(renewals.id, messages.renewalId), renewalsVisibleTo(viewer))),
  );
}
