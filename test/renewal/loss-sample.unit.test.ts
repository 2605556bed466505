import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { boundsOf, drawLosses, monthToReview, seedOf, type LostCase } from '../../src/renewal/loss-sample.ts';
import { defaultSettings } from '../../src/renewal/settings.ts';
import { shanghai } from '../support/given-plan.ts';

const usual = defaultSettings['loss-sample'];
const seed = seedOf('2027-03', 'B01');
const lossesOf = (agentId: string | null, many: number, lossReason: LostCase['lossReason'] = 'price'): LostCase[] =>
  Array.from({ length: many }, (_, turn) => ({
    renewalId: `renewal.${agentId}-${turn}.20260401`,
    agentId,
    lossReason,
  }));

const lost: fc.Arbitrary<LostCase[]> = fc.uniqueArray(
  fc.record({
    renewalId: fc.integer({ min: 1, max: 9_999 }).map((number) => `renewal.P${number}.20260401`),
    agentId: fc.constantFrom('A1', 'A2', 'A3', null),
    lossReason: fc.constantFrom('price', 'no-result', 'rival-service'),
  }),
  { selector: ({ renewalId }) => renewalId, maxLength: 200 },
);
const rule = fc.record({
  percent: fc.integer({ min: 0, max: 100 }),
  noResultPercent: fc.integer({ min: 0, max: 100 }),
  minimumPerAgent: fc.integer({ min: 0, max: 5 }),
});

describe('The monthly sample of lost cases', () => {
  test('is the same for the same seed, in whatever order the cases come', () => {
    const ids = (drawn: LostCase[]) => drawn.map(({ renewalId }) => renewalId);
    fc.assert(
      fc.property(lost, rule, fc.string(), (cases, by, any) => {
        expect(ids(drawLosses(cases.toReversed(), by, any))).toEqual(ids(drawLosses(cases, by, any)));
      }),
    );
  });

  test('draws nothing twice and nothing that was not lost', () => {
    fc.assert(
      fc.property(lost, rule, fc.string(), (cases, by, any) => {
        const drawn = drawLosses(cases, by, any);
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(drawn.every((one) => cases.includes(one))).toBe(true);
      }),
    );
  });

  test('has of each agent what the rates ask for, at least the minimum', () => {
    fc.assert(
      fc.property(lost, rule, fc.string(), (cases, by, any) => {
        const drawn = drawLosses(cases, by, any);
        for (const [agentId, own] of Map.groupBy(cases, (one) => one.agentId)) {
          const noResult = own.filter(({ lossReason }) => lossReason === 'no-result').length;
          const share = (many: number, percent: number) => Math.round((many * percent) / 100);
          const shares = share(noResult, by.noResultPercent) + share(own.length - noResult, by.percent);
          const size = Math.min(own.length, Math.max(by.minimumPerAgent, shares));
          expect(drawn.filter((one) => one.agentId === agentId)).toHaveLength(size);
        }
      }),
    );
  });

  test('names every agent who lost a policy', () => {
    const cases = ['A1', 'A2', 'A3', null].flatMap((agentId) => lossesOf(agentId, 2));
    expect(drawLosses(cases, usual, seed).map(({ agentId }) => agentId)).toEqual([null, 'A1', 'A2', 'A3']);
  });

  test('looks at cases without any result more often', () => {
    const cases = [
      ...lossesOf('A1', 100),
      ...lossesOf('A1', 100, 'no-result').map((one) => ({ ...one, renewalId: `n${one.renewalId}` })),
    ];
    const drawn = drawLosses(cases, usual, seed);
    const counted = Map.groupBy(drawn, ({ lossReason }) => lossReason);
    expect([counted.get('price')?.length, counted.get('no-result')?.length]).toEqual([10, 30]);
  });

  test('is another one with another seed', () => {
    const cases = lossesOf('A1', 200);
    const other = drawLosses(cases, usual, seedOf('2027-04', 'B01'));
    expect(other).not.toEqual(drawLosses(cases, usual, seed));
    expect(other).toHaveLength(20);
  });
});

describe('A loss review', () => {
  test.each([
    ['2027-04-01', '2027-03'],
    ['2027-01-01', '2026-12'],
    ['2028-03-31', '2028-02'],
  ])('on %s looks at %s', (today, month) => {
    expect(monthToReview(today)).toBe(month);
  });

  test('takes a month from its first instant in the business zone to its last', () => {
    const { from, before } = boundsOf('2028-02', shanghai);
    expect([new Date(from).toISOString(), new Date(before).toISOString()]).toEqual([
      '2028-01-31T16:00:00.000Z',
      '2028-02-29T16:00:00.000Z',
    ]);
  });
});
