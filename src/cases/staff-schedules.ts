import { ScheduleOverlapPolicy, type ScheduleOptions, type ScheduleSpec } from '@temporalio/client';
import { wallInstant, type ClockReading } from '../db/business-clock.ts';
import { dayMs, type Calendar } from '../renewal/calendar.ts';
import { morningMinute, type StaffMessageKind } from '../renewal/staff-message.ts';
import { batchQueue } from './task-queues.ts';

type StaffSchedule = {
  kind: StaffMessageKind;
  note: string;
  days: { dayOfWeek?: ('MONDAY' | 'THURSDAY')[]; dayOfMonth?: number[] };
  /** So much later a missed morning is still good (`validityOf`), and less than a morning of the kind later. */
  goodForHours: number;
};

const mornings: readonly StaffSchedule[] = [
  { kind: 'morning-digest', note: 'tells everybody what is due', days: {}, goodForHours: 10 },
  {
    kind: 'key-tracking-list',
    note: 'tells specialists whom they track',
    days: { dayOfWeek: ['MONDAY', 'THURSDAY'] },
    goodForHours: 40,
  },
  {
    kind: 'half-month-list',
    note: 'takes the list of the open cases and tells what is different',
    days: { dayOfMonth: [2, 16] },
    goodForHours: 9 * 24,
  },
];

const handoversEvery = '5m';
const shortest = '10s';
const handoversAtMostEveryMs = 5_000;
/** A fast clock's day may be shorter than its work; nothing of it is worth waiting for longer. */
const fastLimit = '10m';

/** What goes to staff by itself (architecture.md, Schedules). */
export function staffSchedules(clock: ClockReading, calendar: Calendar): ScheduleOptions[] {
  return [...mornings.map((morning) => morningSchedule(morning, clock, calendar)), handoverSchedule(clock)];
}

/**
 * A run that no worker took ends when its morning is no longer good: an open one would keep the next from starting. Missed
 * ones are caught up while they are good, so never two at once, of which the second would be skipped.
 */
function morningSchedule(
  { kind, note, days, goodForHours }: StaffSchedule,
  clock: ClockReading,
  calendar: Calendar,
): ScheduleOptions {
  const isReal = clock.speed === 1;
  const [hour, minute] = [Math.floor(morningMinute / 60), morningMinute % 60];
  const spec: ScheduleSpec = { calendars: [{ ...days, hour, minute }], timezone: calendar.zone, jitter: '5m' };
  return {
    ...startOf(kind, note, isReal ? `${goodForHours + 1}h` : fastLimit),
    spec: isReal ? spec : everyMorning(clock, calendar),
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: isReal ? `${goodForHours}h` : shortest },
  };
}

function handoverSchedule(clock: ClockReading): ScheduleOptions {
  const note = 'tells leaders of hand-overs that opened';
  return {
    ...startOf('hand-over', note, '1h'),
    spec: { intervals: [{ every: clock.speed === 1 ? handoversEvery : fewSeconds(clock) }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: shortest },
  };
}

/** A quarter of a fast business day; of a day of seconds every look would be work for nothing. */
function fewSeconds({ speed }: ClockReading): number {
  return Math.max(handoversAtMostEveryMs, Math.round(dayMs / 4 / speed));
}

function startOf(kind: StaffMessageKind, note: string, workflowExecutionTimeout: `${number}h` | typeof fastLimit) {
  const scheduleId = `staff-${kind}`;
  const start = { workflowType: 'staffDigest', taskQueue: batchQueue, workflowId: scheduleId, args: [{ kind }] };
  return {
    scheduleId,
    action: { type: 'startWorkflow' as const, ...start, workflowExecutionTimeout },
    state: { note },
  };
}

/** Every business day on its morning, as the clock runs now; the run looks which day it is. */
function everyMorning(clock: ClockReading, calendar: Calendar): ScheduleSpec {
  const every = Math.max(1_000, Math.round(dayMs / clock.speed));
  const morning = calendar.instantOf(calendar.dayOf(clock.businessAt), morningMinute);
  return { intervals: [{ every, offset: wallInstant(clock, morning) % every }] };
}
