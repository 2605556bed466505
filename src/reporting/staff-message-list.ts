import { and, asc, eq, getTableColumns, gt } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { staff } from '../db/schema/organisation.ts';
import { staffMessages } from '../db/schema/staff-messages.ts';
import { staffVisibleTo } from './scope/staff.ts';
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
    .select(getTableColumns(staffMessages))
    .from(staffMessages)
    .innerJoin(staff, eq(staff.id, staffMessages.staffId))
    .where(
      and(
        staffVisibleTo(viewer),
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
