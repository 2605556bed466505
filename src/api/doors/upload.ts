import busboy from 'busboy';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { badFields, Problem } from './problem.ts';

/** A file on its way in. Whoever takes it removes its folder; otherwise the request's end does. */
export type Upload = { path: string; name: string; sha256: string; bytes: number; take: () => void };

export type Received = { fields: Record<string, string>; upload: Upload; discard: () => Promise<void> };

type StoredFile = { name: string; sha256: string; bytes: number };

/** Streams the one file of a multipart request to disk and hashes it on the way; memory stays flat. */
export async function receiveUpload(request: IncomingMessage, maxBytes: number): Promise<Received> {
  const folder = await mkdtemp(join(tmpdir(), 'xubao-upload-'));
  const path = join(folder, 'file');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const { file, fields } = await readParts(request, { path, maxBytes });
    if (!file) throw badFields([{ path: 'file', message: 'A file is needed' }]);
    let taken = false;
    const upload = { path, ...file, take: () => void (taken = true) };
    return { fields, upload, discard: async () => (taken ? undefined : remove()) };
  } catch (error) {
    await remove();
    request.unpipe();
    request.resume();
    throw error;
  }
}

type Place = { path: string; maxBytes: number };

async function readParts(request: IncomingMessage, place: Place) {
  const parser = openParser(request, place.maxBytes);
  const fields: Record<string, string> = {};
  let stored: Promise<StoredFile> | undefined;
  parser.on('field', (name, value) => (fields[name] = value));
  parser.on('file', (field, stream, { filename }) => {
    if (field !== 'file' || stored) return void stream.resume();
    stored = storeFile(stream, filename || 'file', place);
    // The failure is reported once the parser is done with the request.
    stored.catch(() => {});
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('close', resolve);
    parser.on('error', (error) => reject(unreadableForm(error)));
    request.on('aborted', () => reject(unreadableForm()));
    request.pipe(parser);
  });
  return { file: await stored, fields };
}

function openParser(request: IncomingMessage, maxBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      limits: { fileSize: maxBytes + 1, files: 2, fields: 20, fieldSize: 10_000 },
      defParamCharset: 'utf8',
    });
  } catch {
    throw new Problem({
      status: 415,
      code: 'media-type',
      detail: 'The file comes as multipart/form-data, field "file".',
    });
  }
}

async function storeFile(stream: Readable & { truncated?: boolean }, name: string, place: Place): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(stream, measure, createWriteStream(place.path));
  if (stream.truncated || bytes > place.maxBytes) {
    const detail = `The file is larger than ${Math.floor(place.maxBytes / 1_000_000)} MB.`;
    throw new Problem({ status: 413, code: 'too-large', detail });
  }
  return { name, sha256: hash.digest('hex'), bytes };
}

function unreadableForm(cause?: unknown): Problem {
  const detail = cause instanceof Error ? `The form cannot be read: ${cause.message}.` : 'The request ended early.';
  return new Problem({ status: 400, code: 'unreadable', detail });
}
