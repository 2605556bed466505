import { and, asc, eq, gt } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { staffMessages } from '../db/schema/staff-messages.ts';
import { staffMessagesVisibleTo } from './scope/staff.ts';
import type { Viewer } from './scope/viewer.ts';

type StaffMessageFilters = {
  state?: string | undefined;
  kind?: string | undefined;
  staffId?: string | undefined;
  day?: string | undefined;
};

type Request = { viewer: Viewer; filters: StaffMessageFilters; after?: string | undefined; limit: number };

/** One page of messages to the staff that somebody sees, the oldest first, after one of them. */
export function listStaffMessages(db: Db, { viewer, filters, after, limit }: Request) {
  const { state, kind, staffId, day } = filters;
  return db
    .select()
    .from(staffMessages)
    .where(
      and(
        staffMessagesVisibleTo(viewer, db),
        state === undefined ? undefined : eq(staffMessages.state, state),
        kind === undefined ? undefined : eq(staffMessages.kind, kind),
        staffId === undefined ? undefined : eq(staffMessages.staffId, staffId),
        day === undefined ? undefined : eq(staffMessages.day, day),
        after === undefined ? undefined : gt(staffMessages.id, after),
      ),
    )
    .orderBy(asc(staffMessages.id))
    .limit(limit);
}

/** One of them, if the viewer may see it. */
export async function findStaffMessage(db: Db, viewer: Viewer, id: string) {
  const [row] = await db
    .select()
    .from(staffMessages)
    .where(and(eq(staffMessages.id, id), staffMessagesVisibleTo(viewer, db)));
  return row;
}
