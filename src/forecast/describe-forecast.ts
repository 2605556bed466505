import type { Candidate } from './rules-in-force.ts';
import { addUp, type DayReport, type ForecastReport, type PersonDay, type Totals } from './forecast-report.ts';
import { sum } from './tally.ts';

const fullestShown = 10;
const peopleShown = 20;
const daysOfWeek = 7;

type Column = { title: string; of: (totals: Totals) => number };

const columns: readonly Column[] = [
  { title: 'SMS', of: ({ sms }) => sms },
  { title: 'e-mails', of: ({ emails }) => emails },
  { title: 'calls', of: ({ calls }) => calls },
  { title: 'contacts', of: ({ contactsDue }) => contactsDue },
  { title: 'tasks due', of: ({ tasksDue }) => tasksDue },
  { title: 'tasks new', of: ({ tasksGiven }) => tasksGiven },
  { title: 'escalated', of: ({ escalations }) => escalations },
];

/** The forecast for an admin to read: per week, the fullest days, who has more than they can do, and what was assumed. */
export function describeForecast(report: ForecastReport): string {
  const { days, totals, cases } = report;
  return [
    '',
    `Forecast from ${report.from}, ${days.length} days, ${describePlan(report.plan)}${report.branch ? `, branch ${report.branch} and below` : ''}`,
    `${cases.open} open cases, ${cases.coming} that intake will open${report.branch ? ' (of all branches)' : ''}`,
    ...(report.sendingStopped ? ['Sending is STOPPED now: the messages below go only once it is allowed again.'] : []),
    '',
    line(
      'week from',
      columns.map(({ title }) => title),
      ['opened', 'closed'],
    ),
    ...weeksOf(days).map(weekLine),
    line(
      'in all',
      columns.map(({ of }) => of(totals)),
      [totals.casesOpened, totals.casesClosed],
    ),
    '',
    ...notSentLines(days),
    `The ${Math.min(fullestShown, days.length)} fullest days`,
    line(
      'day',
      columns.map(({ title }) => title),
      ['overloaded'],
    ),
    ...fullest(days).map((day) =>
      line(
        day.day,
        columns.map(({ of }) => of(day)),
        [day.overloaded.length],
      ),
    ),
    '',
    ...overloadLines(report),
    'What was assumed',
    ...report.assumptions.map((assumption) => `  - ${assumption}`),
    '',
  ].join('\n');
}

function describePlan(plan: Candidate | null): string {
  if (plan === null) return 'the stage plans in force';
  const { version, state, branchId, segment } = plan;
  const scope = [branchId && `branch ${branchId}`, segment && `segment ${segment}`].filter(Boolean).join(' and ');
  return `as if stage plan ${version} (${state}) held for ${scope || 'everybody'}`;
}

function line(name: string, cells: readonly (number | string)[], last: readonly (number | string)[]): string {
  return `  ${name.padEnd(12)}${[...cells, ...last].map((cell) => String(cell).padStart(11)).join('')}`;
}

function weeksOf(days: readonly DayReport[]): DayReport[][] {
  return Array.from({ length: Math.ceil(days.length / daysOfWeek) }, (_, week) =>
    days.slice(week * daysOfWeek, (week + 1) * daysOfWeek),
  );
}

function weekLine(week: readonly DayReport[]): string {
  const totals = addUp(week);
  const opened = week.reduce((all, { casesOpened }) => all + casesOpened, 0);
  const closed = week.reduce((all, { casesClosed }) => all + sum(casesClosed), 0);
  return line(
    week[0]?.day ?? '',
    columns.map(({ of }) => of(totals)),
    [opened, closed],
  );
}

/** By what people have to do; equals by day. */
function fullest(days: readonly DayReport[]): DayReport[] {
  return days
    .toSorted((one, other) => other.tasksDue - one.tasksDue || (one.day < other.day ? -1 : 1))
    .slice(0, fullestShown);
}

function notSentLines(days: readonly DayReport[]): string[] {
  const reasons: Record<string, number> = {};
  for (const { notSent } of days) {
    for (const [reason, messages] of Object.entries(notSent)) reasons[reason] = (reasons[reason] ?? 0) + messages;
  }
  const named = Object.entries(reasons).toSorted(([, one], [, other]) => other - one);
  if (named.length === 0) return [];
  return [`Planned and not sent: ${named.map(([reason, messages]) => `${reason} ${messages}`).join(', ')}`, ''];
}

/** Staff numbers only: a forecast may be sent round. */
function overloadLines({ people }: ForecastReport): string[] {
  const overloaded = Map.groupBy(
    people.filter(({ overload }) => overload.length > 0),
    ({ who }) => who,
  );
  if (overloaded.size === 0) return ['Nobody has more than they can do.', ''];
  const worst = [...overloaded].toSorted(([one, a], [other, b]) => b.length - a.length || (one < other ? -1 : 1));
  const more = worst.length > peopleShown ? [`  … and ${worst.length - peopleShown} more`] : [];
  return [
    `${worst.length} people have more than they can do on some days`,
    ...worst.slice(0, peopleShown).map(([who, days]) => `  ${who.padEnd(12)} ${describeOverload(days)}`),
    ...more,
    '',
  ];
}

function describeOverload(days: readonly PersonDay[]): string {
  const worst = days.toSorted((one, other) => other.contactsDue - one.contactsDue)[0];
  const first = days[0];
  if (!worst || !first) return '';
  const reasons = [...new Set(days.flatMap(({ overload }) => overload))].join(', ');
  const often = `${days.length} ${days.length === 1 ? 'day' : 'days'}, first ${first.day}`;
  return `${often}; at worst ${worst.contactsDue} contacts of ${worst.contactsPossible ?? 0} on ${worst.day} (${reasons})`;
}
