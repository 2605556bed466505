import { and, eq, inArray } from 'drizzle-orm';
import { countDue } from '../../renewal/due-time.ts';
import { isLeftAlone, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { tasks } from '../schema/tasks.ts';
import { assignTasks } from '../tasks/task-records.ts';

const kind = 'file-check';

/** Occasions of which contact details are to be mended; the stage plan's own check has its stage's name. */
const mending = /\/file-check\/(?:no-contact$|(?:address|wrong-number|mend)\.)/;

/** Whether a file check was asked for to mend contact details: it says nothing of the rest of the file. */
export function isContactCheck({ key }: { key: string }): boolean {
  return mending.test(key);
}

/**
 * Asks for the contact details of a customer to be mended: a file check of the case, which is the specialist's, once for
 * each occasion. Nobody is asked about a case that has closed or a customer who wants to be left alone.
 */
export async function askForContactDetails(tx: Db, situation: CaseSituation, occasion: string): Promise<void> {
  const { renewal, plan, clock, calendar } = situation;
  if (renewal.outcome !== null || isLeftAlone(situation)) return;
  const due = countDue(kind, { from: clock.now, latest: plan.closesAt }, calendar);
  await assignTasks(tx, situation, [{ kind, occasion, ...due }]);
}

/** The same for a customer whom no message reaches at all; somebody who checks the file already sees it. */
export async function askForAnyContact(tx: Db, situation: CaseSituation): Promise<void> {
  const isOpen = and(eq(tasks.renewalId, situation.renewal.id), eq(tasks.kind, kind), eq(tasks.state, 'open'));
  if ((await tx.$count(tasks, isOpen)) === 0) await askForContactDetails(tx, situation, 'no-contact');
}

/** Takes back what was asked because of a mistaken result. */
export async function dropContactChecks(tx: Db, renewalId: string, occasions: readonly string[]): Promise<void> {
  const keys = occasions.map((occasion) => `${renewalId}/${kind}/${occasion}`);
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: 'result-corrected' })
    .where(and(inArray(tasks.key, keys), eq(tasks.state, 'open')));
}
