import { eq } from 'drizzle-orm';
import {
  createStaffMessageActivities,
  createStaffSendActivities,
  type StaffPlanned,
} from '../../activities/staff-messages.ts';
import type { Db } from '../../src/db/connection.ts';
import { anchorClock, readClock, wallInstant } from '../../src/db/business-clock.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import type { ProviderCaps } from '../../src/messaging/pace.ts';
import type {
  EmailMessage,
  EmailPort,
  ProviderAnswer,
  SmsMessage,
  SmsPort,
} from '../../src/messaging/provider-answer.ts';
import type { StaffMessageKind } from '../../src/renewal/staff-message.ts';
import { staffLists } from '../../src/reporting/staff-lists.ts';
import { openBook } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

/** A written Shanghai time as milliseconds since the epoch. */
export const at = (written: string): number => Date.parse(`${written}:00+08:00`);

export type StaffBook = Awaited<ReturnType<typeof openStaffBook>>;

type Answering = { mail?: () => Promise<ProviderAnswer>; sms?: () => Promise<ProviderAnswer> };

/** A book whose people can be reached, and providers that take everything unless told otherwise. */
export async function openStaffBook({ caps = {} }: { caps?: ProviderCaps } = {}) {
  const book = await openBook();
  const { db } = book;
  const mails: EmailMessage[] = [];
  const texts: SmsMessage[] = [];
  const answering: Answering = {};
  const email: EmailPort = {
    name: 'smtp',
    send: async (message) => {
      mails.push(message);
      return answering.mail?.() ?? { kind: 'smtp-reply', reply: 250, id: message.messageId };
    },
  };
  const sms: SmsPort = {
    name: 'twilio',
    send: async (message) => {
      texts.push(message);
      return answering.sms?.() ?? { kind: 'http-answer', status: 201, id: message.attemptId };
    },
  };
  const deps = { db, calendar: shanghai };
  const misconfigured: object[] = [];
  const sends = createStaffSendActivities({
    ...deps,
    lists: staffLists,
    publicUrl: 'https://xubao.example',
    sms: [sms],
    email,
    caps,
    reportMisconfigured: (problem) => misconfigured.push(problem),
  });
  const steps = createStaffMessageActivities(deps);
  return {
    ...book,
    mails,
    texts,
    answering,
    sends,
    steps,
    misconfigured,
    clockAt: (written: string) => anchorClock(db, { businessAt: at(written), speed: 1 }),
    reach: (id: string, facts: Partial<typeof staff.$inferInsert> = { email: `${id.toLowerCase()}@example.com` }) =>
      db.update(staff).set(facts).where(eq(staff.id, id)),
    /** As a run that was planned for a business instant does. */
    plan: async (kind: StaffMessageKind, scheduled: string): Promise<StaffPlanned> => {
      const scheduledAt = wallInstant(await readClock(db), at(scheduled));
      return steps.planStaffMessages({ kind, scheduledAt, after: '' });
    },
    sendDue: (kind: StaffMessageKind) => sendDue({ steps, sends }, kind),
    rows: () => rowsOf(db),
  };
}

type Activities = {
  steps: ReturnType<typeof createStaffMessageActivities>;
  sends: ReturnType<typeof createStaffSendActivities>;
};

/** What one look of the workflow does. */
async function sendDue({ steps, sends }: Activities, kind: StaffMessageKind): Promise<number> {
  const { due } = await steps.readDueStaffMessages({ kind });
  await Promise.all(
    due.map(({ messageId, channel }) =>
      channel === 'sms' ? sends.sendStaffSms({ messageId }) : sends.sendStaffEmail({ messageId }),
    ),
  );
  return due.length;
}

async function rowsOf(db: Db): Promise<string[]> {
  const rows = await db
    .select()
    .from(staffMessages)
    .orderBy(staffMessages.day, staffMessages.staffId, staffMessages.channel);
  return rows.map(({ kind, staffId, day, channel, state, reason }) =>
    [day, kind, staffId, channel, state, reason].filter((part) => part !== null).join(' '),
  );
}
