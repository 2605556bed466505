import { and, asc, eq, gt } from 'drizzle-orm';
import { confirmationTouch } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { messages } from '../schema/messages.ts';
import { renewals } from '../schema/renewals.ts';

/** Renewed cases whose confirmation still waits to go out, after a cursor, in the order of ids. */
export async function casesToConfirmAfter(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: renewals.id })
    .from(messages)
    .innerJoin(renewals, eq(renewals.id, messages.renewalId))
    .where(
      and(
        eq(messages.state, 'planned'),
        eq(messages.touch, confirmationTouch),
        eq(renewals.outcome, 'renewed'),
        gt(renewals.id, after),
      ),
    )
    .orderBy(asc(renewals.id))
    .limit(limit);
  return rows.map((row) => row.id);
}
