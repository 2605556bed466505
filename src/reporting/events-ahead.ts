import { and, eq, gt, inArray } from 'drizzle-orm';
import { readPresents } from '../db/cases/next-action-records.ts';
import type { Db } from '../db/connection.ts';
import { messages } from '../db/schema/messages.ts';
import { renewals } from '../db/schema/renewals.ts';
import { tasks } from '../db/schema/tasks.ts';
import type { Calendar, Day, Instant } from '../renewal/calendar.ts';
import type { DecisionRule } from '../renewal/decision-rules.ts';
import { eventsAhead, reasonOfEvent, type NextAction } from '../renewal/next-action.ts';
import type { Segment } from '../renewal/segment.ts';
import { taskStartsAhead } from '../renewal/task-starts.ts';
import { renewalsVisibleTo } from './scope/renewals.ts';
import type { Viewer } from './scope/viewer.ts';

// The others are looked at again and again until somebody or something ends them.
const endingHolds: readonly DecisionRule[] = ['case-held', 'quiet-hours', 'one-touch-a-day', 'contacts-a-week'];

/** What is planned of a case: a code, the instant, its business day, and why in words. */
export type EventAhead = { at: Date; what: string; on: Day; because: string };

/**
 * The next events that are planned of an open case if nobody does anything, at most so many; none of one that has closed,
 * that does not exist, or that the viewer may not see.
 */
export async function readEventsAhead(
  db: Db,
  viewer: Viewer,
  { renewalId, count, calendar }: { renewalId: string; count: number; calendar: Calendar },
): Promise<EventAhead[]> {
  const isSeen = and(eq(renewals.id, renewalId), renewalsVisibleTo(viewer));
  if ((await db.$count(renewals, isSeen)) === 0) return [];
  const [known] = await readPresents(db, [renewalId], calendar);
  if (!known) return [];
  const { renewal, stagePlan, present } = known;
  const segment = renewal.segment as Segment;
  const { stage, now } = present;
  const planned = taskStartsAhead({ stage, segment, expiresOn: renewal.expiresOn }, stagePlan, calendar);
  const besides = [
    ...(present.mayBeWrittenTo(now) ? planned : []),
    ...(await tasksThatStartLater(db, renewalId, now)),
    ...(await messagesHeldBack(db, renewalId, now)),
  ];
  return eventsAhead(present, count, besides).map(({ what, at }) => ({
    at: new Date(at),
    what,
    on: calendar.dayOf(at),
    because: reasonOfEvent(what),
  }));
}

async function tasksThatStartLater(db: Db, renewalId: string, now: Instant): Promise<NextAction[]> {
  const rows = await db
    .select({ kind: tasks.kind, startsAt: tasks.startsAt })
    .from(tasks)
    .where(and(eq(tasks.renewalId, renewalId), eq(tasks.state, 'open'), gt(tasks.startsAt, new Date(now))));
  return rows.flatMap(({ kind, startsAt }) => (startsAt ? [{ what: `task:${kind}`, at: startsAt.getTime() }] : []));
}

/** A message that quiet hours or a cap hold back goes when its time has come; on two channels it is one event. */
async function messagesHeldBack(db: Db, renewalId: string, now: Instant): Promise<NextAction[]> {
  const rows = await db
    .selectDistinct({ touch: messages.touch, heldUntil: messages.heldUntil })
    .from(messages)
    .where(
      and(
        eq(messages.renewalId, renewalId),
        eq(messages.state, 'planned'),
        inArray(messages.reason, [...endingHolds]),
        gt(messages.heldUntil, new Date(now)),
      ),
    );
  return rows.flatMap(({ touch, heldUntil }) =>
    heldUntil ? [{ what: `message:${touch}`, at: heldUntil.getTime() }] : [],
  );
}
