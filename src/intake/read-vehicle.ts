import type { Reader } from './list-format.ts';
import { problem, value } from './read-text.ts';

const letterValues = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 };
const moreLetterValues = { S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 };
const valueOf = new Map(Object.entries({ ...letterValues, ...moreLetterValues }));
const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const vinLength = 17;
const checkDigitAt = 8;

/** ISO 3779 and GB 16735: the ninth character is the weighted sum of the others modulo 11. @internal */
export function vinCheckDigit(vin: string): string {
  let sum = 0;
  for (const [place, weight] of weights.entries()) {
    const character = vin.charAt(place);
    sum += weight * (valueOf.get(character) ?? Number(character));
  }
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}

/** A vehicle identification number of any maker. @internal */
export const vin: Reader<string> = (cell) => {
  const written = cell.replaceAll(/[\s-]/g, '').toUpperCase();
  if (written.length !== vinLength) return problem('length');
  return /^[A-HJ-NPR-Z0-9]+$/.test(written)
    ? value(written)
    : problem('has other characters than A-Z (no I, O, Q) and 0-9');
};

/** A VIN whose check digit must be right where the law of its maker's country asks for one: China and North America. */
export const checkedVin: Reader<string> = (cell) => {
  const reading = vin(cell);
  if (reading.kind === 'problem' || !/^[L1-5]/.test(reading.value)) return reading;
  return reading.value.charAt(checkDigitAt) === vinCheckDigit(reading.value) ? reading : problem('check digit');
};

const notYetRegistered = new Set(['新车', '未上牌', '暂未上牌', '无', '无牌', '*-*']);

/** A Chinese number plate: seven characters, eight for new-energy vehicles; dots, spaces and case do not count. */
export const chinesePlate: Reader<string | undefined> = (cell) => {
  if (notYetRegistered.has(cell)) return value(undefined);
  const plate = cell.replaceAll(/[\s·•・‧∙⋅.・-]/gu, '').toUpperCase();
  return /^(?:\p{Script=Han}|WJ)[\p{Script=Han}A-Z0-9]+$/u.test(plate) && plate.length >= 7 && plate.length <= 8
    ? value(plate)
    : problem('is no plate');
};
