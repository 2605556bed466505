import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { measureMix, type Granted } from '../../src/renewal/concession-mix.ts';
import { defaultLadder } from '../../src/renewal/concession.ts';

const mixOf = (...granted: Granted[]) => measureMix(granted, defaultLadder);
const leftOf = (...granted: Granted[]) => mixOf(...granted).bands.map(({ left }) => left);
const ceilings = [0, 8, 10, 13, 14];

describe('The mix of concessions', () => {
  test('of five bands of twenty customers at their ceilings has a mean of 9.0 %', () => {
    const full = mixOf(...ceilings.map((percent) => ({ percent, customers: 20 })));

    expect(full).toMatchObject({ customers: 100, meanPercent: 9, targetPercent: 9 });
    expect(full.bands.map(({ sharePercent }) => sharePercent)).toEqual([20, 20, 20, 20, 20]);
    expect(full.bands.map(({ left }) => left)).toEqual([null, 0, 0, 0, 0]);
  });

  test('of customers without a concession leaves a fifth in each band, and what higher bands leave to lower ones', () => {
    expect(leftOf({ percent: 0, customers: 100 })).toEqual([null, 80, 60, 40, 20]);
  });

  test('takes a customer of a higher band off the lower ones as well', () => {
    expect(leftOf({ percent: 0, customers: 90 }, { percent: 13, customers: 10 })).toEqual([null, 70, 50, 30, 20]);
  });

  test('shows an overdrawn band as less than nothing', () => {
    expect(leftOf({ percent: 0, customers: 79 }, { percent: 14, customers: 21 })[4]).toBe(-1);
  });

  test('counts a percentage between two ceilings in the higher band', () => {
    const { bands } = mixOf({ percent: 8.01, customers: 3 });

    expect(bands.map(({ customers, meanPercent }) => [customers, meanPercent])).toEqual([
      [0, null],
      [0, null],
      [3, 8.01],
      [0, null],
      [0, null],
    ]);
  });

  test('of nobody has neither shares nor a mean', () => {
    expect(mixOf()).toMatchObject({ customers: 0, meanPercent: null });
  });

  test('keeps its mean at 9.0 % or below while no band is overdrawn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60 }), { minLength: 5, maxLength: 5 }), (customers) => {
        const mix = mixOf(...ceilings.map((percent, band) => ({ percent, customers: customers[band] ?? 0 })));
        fc.pre(mix.customers > 0 && mix.bands.every(({ left }) => left === null || left >= 0));

        expect(mix.meanPercent).toBeLessThanOrEqual(9);
      }),
    );
  });

  test('never overdraws a band by one who asked while it had room', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 300 }),
        (total, wishes) => {
          const used = [total, 0, 0, 0, 0];
          const mix = () => mixOf(...ceilings.map((percent, band) => ({ percent, customers: used[band] ?? 0 })));
          for (const band of wishes) {
            const room = (mix().bands[band]?.left ?? 0) > 0 && (used[0] ?? 0) > 0;
            if (room) used.splice(0, 1, (used[0] ?? 0) - 1);
            if (room) used.splice(band, 1, (used[band] ?? 0) + 1);
          }

          expect(mix().bands.every(({ left }) => left === null || left >= 0)).toBe(true);
        },
      ),
    );
  });
});
