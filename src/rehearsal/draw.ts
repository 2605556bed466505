import { createHash } from 'node:crypto';

/** A number from 0 (included) to 1 that is always the same for the same text. */
export function draw(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/** A whole number between the two, both included. */
export function drawBetween(low: number, high: number, text: string): number {
  return low + Math.floor(draw(text) * (high - low + 1));
}

export function drawOne<Item>(items: readonly [Item, ...Item[]], text: string): Item {
  return items[Math.floor(draw(text) * items.length)] ?? items[0];
}

/** So many different whole numbers between the two, the highest first. */
export function drawSeveral(range: { low: number; high: number }, count: number, text: string): number[] {
  const all = Array.from({ length: range.high - range.low + 1 }, (_, index) => range.low + index);
  const drawn = all.map((number) => ({ number, place: draw(`${text} ${number}`) }));
  const chosen = drawn.toSorted((one, other) => one.place - other.place).slice(0, count);
  return chosen.map(({ number }) => number).toSorted((one, other) => other - one);
}
