/** Where one of the words was found, and in which clothes. */
export type Find = { word: string; written: string };

const fold = 20;

/**
 * Finds words in bytes, also as UTF-16, JSON escapes, percent-encoding, hex or base64 (at each of its three alignments). One
 * pass over the bytes: what begins like none of them is passed over.
 */
export function findWords(words: readonly string[]): (bytes: Buffer) => Find[] {
  const patterns = words.flatMap((word) => writingsOf(word).map(({ written, bytes }) => ({ word, written, bytes })));
  const heads = new Map<number, typeof patterns>();
  const maybe = new Uint8Array(1 << fold);
  for (const pattern of patterns) {
    const head = pattern.bytes.readUInt32LE(0);
    maybe[slotOf(head)] = 1;
    heads.set(head, [...(heads.get(head) ?? []), pattern]);
  }
  return (bytes) => {
    const finds = new Map<string, Find>();
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      const head = bytes.readUInt32LE(at);
      if (maybe[slotOf(head)] === 0) continue;
      for (const { word, written, bytes: wanted } of heads.get(head) ?? []) {
        if (bytes.compare(wanted, 0, wanted.length, at, Math.min(at + wanted.length, bytes.length)) !== 0) continue;
        finds.set(`${word} ${written}`, { word, written });
      }
    }
    return [...finds.values()];
  };
}

function slotOf(head: number): number {
  return Math.imul(head, 2_654_435_761) >>> (32 - fold);
}

type Writing = { written: string; bytes: Buffer };

function writingsOf(word: string): Writing[] {
  const utf8 = Buffer.from(word);
  const utf16 = Buffer.from(word, 'utf16le');
  const hex = utf8.toString('hex');
  const text = (written: string, value: string): Writing => ({ written, bytes: Buffer.from(value) });
  const escapes = escaped(word);
  return [
    { written: 'utf-8', bytes: utf8 },
    { written: 'utf-16le', bytes: utf16 },
    { written: 'utf-16be', bytes: Buffer.from(utf16).swap16() },
    text('json escapes', escapes),
    text(
      'json escapes in capitals',
      escapes.replaceAll(/\\u[\da-f]{4}/g, (one) => `\\u${one.slice(2).toUpperCase()}`),
    ),
    text('percent-encoding', encodeURIComponent(word)),
    text('percent-encoding of everything', hex.replaceAll(/../g, '%$&').toUpperCase()),
    text('hex', hex),
    text('hex in capitals', hex.toUpperCase()),
    ...[0, 1, 2].flatMap((shift) => base64At(utf8, shift)),
  ].filter(({ bytes }, place, all) => bytes.length >= 6 && all.findIndex((one) => one.bytes.equals(bytes)) === place);
}

function escaped(word: string): string {
  const units = Array.from({ length: word.length }, (_, at) => word.charAt(at));
  return units
    .map((unit) => (unit < '\u0080' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`))
    .join('');
}

/** What base64 makes of the bytes wherever they begin in the encoded whole, without the letters that neighbours decide. */
function base64At(bytes: Buffer, shift: number): Writing[] {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const firstSure = Math.ceil((shift * 8) / 6);
  const lastSure = Math.floor(((shift + bytes.length) * 8) / 6);
  const sure = encoded.slice(firstSure, lastSure);
  const forUrls = sure.replaceAll('+', '-').replaceAll('/', '_');
  return [sure, forUrls].map((value) => ({ written: `base64 shifted by ${shift}`, bytes: Buffer.from(value) }));
}
