import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ListProblem } from './list-problem.ts';
import { checkInflated } from './size-limits.ts';

const encodings = ['utf-8', 'gb18030'] as const;
export type ListEncoding = (typeof encodings)[number];

export type TextFile = { path: string; gzipped: boolean; encoding: ListEncoding };

/** Reads the whole file strictly, without keeping it: what is not UTF-8 to its last byte is GB18030 or nothing. */
export async function findEncoding(path: string, gzipped: boolean): Promise<ListEncoding> {
  for (const encoding of encodings) {
    if (await isReadableAs({ path, gzipped, encoding })) return encoding;
  }
  throw new ListProblem('The file is neither UTF-8 nor GB18030 text. Save the list as CSV in UTF-8 or as XLSX.');
}

/** The text of a file piece by piece, without a byte order mark. */
export async function* textPieces({ path, gzipped, encoding }: TextFile): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let isStart = true;
  for await (const bytes of gzipped ? inflatedBytes(path) : (createReadStream(path) as AsyncIterable<Buffer>)) {
    const piece = decoder.decode(bytes, { stream: true });
    if (piece === '') continue;
    yield isStart ? piece.replace(/^\ufeff/, '') : piece;
    isStart = false;
  }
  yield decoder.decode();
}

async function* inflatedBytes(path: string): AsyncGenerator<Buffer> {
  const packed = (await stat(path)).size;
  const inflated: Readable = pipeline(createReadStream(path), createGunzip(), () => {});
  let size = 0;
  try {
    for await (const bytes of inflated as AsyncIterable<Buffer>) {
      size += bytes.length;
      checkInflated(size, packed);
      yield bytes;
    }
  } catch (error) {
    throw isDamage(error) ? new ListProblem('The compressed file is damaged or was cut off; send it again.') : error;
  }
}

async function isReadableAs(file: TextFile): Promise<boolean> {
  try {
    for await (const piece of textPieces(file)) void piece;
    return true;
  } catch (error) {
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}

function isDamage(error: unknown): boolean {
  return /^Z_(DATA|BUF|STREAM)_ERROR$/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
