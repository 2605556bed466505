import { and, asc, eq, gt } from 'drizzle-orm';
import type { Db } from '../db/connection.ts';
import { staffMessages } from '../db/schema/staff-messages.ts';

type StaffMessageFilters = {
  state?: string | undefined;
  kind?: string | undefined;
  staffId?: string | undefined;
  day?: string | undefined;
};

type Request = { filters: StaffMessageFilters; after?: string | undefined; limit: number };

/** One page of messages to staff, the oldest first, after one of them; for those who see all staff. */
export function listStaffMessages(db: Db, { filters: { state, kind, staffId, day }, after, limit }: Request) {
  return db
    .select()
    .from(staffMessages)
    .where(
      and(
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
