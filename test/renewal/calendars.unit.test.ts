import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import {
  addDays,
  daysBetween,
  windowEndsAt,
  type Calendar,
  type Day,
  type Instant,
} from '../../src/renewal/calendar.ts';
import { planCase, stageAt, type CasePlan, type PlannedStage } from '../../src/renewal/case-plan.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { checkStagePlan } from '../../src/renewal/stage-plan-check.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { arbitraryStagePlan } from '../support/arbitrary-stage-plan.ts';
import { houseLimits } from '../support/given-plan-change.ts';
import { oddDaysOf } from '../support/odd-days.ts';

// Half an hour of daylight saving, clocks that jump at midnight, and zones that gave daylight saving up meanwhile.
const zones = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'America/Santiago',
].map((zone) => businessCalendar(zone));

const calendars = fc.constantFrom(...zones);
const expiries: fc.Arbitrary<Day> = fc
  .integer({ min: 0, max: daysBetween('2020-01-01', '2030-12-31') })
  .map((days) => addDays('2020-01-01', days));
const facts = fc.record({ expiresOn: expiries, spreadKey: fc.string({ minLength: 1, maxLength: 30 }) });

const oddDays = oddDaysOf(zones);

type Planned = { at: Instant; on: Day };

function instantsOf(plan: CasePlan): Planned[] {
  return [
    ...plan.stages.map(({ opensAt, opensOn }) => ({ at: opensAt, on: opensOn })),
    ...plan.stages.map(({ endsAt, endsOn }) => ({ at: endsAt, on: endsOn })),
    ...plan.touches.map(({ dueAt, dueOn }) => ({ at: dueAt, on: dueOn })),
    { at: plan.closesAt, on: plan.closesOn },
  ];
}

/** What is wrong with the instants of a case, in words; nothing when its days, its window and its order are kept. */
function faultsOf(planned: CasePlan, stagePlan: StagePlan, calendar: Calendar): string[] {
  return [
    ...instantsOf(planned).flatMap((one) => faultsOfInstant(one, stagePlan, calendar)),
    ...planned.stages.flatMap((stage, index) => faultsOfStage(stage, planned, planned.stages[index + 1])),
    ...(planned.closesAt < planned.stages.at(-1)!.endsAt ? ['the case closes before its last stage ends'] : []),
    ...faultsOfTouches(planned, stagePlan),
  ];
}

function faultsOfInstant({ at, on }: Planned, { sendingWindow }: StagePlan, calendar: Calendar): string[] {
  const minute = calendar.minuteOfDay(at);
  const isInWindow = minute >= sendingWindow.fromMinute && minute < sendingWindow.toMinute;
  return [
    ...(calendar.dayOf(at) === on ? [] : [`${on} lies on ${calendar.dayOf(at)}`]),
    ...(isInWindow ? [] : [`minute ${minute} of ${on} lies outside the window`]),
  ];
}

function faultsOfStage(stage: PlannedStage, planned: CasePlan, next: PlannedStage | undefined): string[] {
  return [
    ...(stage.opensAt < stage.endsAt ? [] : [`${stage.stage} ends before it opens`]),
    ...(next && next.opensAt !== stage.endsAt ? [`${next.stage} does not open when ${stage.stage} ends`] : []),
    ...(stageAt(planned, stage.endsAt - 1) === stage ? [] : [`${stage.stage} does not last until its end`]),
  ];
}

function faultsOfTouches(planned: CasePlan, stagePlan: StagePlan): string[] {
  const { expiresOn, touches } = planned;
  const written = stagePlan.stages.flatMap((rule) =>
    rule.touches.map(({ key, daysBefore }) => `${rule.stage} ${key} ${addDays(expiresOn, -daysBefore)}`),
  );
  const kept = touches.map(({ stage, key, dueOn }) => `${stage} ${key} ${dueOn}`);
  const byDay = touches.toSorted((one, other) => one.dueOn.localeCompare(other.dueOn));
  const byInstant = touches.toSorted((one, other) => one.dueAt - other.dueAt);
  const outside = touches.filter((touch) => {
    const stage = planned.stages.find((one) => one.stage === touch.stage)!;
    return touch.dueAt < stage.opensAt || (touch.dueAt >= stage.endsAt && touch.dueOn !== expiresOn);
  });
  return [
    ...(kept.join() === written.join() ? [] : ['touches are missed or moved']),
    ...(byDay.map(({ key }) => key).join() === byInstant.map(({ key }) => key).join() ? [] : ['touches change places']),
    ...outside.map(({ key, stage }) => `${key} lies outside ${stage}`),
  ];
}

describe('A case of any zone that expires between 2020 and 2030', () => {
  test('keeps its days, its window and its order under the default plan', () => {
    fc.assert(
      fc.property(facts, calendars, (of, calendar) => {
        expect(faultsOf(planCase(of, defaultStagePlan, calendar), defaultStagePlan, calendar)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps them under every plan that may be published', () => {
    fc.assert(
      fc.property(facts, calendars, arbitraryStagePlan(), (...[of, calendar, stagePlan]) => {
        expect(faultsOf(planCase(of, stagePlan, calendar), stagePlan, calendar)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps them on days of 23 and 25 hours too, whenever in the day the window lies', () => {
    expect(new Set(oddDays.map(({ calendar }) => calendar.zone)).size).toBeGreaterThanOrEqual(5);
    const days = fc.constantFrom(...oddDays);
    fc.assert(
      fc.property(days, arbitraryStagePlan('any'), fc.integer({ min: 0, max: 1e6 }), (...[odd, stagePlan, key]) => {
        const { calendar, day } = odd;
        const { opensDaysBefore } = stagePlan.stages[key % 4]!;
        const of = { expiresOn: addDays(day, opensDaysBefore), spreadKey: String(key) };
        expect(faultsOf(planCase(of, stagePlan, calendar), stagePlan, calendar)).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test('a minute that the clocks jump over and out of the window becomes the start of the window', () => {
    const santiago = businessCalendar('America/Santiago');
    const stagePlan = { ...defaultStagePlan, sendingWindow: { fromMinute: 0, toMinute: 61 }, spreadMinutes: 60 };
    for (const spreadKey of ['a', 'b', 'c', 'd']) {
      const planned = planCase({ expiresOn: '2021-09-05', spreadKey }, stagePlan, santiago);
      expect(planned.stages.at(-1)?.endsAt).toBe(Date.parse('2021-09-05T01:00:00-03:00'));
    }
  });

  test('a window that ends in the hour that the clocks leave out ends when they jump', () => {
    const berlin = businessCalendar('Europe/Berlin');
    const stagePlan = { ...defaultStagePlan, sendingWindow: { fromMinute: 60, toMinute: 122 }, spreadMinutes: 62 };
    const keys = Array.from({ length: 100 }, (_, turn) => `policy ${turn}`);
    const faults = keys.flatMap((spreadKey) => {
      return faultsOf(planCase({ expiresOn: '2020-03-29', spreadKey }, stagePlan, berlin), stagePlan, berlin);
    });
    expect(faults).toEqual([]);
    expect(windowEndsAt(berlin, '2020-03-29', 122)).toBe(Date.parse('2020-03-29T03:00:00+02:00'));
  });

  test('and the plans that these laws were tried with may all be published', () => {
    fc.assert(
      fc.property(arbitraryStagePlan(), (stagePlan) => {
        expect(checkStagePlan(stagePlan, houseLimits)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('Days that are easily got wrong', () => {
  const rows: [string, Day, Day[], Day][] = [
    ['29 February', '2028-02-29', ['2027-12-31', '2028-01-15', '2028-01-30', '2028-02-22'], '2028-03-03'],
    [
      'sixty days back over 29 February',
      '2024-04-29',
      ['2024-02-29', '2024-03-15', '2024-03-30', '2024-04-22'],
      '2024-05-02',
    ],
    ['the last of February', '2027-02-28', ['2026-12-30', '2027-01-14', '2027-01-29', '2027-02-21'], '2027-03-03'],
    ['1 March of a leap year', '2028-03-01', ['2028-01-01', '2028-01-16', '2028-01-31', '2028-02-23'], '2028-03-04'],
    [
      'the end of a month of 31 days',
      '2026-08-31',
      ['2026-07-02', '2026-07-17', '2026-08-01', '2026-08-24'],
      '2026-09-03',
    ],
    ['the end of the year', '2026-12-31', ['2026-11-01', '2026-11-16', '2026-12-01', '2026-12-24'], '2027-01-03'],
    ['the first of the year', '2027-01-01', ['2026-11-02', '2026-11-17', '2026-12-02', '2026-12-25'], '2027-01-04'],
  ];
  test.each(rows)('%s: %s', (...[, expiresOn, opens, closesOn]) => {
    for (const calendar of zones) {
      const planned = planCase({ expiresOn, spreadKey: 'any' }, defaultStagePlan, calendar);
      expect([...planned.stages.map(({ opensOn }) => opensOn), planned.closesOn]).toEqual([...opens, closesOn]);
      expect(faultsOf(planned, defaultStagePlan, calendar)).toEqual([]);
    }
  });
});
