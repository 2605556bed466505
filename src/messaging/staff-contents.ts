import type { Db } from '../db/connection.ts';
import type { StaffMessageRow } from '../db/staff-messages/staff-message-records.ts';
import type { Person } from '../db/staff/staff-records.ts';
import type { Calendar, Instant } from '../renewal/calendar.ts';
import type { ListDifference } from '../renewal/half-month-list.ts';
import type { StaffMessageKind } from '../renewal/staff-message.ts';
import type { CaseLine, StaffLists } from './staff-lists.ts';
import { renderStaffMail, type StaffMail } from './staff-mail.ts';
import type { ListReason, StaffFacts, StaffItem } from './templates/staff-facts.ts';

/** `now` is the business instant (ms) of the claim; links lead to `publicUrl`. */
export type StaffOccasion = {
  lists: StaffLists;
  message: StaffMessageRow;
  person: Person;
  language: string;
  now: Instant;
  calendar: Calendar;
  publicUrl: string;
};

/** A text and the ids of what it lists: tasks, cases or the hand-over. */
export type StaffContents = { mail: StaffMail; listed: string[] };

const longestList = 30;

/**
 * Writes a message to staff from what is true when it goes, by the rules of its list (business.md, Staff nudges); nothing
 * where nothing is due. Throws `sending-misconfigured`.
 */
export async function writeStaffMail(tx: Db, occasion: StaffOccasion): Promise<StaffContents | undefined> {
  switch (occasion.message.kind as StaffMessageKind) {
    case 'morning-digest':
      return writeDigest(tx, occasion);
    case 'key-tracking-list':
      return writeKeyTracking(tx, occasion);
    case 'half-month-list':
      return writeHalfMonthList(tx, occasion);
    case 'hand-over':
      return writeHandover(tx, occasion);
  }
}

async function writeDigest(tx: Db, occasion: StaffOccasion): Promise<StaffContents | undefined> {
  const { lists, message, person: viewer, now, calendar } = occasion;
  const request = { viewer, day: message.day, now, calendar, limit: longestList };
  const { all, overdue, dueToday, tasks, fresh } = await lists.readDueList(tx, request);
  if (all === 0 && fresh.length === 0) return undefined;
  const dueOn = (at: Date) => calendar.dayOf(at.getTime());
  const items = [
    ...tasks.map((task) => itemOf(task, occasion, { why: task.kind, dueOn: dueOn(task.dueAt) })),
    ...fresh.map((line) => itemOf(line, occasion, { why: 'added', dueOn: null })),
  ];
  const facts = { ...greetingOf(occasion, '/v1/tasks?assignee=me&state=open'), items, due: dueToday, overdue };
  const listed = [...tasks.map(({ taskId }) => taskId), ...fresh.map(({ renewalId }) => renewalId)];
  return written(tx, occasion, { template: 'morning-digest', facts, listed });
}

async function writeKeyTracking(tx: Db, occasion: StaffOccasion): Promise<StaffContents | undefined> {
  const { lists, person, now, calendar } = occasion;
  const today = calendar.dayOf(now);
  const { unit, count, rows } = await lists.readKeyTrackingOf(tx, person, { today, limit: longestList });
  if (count === 0) return undefined;
  const items = rows.map((row) =>
    itemOf(row, occasion, {
      why: row.reason,
      dueOn: row.callBackAt === null ? null : calendar.dayOf(row.callBackAt.getTime()),
    }),
  );
  const facts = { ...greetingOf(occasion, '/v1/key-tracking'), unit, items, count };
  return written(tx, occasion, {
    template: 'key-tracking-list',
    facts,
    listed: rows.map(({ renewalId }) => renewalId),
  });
}

async function writeHalfMonthList(tx: Db, occasion: StaffOccasion): Promise<StaffContents | undefined> {
  const { lists, message, person } = occasion;
  const read = await lists.readHalfMonthList(tx, person, message.day);
  if (!read || read.count + read.changes.length === 0) return undefined;
  const { changes, count, from, to } = read;
  const shown = changes.slice(0, longestList);
  const lines = await lists.readCaseLines(
    tx,
    person,
    shown.map(({ renewalId }) => renewalId),
  );
  const differences = shown.flatMap(({ renewalId, differences: [first = 'stage-turned'] }) => {
    const line = lines.get(renewalId);
    return line ? [itemOf(line, occasion, { why: reasonOfDifference[first], dueOn: null })] : [];
  });
  const facts = {
    ...greetingOf(occasion, `/v1/half-month-list?period=${message.day}`),
    unit: await lists.unitOf(tx, person),
    count,
    from,
    to,
    differences,
    changed: changes.length,
  };
  return written(tx, occasion, {
    template: 'half-month-list',
    facts,
    listed: shown.map(({ renewalId }) => renewalId),
  });
}

/** Somebody else has the case now: on this list that is a change of its owner. */
const reasonOfDifference: Record<ListDifference, ListReason> = {
  added: 'added',
  renewed: 'renewed',
  lost: 'lost',
  'orphan-handed-off': 'handed-off',
  'in-other-hands': 'owner-changed',
  'expiry-moved': 'expiry-moved',
  'owner-changed': 'owner-changed',
  'stage-turned': 'stage-turned',
};

async function writeHandover(tx: Db, occasion: StaffOccasion): Promise<StaffContents | undefined> {
  const { lists, message, person, calendar } = occasion;
  const news = await lists.readHandoverNews(tx, person, message.about);
  if (!news || news.undecided === 0) return undefined;
  const facts = {
    ...greetingOf(occasion, `/v1/handovers/${message.about}`),
    formerOwner: news.formerOwner,
    count: news.undecided,
    dueOn: calendar.dayOf(news.dueAt.getTime()),
  };
  return written(tx, occasion, { template: 'hand-over', facts, listed: [message.about] });
}

type ToWrite<Key extends keyof StaffFacts> = { template: Key; facts: StaffFacts[Key]; listed: string[] };

async function written<Key extends keyof StaffFacts>(
  tx: Db,
  { language }: StaffOccasion,
  { template, facts, listed }: ToWrite<Key>,
): Promise<StaffContents> {
  return { mail: await renderStaffMail(tx, { template, language, facts }), listed };
}

function greetingOf({ person, now, calendar, publicUrl }: StaffOccasion, path: string) {
  return { recipient: person.name, today: calendar.dayOf(now), link: new URL(path, publicUrl).href };
}

function itemOf(
  line: CaseLine,
  { publicUrl }: StaffOccasion,
  { why, dueOn }: Pick<StaffItem, 'why' | 'dueOn'>,
): StaffItem {
  const { renewalId, policyNumber, customer, plate, model, expiresOn } = line;
  const link = new URL(`/v1/renewals/${encodeURIComponent(renewalId)}`, publicUrl).href;
  return { policyNumber, customer, plate, model, expiresOn, dueOn, why, link };
}
