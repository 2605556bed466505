import { describe, expect, test } from 'vitest';
import { describeForecast } from '../../src/forecast/describe-forecast.ts';
import { forecastCsv } from '../../src/forecast/forecast-csv.ts';
import { readForecastOptions } from '../../src/forecast/forecast-options.ts';
import type { DayReport, ForecastReport, PersonDay } from '../../src/forecast/forecast-report.ts';

const totals = { sms: 3, emails: 1, calls: 24, tasksGiven: 4, tasksDue: 25, contactsDue: 24, escalations: 1 };
const person: PersonDay = {
  ...totals,
  day: '2027-03-12',
  who: 'A1',
  contactsPossible: 20,
  openTasks: 40,
  customers: 35,
  overload: ['contacts'],
  given: { 'file-check': 4 },
  due: { 'phone-attempt': 24, 'file-check': 1 },
  escalated: { supervisor: 1 },
};
const day: DayReport = {
  ...totals,
  day: '2027-03-12',
  notSent: { 'no-sms-consent': 2 },
  stagesOpened: {},
  casesOpened: 1,
  casesClosed: { lost: 1 },
  overloaded: ['A1'],
};

function aReport(changed: Partial<ForecastReport> = {}): ForecastReport {
  return {
    plan: { version: 7, state: 'draft', branchId: null, segment: 'key-customer' },
    branch: null,
    from: '2027-03-12 08:00',
    days: [day],
    people: [person],
    totals: { ...totals, casesOpened: 1, casesClosed: 1, notSent: 2 },
    cases: { open: 30, coming: 5 },
    sendingStopped: false,
    assumptions: ['Nobody records anything from now on.'],
    ...changed,
  };
}

describe('A forecast as text', () => {
  test('says which plan it takes as published, and for whom', () => {
    expect(describeForecast(aReport())).toContain('as if stage plan 7 (draft) held for segment key-customer');
    expect(describeForecast(aReport({ plan: null }))).toContain('the stage plans in force');
  });

  test('names whoever has more than they can do, by staff number, with the worst day', () => {
    expect(describeForecast(aReport())).toContain('A1           1 day, first 2027-03-12; at worst 24 contacts of 20');
    expect(describeForecast(aReport({ people: [] }))).toContain('Nobody has more than they can do.');
  });

  test('says what was assumed, and that sending is stopped when it is', () => {
    expect(describeForecast(aReport({ sendingStopped: true }))).toMatch(
      /STOPPED[\s\S]*Nobody records anything from now on/,
    );
  });
});

describe('A forecast as CSV', () => {
  test('has one row for each day and person, and a column for each kind of task', () => {
    const [header = '', row = ''] = forecastCsv(aReport()).slice(1).split('\r\n');
    const cells = Object.fromEntries(header.split(',').map((name, place) => [name, row.split(',')[place]]));
    expect(cells).toMatchObject({
      day: '2027-03-12',
      who: 'A1',
      calls: '24',
      overload: 'contacts',
      'due:phone-attempt': '24',
    });
  });

  test('escapes what a spreadsheet would run as a formula', () => {
    expect(forecastCsv(aReport({ people: [{ ...person, who: '=1+1' }] }))).toContain("'=1+1");
  });
});

describe('The options of a forecast', () => {
  test('are 60 days over everything unless said otherwise', () => {
    expect(readForecastOptions({ days: '60' })).toEqual({ days: 60 });
    expect(readForecastOptions({ days: '7', plan: '3', branch: 'B01' })).toEqual({ days: 7, plan: 3, branchId: 'B01' });
  });

  test.each([
    [{ days: '0' }, '--days 0 is no whole number from 1 to 366.'],
    [{ days: '1e2' }, '--days 1e2 is no whole number'],
    [{ days: '60', plan: 'next' }, '--plan next is no whole number'],
  ])('%o is refused with what it takes', (raw, problem) => {
    expect(() => readForecastOptions(raw)).toThrow(problem);
  });
});
