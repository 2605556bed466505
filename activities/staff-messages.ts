import { businessInstant, readClock, wallInstant } from '../src/db/business-clock.ts';
import { takeHalfMonthList } from '../src/db/staff-messages/half-month-records.ts';
import { planHandoverMails, planRound } from '../src/db/staff-messages/plan-staff-messages.ts';
import { dueStaffMessages, giveUpOldStaffClaims } from '../src/db/staff-messages/staff-message-records.ts';
import { dayMs, type Day } from '../src/renewal/calendar.ts';
import { morningOf, type StaffMessageKind } from '../src/renewal/staff-message.ts';
import type { Channel } from '../src/renewal/stage-plan.ts';
import { sendStaffMessage, type StaffSendingParts } from './send-staff-message.ts';

/** `scheduledAt` is the wall instant that the run was planned for, `after` the last person who was looked at. */
type StaffPlanQuestion = { kind: StaffMessageKind; scheduledAt: number; after: string };

/** `day` says which day's messages are planned; `after` is null once nobody is left. */
export type StaffPlanned =
  | { kind: 'planned'; day?: Day; planned: number; after: string | null }
  | { kind: 'not-today'; day: Day }
  | { kind: 'passed'; day: Day };

/** What may go now; `nextAt` is the wall instant at which the next of the others may. */
export type StaffDue = { due: { messageId: string; channel: Channel }[]; nextAt?: number };

/** Ids and codes only; no retry of a send sends twice, it finds the claim. */
export type StaffMessageActivities = {
  planStaffMessages: (question: StaffPlanQuestion) => Promise<StaffPlanned>;
  readDueStaffMessages: (question: { kind: StaffMessageKind; day?: Day }) => Promise<StaffDue>;
};

export type StaffSendActivities = {
  sendStaffSms: (question: { messageId: string }) => Promise<void>;
  sendStaffEmail: (question: { messageId: string }) => Promise<void>;
};

const peopleAtOnce = 200;
const messagesAtOnce = 50;
const claimsAtOnce = 100;
/** A hand-over that nobody could be told of for so long is in every digest by then. */
const handoverDays = 2;

type Deps = Pick<StaffSendingParts, 'db' | 'calendar'>;

/** The books of what goes to staff: whom a morning's list is for, and what may go now. */
export function createStaffMessageActivities(deps: Deps): StaffMessageActivities {
  return {
    planStaffMessages: (question) => plan(deps, question),
    readDueStaffMessages: async ({ kind, day }) => {
      const { due, nextAt } = await dueStaffMessages(deps.db, { kind, day, limit: messagesAtOnce });
      const messages = due.map(({ id, channel }) => ({ messageId: id, channel }));
      if (nextAt === null) return { due: messages };
      return { due: messages, nextAt: wallInstant(await readClock(deps.db), nextAt) };
    },
  };
}

export function createStaffSendActivities(parts: StaffSendingParts): StaffSendActivities {
  return {
    sendStaffSms: ({ messageId }) => sendStaffMessage(parts, messageId),
    sendStaffEmail: ({ messageId }) => sendStaffMessage(parts, messageId),
  };
}

async function plan({ db, calendar }: Deps, { kind, scheduledAt, after }: StaffPlanQuestion): Promise<StaffPlanned> {
  if (after === '') await giveUpOldStaffClaims(db, claimsAtOnce);
  if (kind === 'hand-over') {
    const planned = await planHandoverMails(db, { days: handoverDays, zone: calendar.zone });
    return { kind: 'planned', planned, after: null };
  }
  const clock = await readClock(db);
  // With a fast clock a day may be over before its messages have been written.
  const slack = clock.speed === 1 ? 0 : dayMs;
  const morning = morningOf(kind, { planned: businessInstant(clock, scheduledAt), now: clock.now, slack }, calendar);
  if (morning.kind !== 'round') return morning;
  const { day, from, until } = morning;
  if (kind === 'half-month-list') await takeHalfMonthList(db, day);
  return { kind: 'planned', day, ...(await planRound(db, { kind, day, from, until }, { after, limit: peopleAtOnce })) };
}
