import { ListProblem } from './list-problem.ts';

const mebibyte = 1024 * 1024;
const mostInflated = 2048 * mebibyte;
const ratioCountsFrom = 64 * mebibyte;
/** Real lists shrink to a tenth, generated ones to a fiftieth; what shrinks more was made to swell. */
const mostSwelling = 200;

/** Refuses what unpacks to more than a list can be. */
export function checkInflated(inflatedBytes: number, packedBytes: number): void {
  const swells = inflatedBytes > ratioCountsFrom && inflatedBytes > packedBytes * mostSwelling;
  if (swells || inflatedBytes > mostInflated) {
    throw new ListProblem('The compressed file unpacks to far more than a list can hold; nothing was read.');
  }
}
