import type {
  StaffDue,
  StaffMessageActivities,
  StaffPlanned,
  StaffSendActivities,
} from '../../activities/staff-messages.ts';
import type { StaffMessageKind } from '../../src/renewal/staff-message.ts';
import { minuteMs, type Instant } from '../../src/renewal/calendar.ts';

type Activities = StaffMessageActivities & StaffSendActivities;

/** One of the batch journeys. */
type StaffJourney = { name: string; type: string; args: readonly unknown[]; activities: (now: Instant) => Activities };

type Books = { planned: readonly StaffPlanned[]; due: (now: Instant) => readonly StaffDue[] };

function inTurn<Answer>(answers: readonly Answer[]): () => Promise<Answer> {
  let turn = 0;
  return async () => answers[Math.min(turn++, answers.length - 1)]!;
}

function staffDigest(kind: StaffMessageKind, books: Books): Omit<StaffJourney, 'name'> {
  const activities = (now: Instant): Activities => ({
    planStaffMessages: inTurn(books.planned),
    readDueStaffMessages: inTurn(books.due(now)),
    sendStaffEmail: async () => {},
    sendStaffSms: async () => {},
  });
  return { type: 'staffDigest', args: [{ kind }], activities };
}

const day = '2026-11-30';
const nothing: StaffDue = { due: [] };

export const staffJourneys: readonly StaffJourney[] = [
  {
    name: 'staff digest: mails at once, an SMS after the quiet hours',
    ...staffDigest('morning-digest', {
      planned: [
        { kind: 'planned', day, planned: 2, after: 'A2' },
        { kind: 'planned', day, planned: 1, after: null },
      ],
      due: (now) => [
        {
          due: [
            { messageId: 'M1', channel: 'email' },
            { messageId: 'M2', channel: 'email' },
          ],
          nextAt: now + 90 * minuteMs,
        },
        { due: [], nextAt: now + 90 * minuteMs },
        { due: [{ messageId: 'M3', channel: 'sms' }] },
        nothing,
      ],
    }),
  },
  {
    name: 'staff digest: no day for it',
    ...staffDigest('key-tracking-list', { planned: [{ kind: 'not-today', day }], due: () => [nothing] }),
  },
  {
    name: 'staff digest: a hand-over, and another one that the server puts off',
    ...staffDigest('hand-over', {
      planned: [{ kind: 'planned', planned: 2, after: null }],
      due: (now) => [
        {
          due: [
            { messageId: 'M1', channel: 'email' },
            { messageId: 'M2', channel: 'email' },
          ],
        },
        { due: [], nextAt: now + 10 * minuteMs },
      ],
    }),
  },
];
