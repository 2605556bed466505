import { eq } from 'drizzle-orm';
import { wallInstant } from '../src/db/business-clock.ts';
import { hasCome, type CaseSituation } from '../src/db/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { journalise } from '../src/db/journal-records.ts';
import { renewals } from '../src/db/schema/renewals.ts';
import { refreshNextAction } from '../src/db/stage-records.ts';
import { assignTasks } from '../src/db/task-records.ts';
import type { Assigned } from '../src/renewal/case-answers.ts';
import { dueTime } from '../src/renewal/due-time.ts';

/** The promised call-back time has come: the owner gets the task (business.md, Contact results). */
export async function assignCallBack(tx: Db, situation: CaseSituation): Promise<Assigned> {
  const { renewal, clock, plan, calendar } = situation;
  const at = renewal.callBackAt?.getTime();
  if (at === undefined) return { kind: 'assigned' };
  if (!hasCome(situation, at)) return { kind: 'not-yet', until: wallInstant(clock, at) };
  const occasion = new Date(at).toISOString();
  const dueAt = dueTime('call-back', { from: at, latest: plan.closesAt }, calendar);
  await assignTasks(tx, situation, [{ kind: 'call-back', occasion, dueAt }]);
  await tx.update(renewals).set({ callBackAt: null }).where(eq(renewals.id, renewal.id));
  await refreshNextAction(tx, { ...situation, renewal: { ...renewal, callBackAt: null } });
  await journalise(tx, [
    { chain: renewal.id, actor: 'system', event: 'call-back-due', reason: 'promised', inputs: { at: occasion } },
  ]);
  return { kind: 'assigned' };
}
