import { describe, expect, test } from 'vitest';
import { findWords } from './search.ts';

const phone = '19900010007';
const plate = '鲁K70007';
const search = findWords([phone, plate]);
const noise = Buffer.from('nothing to see in here, 19900010008 鲁K70008 '.repeat(50));
const among = (hidden: string | Buffer): Buffer => Buffer.concat([noise, Buffer.from(hidden), noise]);

describe('The search for canaries', () => {
  test.each([
    ['as they are', (word: string) => Buffer.from(word)],
    ['in UTF-16', (word: string) => Buffer.from(word, 'utf16le')],
    ['in UTF-16, the other way round', (word: string) => Buffer.from(word, 'utf16le').swap16()],
    ['in JSON', (word: string) => JSON.stringify({ word })],
    ['percent-encoded', (word: string) => encodeURIComponent(word)],
    ['in hex', (word: string) => Buffer.from(word).toString('hex')],
    ['in base64 of a JSON text', (word: string) => Buffer.from(JSON.stringify({ word })).toString('base64')],
    ['in base64 one further', (word: string) => Buffer.from(`.${JSON.stringify({ word })}`).toString('base64')],
    ['in base64 two further', (word: string) => Buffer.from(`..${JSON.stringify({ word })}`).toString('base64url')],
  ])('finds them %s', (_how, write) => {
    for (const word of [phone, plate]) expect(search(among(write(word))).map((find) => find.word)).toContain(word);
  });

  test('finds a plate in JSON escapes of either case', () => {
    expect(search(among('\\u9c81K70007'))).toHaveLength(1);
    expect(search(among('\\u9C81K70007'))).toHaveLength(1);
  });

  test('finds nothing where there is nothing', () => {
    expect(search(noise)).toEqual([]);
  });
});
