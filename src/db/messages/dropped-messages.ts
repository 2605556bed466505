import { eq, sql, type SQL } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { messages } from '../schema/messages.ts';

type MessageRow = typeof messages.$inferSelect;

/** What a planned message would be by a decision not to send it, and why. */
type Dropped = { state: string; reason: string };

/** Of the last attempt of which nobody can tell whether it went. Planned in spite of one is only what was ordered again. */
const doubt = sql<string | null>`(case when messages.resends > 0 then (
  select coalesce(a.reason, 'interrupted') from message_attempts a
  where a.message_id = messages.id and a.state in ('claimed', 'unknown') order by a.claimed_at desc, a.id desc limit 1) end)`;

/**
 * What to set where planned messages are dropped: an attempt that was ordered falls away, and the message is as uncertain
 * as it was before (promises.md, Sending a message: every uncertain send is listed).
 */
export function asDropped({ state, reason }: Record<keyof Dropped, string | SQL>): Record<keyof Dropped, SQL<string>> {
  return {
    state: sql<string>`case when ${doubt} is null then ${state} else 'unknown' end`,
    reason: sql<string>`coalesce(${doubt}, ${reason})`,
  };
}

/** The same for one message. */
export async function standingOfDropped(
  tx: Db,
  { id, resends }: Pick<MessageRow, 'id' | 'resends'>,
  dropped: Dropped,
): Promise<Dropped> {
  if (resends === 0) return dropped;
  const [standing] = await tx.select(asDropped(dropped)).from(messages).where(eq(messages.id, id));
  return standing ?? dropped;
}

/** A row for the journal: as it was decided about, and how it stands where that is something else. */
export type DecidedMessage = MessageRow & { stands?: string };

export function decidedAs(row: MessageRow, dropped: Dropped): DecidedMessage {
  return row.state === dropped.state ? row : { ...row, ...dropped, stands: row.state };
}
