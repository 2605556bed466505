import { buffer } from 'node:stream/consumers';
import { businessCalendar } from './calendar/business-calendar.ts';
import { openWorkingDays } from './calendar/working-days.ts';
import { readConfig } from './config/config.ts';
import { readDatabaseUrl } from './config/secrets.ts';
import { readStackSettings } from './config/stack-settings.ts';
import { connectDatabase } from './db/connection.ts';
import { readSetting } from './db/settings-records.ts';
import { readBounce } from './messaging/read-bounce.ts';
import { takeBounce } from './messaging/take-bounce.ts';
import { isUnproved } from './renewal/suppression.ts';
import { environmentInReach } from './stack/running-environment.ts';

/** What sysexits.h calls EX_TEMPFAIL: the mail system keeps the mail and tries again. */
const tryAgain = 75;

/** `npx xubao bounce`: one mail from a mail system's pipe, as it came; anything but a report about our mails is left alone. */
export async function bounce(): Promise<void> {
  try {
    process.stdout.write(`${await take(await buffer(process.stdin))}\n`);
  } catch (error) {
    process.exitCode = tryAgain;
    process.stderr.write(`The books cannot take it now: ${error instanceof Error ? error.name : 'unknown'}\n`);
  }
}

async function take(mail: Buffer): Promise<string> {
  const report = await readBounce(mail);
  if (!report) return 'not a delivery status report';
  const env = environmentInReach(process.env, readStackSettings(process.env));
  const workingDays = openWorkingDays();
  const calendar = businessCalendar(readConfig(env).clock.zone, workingDays);
  const database = connectDatabase(readDatabaseUrl(env), { connections: 1 });
  try {
    workingDays.follow((await readSetting(database.db, 'calendar')).content);
    const taken = await takeBounce(database.db, report, calendar);
    if (!taken) return 'about none of our messages';
    const { messageId, code } = taken;
    return `message ${messageId} ${isUnproved(code) ? 'is perhaps' : 'was'} not delivered: ${code}`;
  } finally {
    await database.close();
  }
}
