import { Decimal } from 'decimal.js';
import type { Reader } from './list-format.ts';
import { problem, value } from './read-text.ts';

// numeric(14,2) holds twelve digits before the point.
const tooMuch = new Decimal('1e12');
const amount = /^[¥￥€$]?\s*(-?)\s*[¥￥€$]?\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:[.]\d+)?|[.]\d+)(?:e[+-]?\d{1,2})?$/i;

/** An amount of money, rounded half up to two places. */
export const money: Reader<string> = (cell) => {
  if (!amount.test(cell)) return problem('is no amount');
  const read = new Decimal(cell.replaceAll(/[¥￥€$,\s]/g, ''));
  if (read.isNegative() && !read.isZero()) return problem('negative');
  const rounded = read.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
  return rounded.lt(tooMuch) ? value(rounded.toFixed(2)) : problem('is no amount');
};

const mostCounted = 100_000;

export const count: Reader<number> = (cell) => {
  if (/^-\d/.test(cell)) return problem('negative');
  if (!/^\d+(?:[.]0+)?$/.test(cell) || Number(cell) > mostCounted) return problem('is no count');
  return value(Number(cell));
};
