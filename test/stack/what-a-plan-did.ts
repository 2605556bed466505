import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { readClock, wallInstant, type ClockReading } from '../../src/db/business-clock.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { nextMoment } from '../../src/renewal/agenda.ts';
import type { Instant } from '../../src/renewal/calendar.ts';
import type { KnownMessage, MessageChange } from '../../src/renewal/plan-change.ts';
import { confirmationTouch } from '../../src/renewal/stage-plan.ts';
import { tasksThatFollowPlans } from '../../src/renewal/task-change.ts';
import { previewCases, type PreviewedCase } from '../../src/reporting/preview/preview-cases.ts';
import { caseState } from '../../workflows/messages.ts';

/** A case as the books have it, or as a preview says that they will; each line names a fact. */
export type CaseFacts = { stage: string | null; next: string; messages: string[]; tasks: string[] };

/** When the workflow of a case wakes by itself (wall ms), and for what. */
export type Armed = { at: Instant; kind: string };

export type Foreseen = CaseFacts & { nudge: boolean; nextAt: Instant; nextWhat: string };

const iso = (at: Instant | Date): string => new Date(at).toISOString();
const line = (...words: string[]): string => words.join(' ');

/** What the preview of a version says of every open case. */
export async function foresee({ db, calendar }: CaseDeps, version: number): Promise<Map<string, Foreseen>> {
  const foreseen = new Map<string, Foreseen>();
  const { now } = await readClock(db);
  for await (const page of previewCases(db, { version, calendar }))
    for (const one of page) foreseen.set(one.renewalId, foreseenOf(one, now));
  return foreseen;
}

function foreseenOf({ one, following }: PreviewedCase, now: Instant): Foreseen {
  const { stageBefore, stageAfter, after, nudge } = following;
  const turns = stageBefore !== undefined && stageAfter !== stageBefore;
  const gone = (row: KnownMessage): boolean => turns && row.state === 'planned' && row.latestAt < now;
  const rows = new Map(one.messages.map((row) => [keyOf(row), messageLine(row, gone(row) ? 'expired' : row.state)]));
  for (const change of following.messages) rows.set(keyOf(change), changedLine(change));
  const open = one.tasks.filter(({ state }) => state === 'open');
  const work = new Map(open.map((task) => [line(task.kind, task.occasion), task.dueAt]));
  for (const change of following.tasks) {
    if (change.change === 'dropped') work.delete(line(change.kind, change.occasion));
    else work.set(line(change.kind, change.occasion), change.dueAt);
  }
  return {
    stage: stageAfter ?? null,
    next: line(after.what, iso(after.at)),
    messages: [...rows.values()].toSorted(),
    tasks: [...work].map(([what, dueAt]) => line(what, iso(dueAt))).toSorted(),
    nudge,
    nextAt: after.at,
    nextWhat: after.what,
  };
}

const keyOf = ({ touch, channel }: { touch: string; channel: string }): string => line(touch, channel);

function messageLine(row: { touch: string; channel: string; dueAt: Instant }, state: string): string {
  return line(row.touch, row.channel, state, iso(row.dueAt));
}

function changedLine(change: MessageChange): string {
  const { touch, channel } = change;
  switch (change.kind) {
    case 'added':
    case 'moved':
      return messageLine({ touch, channel, dueAt: change.planned.dueAt }, 'planned');
    case 'late':
      return messageLine({ touch, channel, dueAt: change.planned.dueAt }, 'expired');
    case 'left-alone':
      return messageLine({ touch, channel, dueAt: change.planned.dueAt }, 'suppressed');
    case 'dropped':
      return messageLine({ touch, channel, dueAt: change.from }, 'cancelled');
  }
}

/** What the books say of every open case. */
export async function readBooks({ db }: CaseDeps): Promise<Map<string, CaseFacts>> {
  const cases = await db.select().from(renewals).where(isNull(renewals.outcome));
  const written = await db.select().from(messages).where(ne(messages.touch, confirmationTouch));
  const isPlanned = and(eq(tasks.state, 'open'), inArray(tasks.kind, [...tasksThatFollowPlans]));
  const sent = Map.groupBy(written, ({ renewalId }) => renewalId);
  const work = Map.groupBy(await db.select().from(tasks).where(isPlanned), ({ renewalId }) => renewalId);
  return new Map(
    cases.map(({ id, stage, nextAction, nextActionAt }): [string, CaseFacts] => [
      id,
      {
        stage,
        next: line(nextAction ?? 'nothing', iso(nextActionAt ?? 0)),
        messages: (sent.get(id) ?? [])
          .map((row) => messageLine({ ...row, dueAt: row.dueAt.getTime() }, row.state))
          .toSorted(),
        tasks: (work.get(id) ?? [])
          .map(({ kind, key, dueAt }) => line(kind, key.slice(key.lastIndexOf('/') + 1), iso(dueAt)))
          .toSorted(),
      },
    ]),
  );
}

const atOnce = 20;

/** What the workflow of each case has armed. */
export async function readArmed(deps: CaseDeps, ids: readonly string[]): Promise<Map<string, Armed>> {
  const armed = new Map<string, Armed>();
  const left = [...ids];
  const worker = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) armed.set(id, await armedOf(deps, id));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return armed;
}

/** A case that has not begun waits for its start; all others say what they wait for once they have taken their steps. */
async function armedOf({ temporal }: CaseDeps, id: string): Promise<Armed> {
  const handle = temporal.client.workflow.getHandle(id);
  for (;;) {
    const { executionTime, raw } = await handle.describe();
    const state = await handle.query(caseState).catch(undefinedBeforeItsStart);
    if (!state) return { at: executionTime?.getTime() ?? 0, kind: 'starts' };
    const { at, kind } = nextMoment(state, Date.now());
    // A worker that was killed after its transaction has not told the workflow what it did.
    const isUnderWay = (raw.pendingActivities?.length ?? 0) > 0 || at <= Date.now();
    if (!isUnderWay) return { at, kind };
    await sleep(500);
  }
}

function undefinedBeforeItsStart(error: unknown): undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (String(cause).includes('Workflow task is not scheduled yet')) return undefined;
  throw error;
}

/** Every difference between what was foreseen and what happened, in words; none is what a roll-out promises. */
export function differences(
  foreseen: ReadonlyMap<string, Foreseen>,
  happened: { books: ReadonlyMap<string, CaseFacts>; armed: ReadonlyMap<string, Armed>; clock: ClockReading },
): string[] {
  return [...foreseen].flatMap(([id, said]) => {
    const is = happened.books.get(id);
    if (!is) return [`${id} is not open any more`];
    const facts = (['stage', 'next', 'messages', 'tasks'] as const).filter(
      (fact) => JSON.stringify(said[fact]) !== JSON.stringify(is[fact]),
    );
    const wakes = wakesWrongly(said, happened.armed.get(id), happened.clock);
    return [
      ...facts.map((fact) => `${id} ${fact}: foreseen ${JSON.stringify(said[fact])}, is ${JSON.stringify(is[fact])}`),
      ...(wakes ? [`${id} ${wakes}`] : []),
    ];
  });
}

const startSlackMs = 5_000;

/** A message held back, or the hand-over of an orphan, is nothing that the next action of a case names. */
function wakesWrongly(
  { nudge, nextAt, nextWhat }: Foreseen,
  armed: Armed | undefined,
  clock: ClockReading,
): string | undefined {
  // A start delay is counted from when Temporal took the start.
  const slack = armed?.kind === 'starts' ? startSlackMs : 0;
  const due = wallInstant(clock, nextAt);
  if (!armed) return 'has no workflow';
  // A hold that ends before its case opens has nothing to wake.
  if (armed.kind === 'starts' && nextWhat === 'hold-ends') return undefined;
  const isOther = armed.kind === 'messages-released' || nextWhat === 'hand-over-ends';
  const isRight = nudge && !isOther ? armed.at === due : armed.at <= due + slack || nextWhat === 'hand-over-ends';
  return isRight ? undefined : `wakes at ${iso(armed.at)} (${armed.kind}) instead of ${iso(due)} (${nextWhat})`;
}

/**
 * What is different of a case that followed another plan and came back. A deadline that somebody was given stays, and so does
 * what was decided about a message: one that quiet hours held and the other plan let go does not come again.
 */
export function lastingChanges(before: CaseFacts, after: CaseFacts | undefined): (keyof CaseFacts | 'closed')[] {
  if (!after) return ['closed'];
  const toCome = ({ messages: known, ...facts }: CaseFacts): CaseFacts => ({
    ...facts,
    messages: known.filter((one) => one.includes(' planned ')),
  });
  const [was, is] = [toCome(before), toCome(after)];
  return (['stage', 'next', 'messages', 'tasks'] as const).filter(
    (fact) => JSON.stringify(was[fact]) !== JSON.stringify(is[fact]),
  );
}
