import { eq } from 'drizzle-orm';
import { wallInstant } from '../src/db/business-clock.ts';
import { hasCome, heldUntil, isLeftAlone, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import { receivedResults } from '../src/db/results/result-records.ts';
import { renewals } from '../src/db/schema/renewals.ts';
import { refreshNextAction } from '../src/db/cases/next-action-records.ts';
import { assignTasks } from '../src/db/tasks/task-records.ts';
import type { Assigned } from '../src/renewal/case-answers.ts';
import { countDueOnceGiven } from '../src/renewal/due-time.ts';

/** The promised call-back time has come: the owner gets the task (business.md, Contact results). */
export async function assignCallBack(tx: Db, situation: CaseSituation): Promise<Assigned> {
  const { renewal, clock, plan, calendar } = situation;
  const at = renewal.callBackAt?.getTime() ?? (await promisedUnheard(tx, renewal.id));
  if (at === undefined) return { kind: 'assigned' };
  const earliest = Math.max(at, heldUntil(situation) ?? 0);
  if (!hasCome(situation, earliest)) return { kind: 'not-yet', until: wallInstant(clock, earliest) };
  const occasion = new Date(at).toISOString();
  const due = countDueOnceGiven('call-back', { from: earliest, latest: plan.closesAt, givenAt: clock.now }, calendar);
  if (!isLeftAlone(situation)) await assignTasks(tx, situation, [{ kind: 'call-back', occasion, ...due }]);
  await tx.update(renewals).set({ callBackAt: null }).where(eq(renewals.id, renewal.id));
  await refreshNextAction(tx, { ...situation, renewal: { ...renewal, callBackAt: null } });
  await journalise(tx, [
    { chain: renewal.id, actor: 'system', event: 'call-back-due', reason: 'promised', inputs: { at: occasion } },
  ]);
  return { kind: 'assigned' };
}

/** The time may come before the result that promised it stands in the books (architecture.md, The case). */
async function promisedUnheard(tx: Db, renewalId: string): Promise<number | undefined> {
  const received = await receivedResults(tx, renewalId);
  const promised = received.flatMap(({ callBackAt }) => (callBackAt ? [callBackAt.getTime()] : []));
  return promised.length > 0 ? Math.min(...promised) : undefined;
}
