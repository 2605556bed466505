import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { History } from '@temporalio/common/lib/proto-utils.js';

const saved = fileURLToPath(new URL('../histories/saved', import.meta.url));

/** Histories of each version of the workflow that cases may run on; the newest version is recorded anew until it is released. */
const versions = [1, 2] as const;
export const newestHistories = `${saved}/${versions.at(-1)}`;

export type SavedHistory = { workflowId: string; history: unknown };

type Message = { constructor: { toObject: (message: unknown, options: object) => unknown } };

/** A history as plain JSON: numbers for enumerations and long integers, base64 for bytes, as the replayer reads it. */
export function plainHistory(history: History): unknown {
  const asPlain = (event: unknown): unknown =>
    (event as Message).constructor.toObject(event, { longs: Number, bytes: String });
  return { events: (history.events ?? []).map(asPlain) };
}

/** The saved histories, named by version and journey. */
export function readHistories(): SavedHistory[] {
  return versions.flatMap((version) =>
    readdirSync(`${saved}/${version}`).map((file) => ({
      workflowId: `${version}/${file.replace('.json.gz', '')}`,
      history: JSON.parse(gunzipSync(readFileSync(`${saved}/${version}/${file}`)).toString()),
    })),
  );
}

/** The names of the newest version's histories. */
export function newestNames(): string[] {
  return readdirSync(newestHistories).map((file) => `${versions.at(-1)}/${file.replace('.json.gz', '')}`);
}

/** What a journey's history of the newest version is called. */
export function historyName(journey: string): string {
  return `${versions.at(-1)}/${fileNameOf(journey)}`;
}

export function fileNameOf(journey: string): string {
  return journey.replaceAll(/[^\w-]+/g, '-');
}
