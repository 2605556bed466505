import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessCalendar } from '../calendar/business-calendar.ts';
import { connectTemporal, type TemporalConnection } from '../cases/connect.ts';
import { readConfig } from '../config/config.ts';
import type { Environment } from '../config/env.ts';
import { readSecrets } from '../config/secrets.ts';
import { connectDatabase } from '../db/connection.ts';
import type { Db } from '../db/connection.ts';
import type { Calendar, Day } from '../renewal/calendar.ts';
import type { Progress } from '../stack/progress.ts';
import { startStack, type StackUrls } from '../stack/stack.ts';

/** A stack that a season can be played on, and how to reach its parts. */
export type RehearsalStack = {
  urls: Pick<StackUrls, 'api' | 'sms' | 'mail'> & { temporalUi: string };
  db: Db;
  temporal: TemporalConnection;
  calendar: Calendar;
  /** A folder for the season's list and logs, removed at the end. */
  folder: string;
  close: () => Promise<void>;
};

const zone = 'Asia/Shanghai';

type Wanted = { today: Day; dayMs: number; keep: boolean; progress: Progress; signal: AbortSignal };

/** Brings up a throwaway stack on free ports in a temporary folder; `close` removes both. */
export async function startOwnStack({ today, dayMs, keep, progress, signal }: Wanted): Promise<RehearsalStack> {
  const folder = temporaryFolder();
  const forget = (): void => {
    if (keep) progress.say(`The list, mails and logs are kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  };
  try {
    const dataDir = join(folder, 'stack');
    const stack = await startStack({
      dataDir,
      zone,
      today,
      dayMs,
      throwaway: true,
      logLevel: 'warn',
      progress,
      signal,
    });
    const reached = reach(stack.env);
    const close = async (): Promise<void> => {
      await reached.close();
      await stack.stop();
      forget();
    };
    return { ...reached, urls: stack.urls, folder, close };
  } catch (error) {
    forget();
    throw error;
  }
}

/** Connects to the database and Temporal of a stack that runs. */
export function reach(env: Environment): Pick<RehearsalStack, 'db' | 'temporal' | 'calendar' | 'close'> {
  const config = readConfig(env);
  const database = connectDatabase(readSecrets(env).databaseUrl, { connections: 6 });
  const temporal = connectTemporal(config);
  return {
    db: database.db,
    temporal,
    calendar: businessCalendar(config.clock.zone),
    close: async () => void (await Promise.all([temporal.close(), database.close()])),
  };
}

/** PostgreSQL's own user has to pass through it when we are root. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xubao-rehearsal-'));
  chmodSync(folder, 0o711);
  return folder;
}
