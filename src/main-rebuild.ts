import { businessCalendar } from './calendar/business-calendar.ts';
import { openWorkingDays } from './calendar/working-days.ts';
import { connectTemporal } from './cases/connect.ts';
import { rebuildCases, type Rebuilt } from './cases/rebuild.ts';
import { readConfig } from './config/config.ts';
import { readSecrets } from './config/secrets.ts';
import { readStackSettings } from './config/stack-settings.ts';
import { connectDatabase } from './db/connection.ts';
import { readSetting } from './db/settings-records.ts';
import { environmentInReach } from './stack/running-environment.ts';

/** `npx xubao rebuild`: every open case runs again, whatever Temporal remembers of it. */
export async function rebuild(): Promise<void> {
  const env = environmentInReach(process.env, readStackSettings(process.env));
  const config = readConfig(env);
  const secrets = readSecrets(env);
  const database = connectDatabase(secrets.databaseUrl);
  const temporal = connectTemporal({ ...config, ...secrets });
  const workingDays = openWorkingDays();
  const deps = { db: database.db, temporal, calendar: businessCalendar(config.clock.zone, workingDays) };
  try {
    workingDays.follow((await readSetting(database.db, 'calendar')).content);
    say(await rebuildCases(deps, (rebuilt) => rebuilt.looked % 200 === 0 && say(rebuilt)));
  } finally {
    await Promise.all([temporal.close(), database.close()]);
  }
}

function say({ looked, restarted, handovers }: Rebuilt): void {
  const line = `${looked} open cases looked at, ${restarted} opened again, ${handovers} hand-overs told\n`;
  process.stdout.write(line);
}
