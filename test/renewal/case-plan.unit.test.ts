import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { addDays, dayMs, type Day } from '../../src/renewal/calendar.ts';
import { mapInstants, planCase, stageAfter, stageAt } from '../../src/renewal/case-plan.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { aPlan, daysBeforeT, shanghai } from '../support/given-plan.ts';

const days: fc.Arbitrary<Day> = fc
  .integer({ min: Date.UTC(2024, 0, 1) / dayMs, max: Date.UTC(2035, 11, 31) / dayMs })
  .map((day) => new Date(day * dayMs).toISOString().slice(0, 10));
const zones = fc.constantFrom(
  'Asia/Shanghai',
  'America/New_York',
  'Europe/Madrid',
  'Australia/Lord_Howe',
  'Africa/Cairo',
);
const keys = fc.string({ minLength: 1, maxLength: 30 });

describe('the stage plan of a policy that expires on 2027-03-31', () => {
  const plan = aPlan({ expiresOn: '2027-03-31' });

  test.each([
    ['preparation', '2027-01-30', '2027-02-14'],
    ['follow-up', '2027-02-14', '2027-03-01'],
    ['intensive-chase', '2027-03-01', '2027-03-24'],
    ['wrap-up', '2027-03-24', '2027-03-31'],
  ])('%s opens on %s and ends on %s', (stage, opensOn, endsOn) => {
    expect(plan.stages.find((planned) => planned.stage === stage)).toMatchObject({ opensOn, endsOn });
  });

  test.each([
    ['t-60', 'preparation', '2027-01-30', ['sms', 'email']],
    ['t-30', 'intensive-chase', '2027-03-01', ['sms']],
    ['t-15', 'intensive-chase', '2027-03-16', ['sms', 'email']],
    ['t-7', 'wrap-up', '2027-03-24', ['sms']],
    ['t-3', 'wrap-up', '2027-03-28', ['sms']],
    ['t-0', 'wrap-up', '2027-03-31', ['email']],
  ])('the touch %s of %s goes out on %s by %j', (...[key, stage, dueOn, channels]) => {
    expect(plan.touches.find((touch) => touch.key === key)).toMatchObject({ stage, dueOn, channels });
  });

  test('there are no other touches', () => {
    expect(plan.touches).toHaveLength(6);
  });

  test('an open case closes as lost three days after the expiry', () => {
    expect(plan.closesOn).toBe('2027-04-03');
    expect(plan.closesAt).toBe(daysBeforeT(-3));
  });

  test('the bind clock opens at the first minute of T-30', () => {
    expect(plan.bindOpensAt).toBe(shanghai.instantOf('2027-03-01', 0));
  });
});

describe('days that are easily got wrong', () => {
  test.each([
    ['29 February in a leap year', '2028-02-29', '2027-12-31', '2028-03-03'],
    ['the last of February', '2027-02-28', '2026-12-30', '2027-03-03'],
    ['a month of 31 days', '2027-12-31', '2027-11-01', '2028-01-03'],
    ['the first of January', '2027-01-01', '2026-11-02', '2027-01-04'],
    ['sixty days back over 29 February', '2028-03-31', '2028-01-31', '2028-04-03'],
  ])('%s', (...[, expiresOn, opensOn, closesOn]) => {
    const plan = aPlan({ expiresOn });
    expect([plan.stages[0]?.opensOn, plan.closesOn]).toEqual([opensOn, closesOn]);
  });

  test.each([
    ['from the expiry', undefined, '2027-04-03'],
    ['from the day on which somebody said that it was long ago', '2027-05-10', '2027-05-13'],
    ['from the expiry where that day came before it', '2027-03-10', '2027-04-03'],
  ])('the days of grace count %s', (_, graceFrom, closesOn) => {
    const facts = { expiresOn: '2027-03-31', spreadKey: 'a', ...(graceFrom ? { graceFrom } : {}) };
    expect(planCase(facts, defaultStagePlan, shanghai)).toMatchObject({ closesOn });
  });

  test('a stage that opens on the other side of a change of the clocks still opens at 09:00 local time', () => {
    const newYork = businessCalendar('America/New_York');
    const plan = planCase(
      { expiresOn: '2027-04-15', spreadKey: 'a' },
      { ...defaultStagePlan, spreadMinutes: 0 },
      newYork,
    );
    const localTimes = plan.stages.map((stage) => newYork.minuteOfDay(stage.opensAt));
    expect(localTimes).toEqual([540, 540, 540, 540]);
  });
});

describe('laws of every case plan', () => {
  test('every stage and touch lies on its own day of the zone', () => {
    fc.assert(
      fc.property(days, zones, keys, (expiresOn, zone, key) => {
        const calendar = businessCalendar(zone);
        const plan = planCase({ expiresOn, spreadKey: key }, defaultStagePlan, calendar);
        const planned = [
          ...plan.stages.map((stage) => [stage.opensAt, stage.opensOn] as const),
          ...plan.touches.map((touch) => [touch.dueAt, touch.dueOn] as const),
          [plan.closesAt, plan.closesOn] as const,
        ];
        for (const [at, on] of planned) expect(calendar.dayOf(at)).toBe(on);
      }),
    );
  });

  test('every instant lies inside the sending window', () => {
    fc.assert(
      fc.property(days, zones, keys, (expiresOn, zone, key) => {
        const calendar = businessCalendar(zone);
        const plan = planCase({ expiresOn, spreadKey: key }, defaultStagePlan, calendar);
        const { fromMinute, toMinute } = defaultStagePlan.sendingWindow;
        for (const at of [...plan.touches.map((touch) => touch.dueAt), ...plan.stages.map((stage) => stage.opensAt)]) {
          expect(calendar.minuteOfDay(at)).toBeGreaterThanOrEqual(fromMinute);
          expect(calendar.minuteOfDay(at)).toBeLessThan(toMinute);
        }
      }),
    );
  });

  test('stages follow each other without a gap or an overlap', () => {
    fc.assert(
      fc.property(days, zones, keys, (expiresOn, zone, key) => {
        const plan = planCase({ expiresOn, spreadKey: key }, defaultStagePlan, businessCalendar(zone));
        plan.stages.slice(1).forEach((stage, index) => expect(stage.opensAt).toBe(plan.stages[index]?.endsAt));
        for (const stage of plan.stages) expect(stage.opensAt).toBeLessThan(stage.endsAt);
        expect(plan.closesAt).toBeGreaterThan(plan.stages.at(-1)!.endsAt);
      }),
    );
  });

  test('a touch lies within its stage', () => {
    fc.assert(
      fc.property(days, zones, keys, (expiresOn, zone, key) => {
        const plan = planCase({ expiresOn, spreadKey: key }, defaultStagePlan, businessCalendar(zone));
        for (const touch of plan.touches) {
          const stage = plan.stages.find((planned) => planned.stage === touch.stage)!;
          expect(touch.dueAt).toBeGreaterThanOrEqual(stage.opensAt);
          expect(touch.dueAt).toBeLessThanOrEqual(stage.endsAt);
        }
      }),
    );
  });

  test('the same policy always gets the same instants', () => {
    fc.assert(
      fc.property(days, zones, keys, (expiresOn, zone, spreadKey) => {
        const once = planCase({ expiresOn, spreadKey }, defaultStagePlan, businessCalendar(zone));
        expect(planCase({ expiresOn, spreadKey }, defaultStagePlan, businessCalendar(zone))).toEqual(once);
      }),
    );
  });

  test('a corrected expiry moves every day with it', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -60, max: 60 }), (from, by) => {
        const before = aPlan({ expiresOn: from });
        const after = aPlan({ expiresOn: addDays(from, by) });
        const moved = before.touches.map((touch) => addDays(touch.dueOn, by));
        expect(after.touches.map((touch) => touch.dueOn)).toEqual(moved);
      }),
    );
  });
});

test('two thousand policies of one expiry day spread over eight hours', () => {
  const minutes = Array.from({ length: 2_000 }, (_, turn) => {
    const facts = { expiresOn: '2027-03-31', spreadKey: `renewal.P${turn}.20260401` };
    return shanghai.minuteOfDay(planCase(facts, defaultStagePlan, shanghai).closesAt);
  });
  const perMinute = [...Map.groupBy(minutes, (minute) => minute).values()].map((same) => same.length);
  const busiest = Math.max(...perMinute);
  expect([Math.min(...minutes), Math.max(...minutes)]).toEqual([540, 1019]);
  expect(busiest).toBeLessThan(2 * (2_000 / 480) + 10);
});

describe('the stage of the calendar', () => {
  test.each([
    [61, undefined],
    [60, 'preparation'],
    [45, 'follow-up'],
    [30, 'intensive-chase'],
    [20, 'intensive-chase'],
    [7, 'wrap-up'],
    [-2, 'wrap-up'],
  ])('at T-%d it is %s', (before, stage) => {
    expect(stageAt(aPlan(), daysBeforeT(before))?.stage).toBe(stage);
  });

  test('a stage has not opened one millisecond before its instant', () => {
    expect(stageAt(aPlan(), daysBeforeT(45) - 1)?.stage).toBe('preparation');
  });

  test('after none comes preparation, after wrap-up none', () => {
    expect([stageAfter(aPlan(), undefined)?.stage, stageAfter(aPlan(), 'wrap-up')]).toEqual(['preparation', undefined]);
  });
});

test('moving to wall time moves every instant and no day', () => {
  const plan = aPlan();
  const moved = mapInstants(plan, (instant) => instant + 1_000);
  expect(moved.closesAt).toBe(plan.closesAt + 1_000);
  expect(moved.bindOpensAt).toBe(plan.bindOpensAt + 1_000);
  expect(moved.touches.map((touch) => touch.dueAt)).toEqual(plan.touches.map((touch) => touch.dueAt + 1_000));
  expect(moved.stages.map((stage) => stage.opensOn)).toEqual(plan.stages.map((stage) => stage.opensOn));
});
