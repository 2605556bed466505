import { and, eq, lte, ne } from 'drizzle-orm';
import { isMoreThan, type ConcessionAsked } from '../../renewal/concession.ts';
import { RenewalError } from '../../renewal/errors.ts';
import type { Db } from '../connection.ts';
import { concessions } from '../schema/concessions.ts';
import { answerAsk } from './concession-asks.ts';
import { journaliseConcession, settleConcession, type ConcessionRow } from './concession-settling.ts';

/**
 * One request at a time waits on a case: one for more takes the place of the one that waits, whose id is answered. Throws
 * `concession-pending` for one that is not for more.
 */
export async function replacePending(
  tx: Db,
  asked: ConcessionAsked & { id: string; renewalId: string; requestedBy: { id: string } },
): Promise<string | undefined> {
  const ofCase = and(eq(concessions.renewalId, asked.renewalId), eq(concessions.state, 'pending'));
  const waiting = await tx.select().from(concessions).where(ofCase).for('update');
  for (const pending of waiting) {
    const { id, benefit, level } = pending;
    const percent = Number(pending.percent);
    if (!isMoreThan({ percent, benefit }, asked)) {
      throw new RenewalError('concession-pending', `Concession ${id} of ${percent} % waits for the ${level} already.`);
    }
  }
  for (const pending of waiting) {
    await answerAsk(tx, pending, { answer: 'asked-for-more', by: 'system', decided: false });
    const row = await settleConcession(tx, pending.id, { state: 'lapsed', lapsedReason: 'asked-for-more' });
    const entry = { actor: asked.requestedBy.id, event: 'concession-lapsed', reason: 'asked-for-more' };
    await journaliseConcession(tx, row, { ...entry, inputs: { by: asked.id } });
  }
  return waiting[0]?.id;
}

/** One approved concession stands on a case: those before are part of the new one. */
export async function supersedeLower(tx: Db, { id, renewalId, percent }: ConcessionRow): Promise<void> {
  const ofCase = and(eq(concessions.renewalId, renewalId), eq(concessions.state, 'approved'), ne(concessions.id, id));
  const before = and(ofCase, lte(concessions.percent, percent));
  const superseded = await tx.update(concessions).set({ state: 'superseded' }).where(before).returning();
  for (const row of superseded) {
    const entry = { actor: 'system', event: 'concession-superseded', reason: 'more-approved' };
    await journaliseConcession(tx, row, { ...entry, inputs: { by: id } });
  }
}
