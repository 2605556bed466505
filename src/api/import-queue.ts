import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { readClock } from '../db/business-clock.ts';
import type { Connection } from '../db/connection.ts';
import { failStaleImports, queueImport, type QueuedImport } from '../db/imports/import-records.ts';
import { importList, type ImportSummary } from '../intake/import-list.ts';
import type { Calendar } from '../renewal/calendar.ts';
import type { Upload } from './doors/upload.ts';

/** `branches`: how far the sender's rows may reach; everywhere when absent. */
type ImportToQueue = Omit<QueuedImport, 'fileName'> & { upload: Upload; branches?: readonly string[] };

export type ImportQueue = {
  /** Enters an import and answers its id; it runs when those before it are done. */
  add: (request: ImportToQueue) => Promise<string>;
  /** Settles when nothing runs any more. */
  idle: () => Promise<void>;
};

export type ImportQueueParts = {
  connection: Pick<Connection, 'db' | 'pool'>;
  calendar: Calendar;
  log: Logger;
  /** Told what a finished import means for cases that are open already. */
  afterImport: (summary: ImportSummary) => Promise<void>;
};

/** Runs imports in this process, one at a time; those that a dead process left behind are marked as failed first. */
export async function openImportQueue(parts: ImportQueueParts): Promise<ImportQueue> {
  const { db } = parts.connection;
  await failStaleImports(db).catch((error: unknown) =>
    parts.log.warn({ err: error }, 'stale imports stay as they are'),
  );
  let last = Promise.resolve();
  return {
    add: async ({ upload, branches, ...request }) => {
      const importId = await queueImport(db, { ...request, fileName: upload.name });
      upload.take();
      const bounds = branches ? { branches } : {};
      last = last.then(() => runImport(parts, { ...request, ...bounds, importId, path: upload.path }));
      return importId;
    },
    idle: () => last,
  };
}

type Run = Omit<QueuedImport, 'fileName'> & { importId: string; path: string; branches?: readonly string[] };

async function runImport(parts: ImportQueueParts, { importId, path, dryRun, ...asked }: Run): Promise<void> {
  const { connection, calendar, log } = parts;
  try {
    const today = calendar.dayOf((await readClock(connection.db)).now);
    const { format, branches } = asked;
    const optional = { ...(format ? { format } : {}), ...(branches ? { branches } : {}) };
    const summary = await importList(connection, { importId, path, dryRun, today, calendar, ...optional });
    if (summary.state === 'completed' && !dryRun) await parts.afterImport(summary);
    const { state, rows, accepted, rejected } = summary;
    log.info({ importId, state, rows, accepted, rejected }, 'import ended');
  } catch (error) {
    log.error({ importId, err: error }, 'import broke off');
  } finally {
    await rm(dirname(path), { recursive: true, force: true });
  }
}
