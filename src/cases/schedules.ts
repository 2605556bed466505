import {
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
  type ScheduleSpec,
} from '@temporalio/client';
import { readClock, wallInstant, type ClockReading } from '../db/business-clock.ts';
import { dayMs } from '../renewal/calendar.ts';
import type { CaseDeps } from './connect.ts';
import { staffSchedules } from './staff-schedules.ts';
import { batchQueue } from './task-queues.ts';

const intakeHour = 5;
const strayHour = 4;
const lossReviewHour = 6;

/** Creates or updates the schedules (architecture.md, Schedules); with a fast clock a business day is an interval. */
export async function keepSchedules(deps: CaseDeps): Promise<void> {
  const clock = await readClock(deps.db);
  await keepSchedule(deps, {
    ...schedule('nightly-intake', 'intake', 'opens what has come within the horizon'),
    spec: intakeSpec(clock, deps.calendar.zone),
  });
  await keepSchedule(deps, {
    ...schedule('monthly-loss-review', 'lossReview', 'draws lost cases of the month before for call-backs'),
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '20 days' },
    spec: lossReviewSpec(clock, deps.calendar.zone),
  });
  await keepSchedule(deps, {
    ...schedule('nightly-stray-check', 'strayCheck', 'tells cases that would sleep past the plan in force'),
    spec: straySpec(clock, deps.calendar.zone),
  });
  await keepSchedule(deps, {
    ...schedule('sweep', 'sweep', 'brings books and cases together'),
    spec: { intervals: [{ every: '1m' }] },
  });
  for (const options of staffSchedules(clock, deps.calendar)) await keepSchedule(deps, options);
  await keepSchedule(deps, {
    ...schedule('settle-messages', 'settleMessages', 'finds out what became of messages of which nobody heard'),
    spec: { intervals: [{ every: '1m', offset: '30s' }] },
  });
}

function schedule(scheduleId: string, workflowType: string, note: string): Omit<ScheduleOptions, 'spec'> {
  return {
    scheduleId,
    action: { type: 'startWorkflow', workflowType, taskQueue: batchQueue, workflowId: scheduleId, args: [] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    state: { note },
  };
}

/** Before the sending window opens. A rehearsal's interval is a quarter of a day, because its clock may be stretched. */
function intakeSpec(clock: ClockReading, zone: string): ScheduleSpec {
  if (clock.speed === 1) return { calendars: [{ hour: intakeHour }], timezone: zone, jitter: '10m' };
  return everyBusiness(dayMs / 4, clock);
}

/** Before the intake; a rehearsal looks once a day. */
function straySpec(clock: ClockReading, zone: string): ScheduleSpec {
  if (clock.speed === 1) return { calendars: [{ hour: strayHour, minute: 30 }], timezone: zone, jitter: '10m' };
  return everyBusiness(dayMs, clock);
}

/** After the intake of the first. A rehearsal looks every day: what was drawn of a month is not drawn again. */
function lossReviewSpec(clock: ClockReading, zone: string): ScheduleSpec {
  const first = { dayOfMonth: 1, hour: lossReviewHour };
  if (clock.speed === 1) return { calendars: [first], timezone: zone, jitter: '10m' };
  return everyBusiness(dayMs, clock);
}

/** An interval of so many business milliseconds, counted from the clock's anchor. */
function everyBusiness(businessMs: number, clock: ClockReading): ScheduleSpec {
  const every = Math.max(1_000, Math.round(businessMs / clock.speed));
  return { intervals: [{ every, offset: wallInstant(clock, clock.businessAt) % every }] };
}

async function keepSchedule({ temporal }: CaseDeps, options: ScheduleOptions): Promise<void> {
  const handle = temporal.client.schedule.getHandle(options.scheduleId);
  try {
    const { spec, action, policies } = options;
    await handle.update((known) => ({ ...known, spec, action, policies: { ...known.policies, ...policies } }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await temporal.client.schedule.create(options);
  }
}
