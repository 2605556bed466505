import type { Db } from '../db/connection.ts';
import type { Person } from '../db/staff/staff-records.ts';
import type { Calendar, Day, Instant } from '../renewal/calendar.ts';
import type { ChangedCase } from '../renewal/half-month-list.ts';
import type { KeyTrackingReason } from '../renewal/key-tracking.ts';
import type { TaskKind } from '../renewal/task.ts';

/** A case as a list tells of it, name and plate whole. */
export type CaseLine = {
  renewalId: string;
  policyNumber: string;
  customer: string;
  plate: string | null;
  model: string | null;
  expiresOn: Day;
};

type DueList = {
  /** Tasks worth telling, late and due today among them. */
  all: number;
  overdue: number;
  dueToday: number;
  tasks: readonly (CaseLine & { taskId: string; kind: TaskKind; dueAt: Date })[];
  fresh: readonly CaseLine[];
};

type KeyTracking = {
  unit: string;
  count: number;
  rows: readonly (CaseLine & { reason: KeyTrackingReason; callBackAt: Date | null })[];
};

type HalfMonthList = { count: number; from: Day; to: Day; changes: readonly ChangedCase[] };

type HandoverNews = { formerOwner: string; dueAt: Date; undecided: number };

/** The lists of src/reporting that mails to staff are made of: the same that people read through the API. */
export type StaffLists = {
  readDueList: (
    db: Db,
    request: { viewer: Person; day: Day; now: Instant; calendar: Calendar; limit: number },
  ) => Promise<DueList>;
  readKeyTrackingOf: (db: Db, viewer: Person, request: { today: Day; limit: number }) => Promise<KeyTracking>;
  /** Of the period that is named; nothing while its list has not been taken. */
  readHalfMonthList: (db: Db, viewer: Person, wanted: Day) => Promise<HalfMonthList | undefined>;
  readCaseLines: (db: Db, viewer: Person, ids: readonly string[]) => Promise<Map<string, CaseLine>>;
  readHandoverNews: (db: Db, viewer: Person, handoverId: string) => Promise<HandoverNews | undefined>;
  unitOf: (db: Db, person: Person) => Promise<string>;
};
