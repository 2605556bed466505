import type { Calendar } from '../../renewal/calendar.ts';
import { comparePlans, type PlanDifference } from '../../renewal/plan-differences.ts';
import type { StagePlan } from '../../renewal/stage-plan.ts';
import { loadDays, type PersonLoad } from './preview-load.ts';
import type { PreviewSum } from './preview-sum.ts';

/** The version that was looked at, and the plan that its scope follows now. */
export type PreviewedPlan = {
  version: number;
  state: string;
  branchId: string | null;
  segment: string | null;
  before: StagePlan;
  after: StagePlan;
};

const differencesShown = 12;
const peopleShown = 10;

/** The preview for an admin to read: what the plan says differently, what becomes of the cases, who has more to do, the cost. */
export function describePreview(sum: PreviewSum, plan: PreviewedPlan, calendar: Calendar): string {
  const { tally, cost, loads, warnings } = sum;
  const { concerned, changed, pausing } = tally;
  return [
    '',
    `What stage plan ${plan.version} (${plan.state}) would do if it were published for ${scopeOf(plan)}`,
    `as of ${calendar.dayOf(sum.at)} ${clockOf(calendar, sum.at)}`,
    '',
    'What it says differently',
    ...differenceLines(comparePlans(plan.before, plan.after)),
    '',
    `${said(sum.open)} open cases, ${said(concerned)} would follow it, ${said(changed)} of them notice; ${said(pausing)} are held or in their second round and follow afterwards`,
    '',
    ...table(
      ['stage now', 'stage afterwards', 'cases'],
      tally.stages.map(({ before, after, cases }) => [before ?? '(not opened)', after ?? '(not opened)', said(cases)]),
    ),
    '',
    `Next action: ${said(tally.next.now)} act at once, ${said(tally.next.earlier)} earlier, ${said(tally.next.later)} later, ${said(tally.next.same)} as before`,
    '',
    ...table(
      ['message yet to come', 'channel', 'more', 'fewer', 'moved', 'too late'],
      tally.journey.map(({ template, channel, added, dropped, moved, late }) => [
        template,
        channel,
        ...[added, dropped, moved, late].map(said),
      ]),
    ),
    `${said(tally.messagesAtOnce)} messages to ${said(tally.casesWrittenToAtOnce)} cases would be due at once.`,
    '',
    ...table(
      ['task', 'given', 'taken away', 'other deadline'],
      tally.tasks.map(({ kind, added, dropped, moved }) => [kind, ...[added, dropped, moved].map(said)]),
    ),
    '',
    ...loadLines(loads),
    '',
    `Telling ${said(cost.nudges)} cases takes ${cost.minutes} minutes at ${cost.nudgesPerSecond} a second; ${said(cost.earlyWakes)} more wake once too early.`,
    `In Temporal: ${said(cost.actions)} billable actions, ${said(cost.events)} events.`,
    '',
    warnings.length === 0 ? 'Nothing to watch out for.' : 'Watch out',
    ...warnings.map(({ message }) => `  ! ${message}`),
    '',
  ].join('\n');
}

function scopeOf({ branchId, segment }: PreviewedPlan): string {
  const scope = [branchId && `branch ${branchId}`, segment && `segment ${segment}`].filter(Boolean).join(' and ');
  return scope || 'everybody';
}

function clockOf(calendar: Calendar, instant: number): string {
  const minute = calendar.minuteOfDay(instant);
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function differenceLines(differences: readonly PlanDifference[]): string[] {
  if (differences.length === 0) return ['  nothing'];
  const left = differences.length - differencesShown;
  const shown = differences.slice(0, differencesShown);
  return [
    ...shown.map(({ path, before, after }) => `  ${path}: ${valueOf(before)} → ${valueOf(after)}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

function valueOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function loadLines(loads: readonly PersonLoad[]): string[] {
  const byChange = loads.toSorted((one, other) => changeOf(other) - changeOf(one)).slice(0, peopleShown);
  const rows = byChange.map(({ staffId, before, after, days, overBefore, overAfter }) => {
    const fullest = days.toSorted((one, other) => other.after - one.after)[0];
    const peak = fullest ? `${fullest.on}: ${fullest.before} → ${fullest.after}` : '';
    return [staffId, said(before), said(after), peak, `${overBefore} → ${overAfter}`];
  });
  const title = `tasks due in ${loadDays} days`;
  const more = loads.length > peopleShown ? [`and ${said(loads.length - peopleShown)} more people`] : [];
  return [...table([title, 'before', 'after', 'fullest day that changes', 'days overfull'], rows), ...more];
}

function changeOf({ before, after, overBefore, overAfter }: PersonLoad): number {
  return Math.abs(after - before) + 100 * Math.max(0, overAfter - overBefore);
}

function table(titles: readonly string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [`${titles[0]}: nothing changes`];
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const isNumber = (column: number): boolean => rows.every((row) => /^[\d,]+$/.test(row[column] ?? ''));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(titles), ...rows.map(line)];
}

function said(count: number): string {
  return count.toLocaleString('en-US');
}
