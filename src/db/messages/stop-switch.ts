import { eq } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { readClock } from '../business-clock.ts';
import { isJournalled } from '../journal/journal-lookup.ts';
import { journalise } from '../journal/journal-records.ts';
import { sending } from '../schema/operations.ts';

/** Where the stop switch stands for everything that goes to customers, and who put it there, when (business time) and why. */
export type Sending = { stopped: boolean; reason: string | null; changedBy: string | null; changedAt: Date | null };

export type SendingChange = { id: string; stopped: boolean; reason: string | undefined; by: string };

/** The chain of the journal that tells how the switch was used. */
const chain = 'sending';

const columns = {
  stopped: sending.stopped,
  reason: sending.reason,
  changedBy: sending.changedBy,
  changedAt: sending.changedAt,
};

export async function readSending(db: Db): Promise<Sending> {
  const [row] = await db.select(columns).from(sending);
  return row ?? { stopped: false, reason: null, changedBy: null, changedAt: null };
}

/**
 * Stops or starts everything that goes to customers: no claim is won that begins after this (promises.md, Sending a
 * message). The same change again changes nothing. The journal has it without its reason, which is free text.
 */
export async function changeSending(tx: Db, { id, stopped, reason, by }: SendingChange): Promise<Sending> {
  const [row] = await tx.select().from(sending).for('update');
  const event = stopped ? 'sending-stopped' : 'sending-started';
  if (await isJournalled(tx, { chain, event, id })) return readSending(tx);
  const revision = (row?.revision ?? 0) + 1;
  const { now } = await readClock(tx);
  const change = { stopped, reason: reason ?? null, revision, changedBy: by, changedAt: new Date(now) };
  await tx.update(sending).set(change).where(eq(sending.id, 1));
  await journalise(tx, [{ chain, actor: by, event, reason: 'asked-by-person', inputs: { id, revision } }]);
  return readSending(tx);
}
