import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { booksOf, type CaseCounts } from '../../src/renewal/figures.ts';

const empty: CaseCounts = { due: 0, renewed: 0, lost: 0, notRenewable: 0, handedOff: 0, open: 0 };

describe('The renewal rate', () => {
  test('is renewed over renewable with two decimals', () => {
    const books = booksOf({ ...empty, due: 2196, renewed: 1751, lost: 445 });
    expect(books).toMatchObject({ renewable: 2196, ratePercent: 79.74, balanced: true });
  });

  test('leaves out policies that could not be renewed', () => {
    const books = booksOf({ ...empty, due: 5, renewed: 2, lost: 3, notRenewable: 1 });
    expect(books).toMatchObject({ renewable: 4, ratePercent: 50 });
  });

  test('does not exist while nothing is renewable', () => {
    expect(booksOf({ ...empty, due: 1, lost: 1, notRenewable: 1 }).ratePercent).toBeNull();
  });

  test('counts open and handed-off policies among the renewable ones', () => {
    expect(booksOf({ ...empty, due: 4, renewed: 1, handedOff: 1, open: 2 }).ratePercent).toBe(25);
  });
});

describe('The books', () => {
  const count = fc.nat(5_000);

  test('balance whenever every due case lies in one of them', () => {
    const cases = fc.record({ renewed: count, lostInRate: count, notRenewable: count, handedOff: count, open: count });
    fc.assert(
      fc.property(cases, ({ lostInRate, ...rest }) => {
        const lost = lostInRate + rest.notRenewable;
        const due = rest.renewed + lost + rest.handedOff + rest.open;
        const books = booksOf({ ...rest, due, lost });
        expect(books.balanced).toBe(true);
        expect(books.ratePercent ?? 0).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('do not balance when a case is missing', () => {
    expect(booksOf({ ...empty, due: 3, renewed: 1, lost: 1 }).balanced).toBe(false);
  });
});
