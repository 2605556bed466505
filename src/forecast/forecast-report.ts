import type { Calendar, Day } from '../renewal/calendar.ts';
import type { Forecast } from './forecast.ts';
import type { Candidate } from './rules-in-force.ts';
import { contactsPossible, type Person } from './read-people.ts';
import { callsDue, contactsDue, sum, type Counts } from './tally.ts';

/** Sums of one day, of one person on a day, or of everything. */
export type Totals = {
  sms: number;
  emails: number;
  calls: number;
  tasksGiven: number;
  tasksDue: number;
  contactsDue: number;
  escalations: number;
};

export type PersonDay = Totals & {
  day: Day;
  /** A staff number, or the queue of a role in a branch as `role@branch`. */
  who: string;
  /** Contacts that they can make that day; null for a queue. */
  contactsPossible: number | null;
  /** At the end of the day; null for a queue. */
  openTasks: number | null;
  customers: number | null;
  overload: Overload[];
  given: Counts['given'];
  due: Counts['due'];
  escalated: Counts['escalated'];
};

/** Too many contacts are due that day, some while the person is away, or more customers than one person looks after. */
type Overload = 'contacts' | 'away' | 'customers';

export type DayReport = Totals & {
  day: Day;
  notSent: Record<string, number>;
  stagesOpened: Record<string, number>;
  casesOpened: number;
  casesClosed: Record<string, number>;
  overloaded: string[];
};

export type ForecastReport = {
  plan: Candidate | null;
  branch: string | null;
  from: string;
  days: DayReport[];
  people: PersonDay[];
  totals: Totals & { casesOpened: number; casesClosed: number; notSent: number };
  cases: Forecast['cases'];
  sendingStopped: boolean;
  assumptions: string[];
};

/** What the forecast takes for granted; printed with every form of it. */
const assumptions: readonly string[] = [
  'Nobody records anything from now on: no result, no finished task, no new owner, no change of a list. So this is the most that can come.',
  'Open cases go on from where they stand; policies without a case get one on the day on which they come within the horizon.',
  'A plan that was named holds at once for every open case of its scope, as if its roll-out were over.',
  'The decisions about messages are those of the real sending, with caps, quiet hours, consents and companion policies; a provider refuses none.',
  'Work goes to people as the rules of assignment give it, by the loads of that day; what nobody in particular gets is shown as role@branch.',
  'Calls and contacts count on the day on which they are due. Somebody without a number of their own makes 20 contacts a day; none while away.',
  'Hand-overs that nobody decides end with the call centre. Checks of lost and renewed cases and hand-over tasks to come are left out.',
];

const none: Totals = { sms: 0, emails: 0, calls: 0, tasksGiven: 0, tasksDue: 0, contactsDue: 0, escalations: 0 };

/** The forecast in rows: by day, by person and day, and in sum; the sums over days equal the sums over people. */
export function reportOf(forecast: Forecast, calendar: Calendar): ForecastReport {
  const { tally } = forecast;
  const people = tally.days.flatMap((day) => peopleOfDay(forecast, day));
  const byDay = Map.groupBy(people, ({ day }) => day);
  const days = tally.days.map((day) => dayReport(forecast, day, byDay.get(day) ?? []));
  const casesOpened = days.reduce((all, one) => all + one.casesOpened, 0);
  const casesClosed = days.reduce((all, one) => all + sum(one.casesClosed), 0);
  const notSent = days.reduce((all, one) => all + sum(one.notSent), 0);
  return {
    plan: forecast.plan ?? null,
    branch: forecast.branchId ?? null,
    from: `${calendar.dayOf(forecast.from)} ${clockTime(calendar.minuteOfDay(forecast.from))}`,
    days,
    people,
    totals: { ...addUp(days), casesOpened, casesClosed, notSent },
    cases: forecast.cases,
    sendingStopped: forecast.sendingStopped,
    assumptions: [...assumptions],
  };
}

function clockTime(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Whoever has something on that day, by staff number. */
function peopleOfDay({ tally, people }: Forecast, day: Day): PersonDay[] {
  const counted = [...(tally.byDay.get(day) ?? [])].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return counted.map(([who, counts]) => {
    const person = people.byId.get(who);
    const hands = tally.hands.get(day)?.get(who);
    const totals = totalsOf(counts);
    return {
      day,
      who,
      ...totals,
      contactsPossible: person ? contactsPossible(person, day) : null,
      openTasks: person ? (hands?.openTasks ?? 0) : null,
      customers: person ? (hands?.customers ?? 0) : null,
      overload: person
        ? overloadOf(person, { day, contacts: totals.contactsDue, customers: hands?.customers ?? 0 })
        : [],
      given: counts.given,
      due: counts.due,
      escalated: counts.escalated,
    };
  });
}

function totalsOf(counts: Counts): Totals {
  return {
    sms: counts.sms,
    emails: counts.email,
    calls: callsDue(counts),
    tasksGiven: sum(counts.given),
    tasksDue: sum(counts.due),
    contactsDue: contactsDue(counts),
    escalations: sum(counts.escalated),
  };
}

function overloadOf(person: Person, load: { day: Day; contacts: number; customers: number }): Overload[] {
  const possible = contactsPossible(person, load.day);
  const tooMany = load.contacts > possible;
  const isFull = person.customerCapacity !== null && load.customers > person.customerCapacity;
  return [
    ...(tooMany ? [possible === 0 ? ('away' as const) : ('contacts' as const)] : []),
    ...(isFull ? ['customers' as const] : []),
  ];
}

function dayReport({ tally }: Forecast, day: Day, people: readonly PersonDay[]): DayReport {
  const counts = tally.dayCounts.get(day);
  return {
    day,
    ...addUp(people),
    notSent: counts?.notSent ?? {},
    stagesOpened: counts?.stages ?? {},
    casesOpened: counts?.opened ?? 0,
    casesClosed: counts?.closed ?? {},
    overloaded: people.filter(({ overload }) => overload.length > 0).map(({ who }) => who),
  };
}

/** The sums of days or of people. */
export function addUp(parts: readonly Totals[]): Totals {
  return parts.reduce<Totals>(
    (all, one) => ({
      sms: all.sms + one.sms,
      emails: all.emails + one.emails,
      calls: all.calls + one.calls,
      tasksGiven: all.tasksGiven + one.tasksGiven,
      tasksDue: all.tasksDue + one.tasksDue,
      contactsDue: all.contactsDue + one.contactsDue,
      escalations: all.escalations + one.escalations,
    }),
    none,
  );
}
