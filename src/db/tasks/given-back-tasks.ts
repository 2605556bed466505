import { and, eq, gt, inArray, isNull, like, ne, notInArray, or, sql } from 'drizzle-orm';
import type { TaskKind } from '../../renewal/task.ts';
import { isLeftAlone, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import type { ResultRow } from '../results/result-records.ts';
import { tasks } from '../schema/tasks.ts';
import { meansNoCall } from './calling-tasks.ts';
import { givenBackColumns, givenBackEntries } from './moved-tasks.ts';
import { dropFollowingAttempt } from './phone-attempts.ts';

/** Work that lasts beyond the stage in which it was given. */
const workOfTheCase: readonly TaskKind[] = [
  'accept-entry',
  'accept-reminder',
  'coaching',
  'call-back',
  'call-centre-case',
];

/** What a mistaken result had completed is open again where it still makes sense; a call that it promised is not made. */
export async function giveBackTasks(tx: Db, situation: CaseSituation, struck: ResultRow): Promise<void> {
  const { renewal } = situation;
  await dropFollowingAttempt(tx, struck);
  const again = await tx
    .update(tasks)
    .set({
      state: 'open',
      completedAt: null,
      completedBy: null,
      completion: null,
      assigneeId: sql`case when ${tasks.role} = 'agent' then ${renewal.ownerId} else ${tasks.assigneeId} end`,
    })
    .where(
      and(
        eq(tasks.renewalId, renewal.id),
        eq(tasks.state, 'completed'),
        sql`${tasks.completion} ->> 'resultId' = ${struck.id}`,
        isLeftAlone(situation) ? meansNoCall : undefined,
        or(isNull(tasks.stage), sql`${tasks.stage} = ${renewal.stage}`, inArray(tasks.kind, [...workOfTheCase])),
      ),
    )
    .returning(givenBackColumns);
  await journalise(tx, givenBackEntries(again, { resultId: struck.id, ownerId: renewal.ownerId }, situation));
  if (struck.callBackAt === null) return;
  const promised = `${renewal.id}/call-back/${struck.callBackAt.toISOString()}`;
  await tx
    .update(tasks)
    .set({ state: 'dropped', droppedReason: 'result-corrected' })
    .where(and(eq(tasks.key, promised), eq(tasks.state, 'open')));
}

/** They hang on something else of the case, which its reopening brings back or not. */
const notGivenBack: readonly TaskKind[] = [
  'second-round',
  'concession-decision',
  'hand-over',
  'call-back-check',
  'renewal-check',
];

/** What a close by mistake took away is to be done again; the stage of the calendar drops what is not its own. */
export async function giveBackClosedTasks(tx: Db, situation: CaseSituation): Promise<void> {
  const { renewal, clock } = situation;
  const again = await tx
    .update(tasks)
    .set({
      state: 'open',
      droppedReason: null,
      assigneeId: sql`case when ${tasks.role} = 'agent' then ${renewal.ownerId} else ${tasks.assigneeId} end`,
    })
    .where(
      and(
        eq(tasks.renewalId, renewal.id),
        eq(tasks.state, 'dropped'),
        like(tasks.droppedReason, 'case-closed:%'),
        notInArray(tasks.kind, [...notGivenBack]),
        isLeftAlone(situation) ? meansNoCall : undefined,
        or(ne(tasks.kind, 'call-back'), gt(tasks.dueAt, new Date(clock.now))),
      ),
    )
    .returning(givenBackColumns);
  await journalise(tx, givenBackEntries(again, { ownerId: renewal.ownerId }, situation));
}
