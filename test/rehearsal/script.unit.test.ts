import { describe, expect, test } from 'vitest';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { endingOf, journeyOf, listDay } from '../../src/rehearsal/journey.ts';
import { scriptOf, type Act } from '../../src/rehearsal/script.ts';
import { daysBetween } from '../../src/renewal/calendar.ts';
import { aTerm, severalTerms } from './a-season.ts';

const calendar = businessCalendar('Asia/Shanghai');
const listedOn = listDay({ from: '2018-03-01' });
const scriptFor = (term: ReturnType<typeof aTerm>): Act[] => scriptOf(term, { calendar, listedOn });
const resultsOf = (acts: readonly Act[]): string[] =>
  acts.flatMap((act) => (act.kind === 'result' ? [act.body.result] : []));

describe('The script of a season', () => {
  test('is the same every time it is written', () => {
    const term = aTerm({ fate: 'renewed' });
    expect(scriptFor(term)).toEqual(scriptFor({ ...term }));
  });

  test('lets people act between T-45 and T-2, in office hours', () => {
    const terms = [...severalTerms(200), ...severalTerms(200, { fate: 'renewed' })];
    const acts = terms.flatMap(scriptFor).filter(({ kind }) => kind !== 'file-check');
    for (const { at } of acts) {
      const daysBefore = daysBetween(calendar.dayOf(at), '2018-03-15');
      expect(daysBefore).toBeGreaterThanOrEqual(2);
      expect(daysBefore).toBeLessThanOrEqual(45);
      expect(calendar.minuteOfDay(at)).toBeGreaterThanOrEqual(9 * 60 + 30);
      expect(calendar.minuteOfDay(at)).toBeLessThanOrEqual(17 * 60 + 30);
    }
  });

  test('brings a renewed term from confirmed over quoted to renewed, by its own agent on three days', () => {
    const acts = scriptFor(aTerm({ fate: 'renewed' })).filter(({ kind }) => kind === 'result');
    expect(resultsOf(acts)).toEqual(['confirmed', 'quoted', 'renewed']);
    expect(acts.map(({ by }) => by)).toEqual(['ES1A01', 'ES1A01', 'ES1A01']);
    expect(new Set(acts.map(({ at }) => calendar.dayOf(at))).size).toBe(3);
  });

  test('never renews a term that was lost', () => {
    const said = severalTerms(300).flatMap(scriptFor);
    expect(resultsOf(said)).not.toContain('renewed');
    expect(said.filter((act) => act.kind === 'second-round' && act.body.outcome === 'renewed')).toEqual([]);
  });

  test('loses terms in every way there is', () => {
    const journeys = new Set(severalTerms(300).map((term) => journeyOf(term, listedOn)));
    expect([...journeys].toSorted()).toEqual([
      'declined-confirmed',
      'declined-reopened',
      'declined-unanswered',
      'never-answered',
      'unreachable-confirmed',
      'unreachable-unanswered',
    ]);
  });

  test('makes three attempts before a customer counts as unreachable', () => {
    const giveUp = severalTerms(300).find((term) => journeyOf(term, listedOn).startsWith('unreachable'));
    const results = resultsOf(scriptFor(giveUp ?? aTerm()));
    expect(results).toEqual(['not-reached', 'not-reached', 'not-reached', 'unreachable']);
  });

  test('has the supervisor decide within the deadline of the second round', () => {
    const rounds = severalTerms(300)
      .map(scriptFor)
      .filter((acts) => acts.some(({ kind }) => kind === 'second-round'));
    expect(rounds.length).toBeGreaterThan(0);
    for (const acts of rounds) {
      const decided = acts.find(({ kind }) => kind === 'second-round');
      const asked = acts.findLast(({ kind }) => kind === 'result');
      expect(daysBetween(calendar.dayOf(asked?.at ?? 0), calendar.dayOf(decided?.at ?? 0))).toBe(1);
      expect(decided?.by).toBe('ES1S1');
    }
  });

  test('checks about a quarter of the files before preparation ends', () => {
    const checks = severalTerms(400, { fate: 'renewed' })
      .flatMap(scriptFor)
      .filter(({ kind }) => kind === 'file-check');
    expect(checks.length).toBeGreaterThan(60);
    expect(checks.length).toBeLessThan(140);
    for (const { at, by } of checks) {
      expect(daysBetween(calendar.dayOf(at), '2018-03-15')).toBeGreaterThan(45);
      expect(by).toBe('ES1X1');
    }
  });
});

describe('A cancelled term', () => {
  const cancelledOn = (lapsedOn: string) => aTerm({ fate: 'cancelled', lapsedOn });
  const daysOfNotices = (lapsedOn: string): string[] =>
    scriptFor(cancelledOn(lapsedOn)).map((act) => `${act.kind} ${calendar.dayOf(act.at)}`);

  test('is reported on the day of its lapse when its case is open by then', () => {
    expect(daysOfNotices('2018-02-20')).toEqual(['core-notice 2018-02-20']);
    expect(endingOf(journeyOf(cancelledOn('2018-02-20'), listedOn))).toBe('not-renewable');
  });

  test('is reported before its case would open when it lapsed until then', () => {
    // T-60 is 2018-01-14.
    expect(daysOfNotices('2018-01-14')).toEqual(['core-notice 2018-01-13']);
    expect(daysOfNotices('2018-01-05')).toEqual(['core-notice 2018-01-05']);
    expect(endingOf(journeyOf(cancelledOn('2018-01-14'), listedOn))).toBe('never-opened');
  });

  test('needs no notice when the list could say it', () => {
    expect(daysOfNotices('2017-12-30')).toEqual([]);
    expect(endingOf(journeyOf(cancelledOn('2017-12-30'), listedOn))).toBe('never-opened');
  });
});
