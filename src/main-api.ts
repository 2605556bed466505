import closeWithGrace from 'close-with-grace';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { composeApi } from './api/compose.ts';
import { openImportQueue } from './api/import-queue.ts';
import { openLog } from './api/doors/log.ts';
import { createApiServer } from './api/doors/server.ts';
import { tellAfterImport } from './api/after-import.ts';
import { businessCalendar } from './calendar/business-calendar.ts';
import { followCalendarSetting } from './calendar/follow-setting.ts';
import { openWorkingDays, unknownYear } from './calendar/working-days.ts';
import { connectTemporal } from './cases/connect.ts';
import { present, readConfig } from './config/config.ts';
import { readSecrets } from './config/secrets.ts';
import { connectDatabase } from './db/connection.ts';
import { forgetOldKeys } from './db/idempotency-records.ts';
import { readSetting } from './db/settings-records.ts';

const hourMs = 3_600_000;
const keysLiveDays = 30;

const config = readConfig(process.env);
const secrets = readSecrets(process.env);
const log = openLog(config.logLevel);
const connection = connectDatabase(secrets.databaseUrl);
const temporal = connectTemporal({ ...config, ...secrets });
const workingDays = openWorkingDays((year) => log.warn({ year }, unknownYear));
const calendar = businessCalendar(config.clock.zone, workingDays);
const stopFollowing = await followCalendarSetting(workingDays, {
  readDays: async () => (await readSetting(connection.db, 'calendar')).content,
  onFailure: (err) => log.warn({ err }, 'the calendar setting cannot be read; the days stay as they were'),
});
const cases = { db: connection.db, temporal, calendar };
const imports = await openImportQueue({ connection, calendar, log, afterImport: tellAfterImport(cases) });

const { app } = await composeApi({
  config,
  twilioAuthToken: secrets.twilioAuthToken,
  ...present({ aliyunReportSecret: secrets.aliyunReportSecret }),
  ...present({ unsubscribeSecret: secrets.unsubscribeSecret }),
  connection,
  temporal,
  calendar,
  imports,
  log,
  version: readVersion(),
  ...(config.production
    ? {}
    : { onWrongAnswer: (message: string) => log.error({ answer: message }, 'undescribed answer') }),
});
const server = createApiServer(app);
server.listen(config.api.port, config.api.host, () => log.info({ url: config.api.publicUrl }, 'API is up'));

const forgetting = setInterval(() => void forgetOldKeys(connection.db, keysLiveDays).catch(() => {}), hourMs);
forgetting.unref();

closeWithGrace({ delay: 15_000, logger: false }, async ({ err }) => {
  if (err) log.error({ err }, 'API ends after an error');
  stopFollowing();
  await closeServer(server);
  await imports.idle();
  await temporal.close();
  await connection.close();
});

/** Idle connections are closed again and again: one that was busy at first would hold the server open for seconds. */
async function closeServer(open: Server): Promise<void> {
  const idling = setInterval(() => open.closeIdleConnections(), 100);
  await new Promise((resolve) => open.close(resolve));
  clearInterval(idling);
}

function readVersion(): string {
  const up = import.meta.url.includes('/dist/') ? '../../package.json' : '../package.json';
  return (JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { version: string }).version;
}
