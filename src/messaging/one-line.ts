/**
 * A value from a list as one printable line of at most so many characters, so that none can forge a header, a second
 * message or an endless one.
 */
export function oneLine(value: string, longest: number): string {
  const printable = value
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return Array.from(printable).slice(0, longest).join('');
}

/** Enough for the owner to know the vehicle, too little for others. */
export function maskPlate(plate: string): string {
  const characters = Array.from(plate);
  return `${characters.slice(0, 2).join('')}***${characters.slice(-2).join('')}`;
}
