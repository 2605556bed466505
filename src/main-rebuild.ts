import { businessCalendar } from './calendar/business-calendar.ts';
import { connectTemporal } from './cases/connect.ts';
import { rebuildCases } from './cases/rebuild.ts';
import { readConfig } from './config/config.ts';
import { readSecrets } from './config/secrets.ts';
import { connectDatabase } from './db/connection.ts';

/** `npx xubao rebuild`: every open case runs again, whatever Temporal remembers of it. */
export async function rebuild(): Promise<void> {
  const config = readConfig(process.env);
  const database = connectDatabase(readSecrets(process.env).databaseUrl);
  const temporal = connectTemporal({ ...config, ...readSecrets(process.env) });
  const deps = { db: database.db, temporal, calendar: businessCalendar(config.clock.zone) };
  try {
    const say = ({ looked, restarted }: { looked: number; restarted: number }): void => {
      process.stdout.write(`${looked} open cases looked at, ${restarted} opened again\n`);
    };
    say(await rebuildCases(deps, ({ looked, restarted }) => looked % 200 === 0 && say({ looked, restarted })));
  } finally {
    await Promise.all([temporal.close(), database.close()]);
  }
}
