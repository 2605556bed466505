import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { History } from '@temporalio/common/lib/proto-utils.js';

export const historiesFolder = fileURLToPath(new URL('../histories/saved', import.meta.url));

export type SavedHistory = { workflowId: string; history: unknown };

type Message = { constructor: { toObject: (message: unknown, options: object) => unknown } };

/** A history as plain JSON: numbers for enumerations and long integers, base64 for bytes, as the replayer reads it. */
export function plainHistory(history: History): unknown {
  const asPlain = (event: unknown): unknown =>
    (event as Message).constructor.toObject(event, { longs: Number, bytes: String });
  return { events: (history.events ?? []).map(asPlain) };
}

/** The saved histories by name. */
export function readHistories(): SavedHistory[] {
  return readdirSync(historiesFolder).map((file) => ({
    workflowId: file.replace('.json.gz', ''),
    history: JSON.parse(gunzipSync(readFileSync(`${historiesFolder}/${file}`)).toString()),
  }));
}
