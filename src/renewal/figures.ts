/** Cases of a period by the book they lie in. `lost` is the whole lost book, `notRenewable` the part of it outside the rate. */
export type CaseCounts = {
  due: number;
  renewed: number;
  lost: number;
  notRenewable: number;
  handedOff: number;
  open: number;
};

/** The books of a period; `ratePercent` has two decimals and is null while nothing is renewable. */
export type Books = CaseCounts & { renewable: number; ratePercent: number | null; balanced: boolean };

/**
 * The books and the renewal rate (business.md, Figures): renewable = due − not renewable, rate = renewed ÷ renewable, and
 * the books balance when renewed + lost + handed off + open = due. All are counts of policies.
 */
export function booksOf(counts: CaseCounts): Books {
  const { due, renewed, lost, notRenewable, handedOff, open } = counts;
  const renewable = due - notRenewable;
  return {
    ...counts,
    renewable,
    ratePercent: ratePercent(renewed, renewable),
    balanced: renewed + lost + handedOff + open === due && notRenewable <= lost,
  };
}

function ratePercent(renewed: number, renewable: number): number | null {
  return renewable === 0 ? null : Math.round((10_000 * renewed) / renewable) / 100;
}
