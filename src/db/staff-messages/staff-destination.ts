import { and, eq } from 'drizzle-orm';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { staff } from '../schema/organisation.ts';
import { staffMessages } from '../schema/staff-messages.ts';

/** Where a planned message to staff would go as the person's record stands now; `phone` is E.164, empty for none. */
export async function readStaffDestination(
  db: Db,
  id: string,
): Promise<{ channel: Channel; phone: string } | undefined> {
  const [row] = await db
    .select({ channel: staffMessages.channel, phone: staff.phone })
    .from(staffMessages)
    .innerJoin(staff, eq(staff.id, staffMessages.staffId))
    .where(and(eq(staffMessages.id, id), eq(staffMessages.state, 'planned')));
  return row && { channel: row.channel as Channel, phone: row.phone ?? '' };
}
