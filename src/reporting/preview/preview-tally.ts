import type { Present } from '../../renewal/follow-plan.ts';
import { changeJourney, type JourneyChange } from '../../renewal/journey-change.ts';
import type { MessageChange } from '../../renewal/plan-change.ts';
import { stages, unansweredIn, type Stage } from '../../renewal/stage-plan.ts';
import { isNegotiatedOnce, taskKinds } from '../../renewal/task.ts';
import type { PreviewedCase } from './preview-cases.ts';

type Counts<Word extends string> = Record<Word, number>;
type ByMessage<Word extends string> = { template: string; channel: string } & Counts<Word>;

/** What a plan does to the open cases it concerns, in sum. */
export type PreviewTally = {
  concerned: number;
  changed: number;
  pausing: number;
  /** Written to within the minute in which they follow. */
  messagesAtOnce: number;
  casesWrittenToAtOnce: number;
  /** Vehicles of fleets that get or lose work which a fleet has once: it is told of each as if it were alone. */
  casesOfFleets: number;
  /** Cases out of which nobody would be escalated to any more, in a stage that had somebody. */
  casesWithoutEscalation: number;
  stages: { before: Stage | null; after: Stage | null; cases: number }[];
  next: Counts<'now' | 'earlier' | 'same' | 'later'>;
  /** The messages that are written down, moved or taken back as the cases follow. */
  messages: ByMessage<MessageChange['kind']>[];
  /** All that the cases have yet to send until they close, if nobody does anything. */
  journey: ByMessage<JourneyChange['kind']>[];
  tasks: ({ kind: string } & Counts<'added' | 'dropped' | 'moved'>)[];
};

/** Whether a plan changes anything of a case but the number of its plan. */
export function isChanged({ following }: Pick<PreviewedCase, 'following'>): boolean {
  const { stageBefore, stageAfter, before, after, messages, tasks, nudge } = following;
  const isSame = stageBefore === stageAfter && before.what === after.what && before.at === after.at;
  return !isSame || messages.length > 0 || tasks.length > 0 || nudge;
}

/** When a case acts next under the plan, against the plan of its books. A case that turns its stage or writes acts now. */
export function nextOf({ following }: Pick<PreviewedCase, 'following'>, now: number): keyof PreviewTally['next'] {
  const { stageBefore, stageAfter, before, after } = following;
  if (stageBefore !== stageAfter || sendsAtOnce(following, now).length > 0) return 'now';
  if (after.at === before.at) return 'same';
  return after.at < before.at ? 'earlier' : 'later';
}

function sendsAtOnce({ messages }: PreviewedCase['following'], now: number): MessageChange[] {
  return messages.filter(
    (change) => (change.kind === 'added' || change.kind === 'moved') && change.planned.dueAt <= now,
  );
}

/** Adds up cases one after the other. */
export function tallyPreview(present: Present) {
  const noneYet = { messagesAtOnce: 0, casesWrittenToAtOnce: 0, casesOfFleets: 0, casesWithoutEscalation: 0 };
  const known = { concerned: 0, changed: 0, pausing: 0, ...noneYet };
  const matrix = new Map<string, number>();
  const next = { now: 0, earlier: 0, same: 0, later: 0 };
  const messages = countedBy(['added', 'moved', 'dropped', 'late', 'left-alone'] as const);
  const journey = countedBy(['added', 'moved', 'dropped', 'late'] as const);
  const tasks = countedBy(['added', 'moved', 'dropped'] as const);
  return {
    add: (one: PreviewedCase): void => {
      const { following } = one;
      const { stageBefore = '', stageAfter = '' } = following;
      known.concerned += 1;
      known.changed += isChanged(one) ? 1 : 0;
      known.pausing += following.pauses ? 1 : 0;
      const atOnce = sendsAtOnce(following, present.now);
      known.messagesAtOnce += atOnce.length;
      known.casesWrittenToAtOnce += atOnce.length > 0 ? 1 : 0;
      known.casesOfFleets += sharesWork(one) ? 1 : 0;
      known.casesWithoutEscalation += losesEscalation(one) ? 1 : 0;
      const cell = `${stageBefore}/${stageAfter}`;
      matrix.set(cell, (matrix.get(cell) ?? 0) + 1);
      next[nextOf(one, present.now)] += 1;
      for (const change of following.messages) messages.add([templateOf(one, change), change.channel], change.kind);
      for (const change of journeyOf(one, present)) journey.add([change.template, change.channel], change.kind);
      for (const { kind, change } of following.tasks) tasks.add([kind], change);
    },
    answer: (): PreviewTally => ({
      ...known,
      stages: [undefined, ...stages].flatMap((before) =>
        [undefined, ...stages].flatMap((after) => {
          const cases = matrix.get(`${before ?? ''}/${after ?? ''}`);
          return cases === undefined ? [] : [{ before: before ?? null, after: after ?? null, cases }];
        }),
      ),
      next,
      messages: messages.rows().map(([[template = '', channel = ''], counts]) => ({ template, channel, ...counts })),
      journey: journey.rows().map(([[template = '', channel = ''], counts]) => ({ template, channel, ...counts })),
      tasks: tasks
        .rows()
        .map(([[kind = ''], counts]) => ({ kind, ...counts }))
        .toSorted((one, other) => placeOf(one.kind) - placeOf(other.kind)),
    }),
  };
}

function sharesWork({ fleetId, following }: PreviewedCase): boolean {
  const isShared = following.tasks.some(({ kind, change }) => change !== 'moved' && isNegotiatedOnce(kind));
  return fleetId !== null && isShared;
}

/** Whether a stage that the case has ahead of it, or is in, had somebody who took over, and has nobody. */
function losesEscalation({ plans: { books, target }, following }: PreviewedCase): boolean {
  const place = following.stageAfter === undefined ? 0 : stages.indexOf(following.stageAfter);
  return stages.slice(place).some((stage) => {
    const [before, after] = [unansweredIn(books, stage), unansweredIn(target, stage)];
    return (['handedOut', 'notHandedOut'] as const).some((way) => before[way] !== 'nobody' && after[way] === 'nobody');
  });
}

function placeOf(kind: string): number {
  return taskKinds.findIndex((one) => one === kind);
}

/** What a plan does to the rest of a case's journey. */
export function journeyOf({ one, plans, following }: PreviewedCase, present: Present): JourneyChange[] {
  const { books, target, planned } = plans;
  return changeJourney(one, { before: planned(books), after: planned(target), following }, present);
}

function templateOf({ one }: PreviewedCase, change: MessageChange): string {
  if ('planned' in change) return change.planned.template;
  const row = one.messages.find(({ touch, channel }) => touch === change.touch && channel === change.channel);
  return row?.template ?? change.touch;
}

function countedBy<Word extends string>(words: readonly Word[]) {
  const rows = new Map<string, Counts<Word>>();
  const none = () => Object.fromEntries(words.map((word) => [word, 0])) as Counts<Word>;
  return {
    add: (names: readonly string[], word: Word): void => {
      const name = names.join('\n');
      const counts = rows.get(name) ?? none();
      counts[word] += 1;
      rows.set(name, counts);
    },
    rows: () =>
      [...rows]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, counts]) => [name.split('\n'), counts] as const),
  };
}
