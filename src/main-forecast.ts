import { writeFileSync } from 'node:fs';
import { businessCalendar } from './calendar/business-calendar.ts';
import { openWorkingDays } from './calendar/working-days.ts';
import { readConfig } from './config/config.ts';
import { readDatabaseUrl } from './config/secrets.ts';
import { readStackSettings } from './config/stack-settings.ts';
import { connectDatabase } from './db/connection.ts';
import { readSetting } from './db/settings-records.ts';
import { describeForecast } from './forecast/describe-forecast.ts';
import { forecastCsv } from './forecast/forecast-csv.ts';
import { readForecastOptions, type RawForecastOptions } from './forecast/forecast-options.ts';
import { reportOf } from './forecast/forecast-report.ts';
import { forecast, type Lived } from './forecast/forecast.ts';
import { reportProgress } from './stack/progress.ts';
import { environmentInReach } from './stack/running-environment.ts';

/** `npx xubao forecast`: what the cases of the book will ask of customers and people in the next days. */
export async function foretell(raw: RawForecastOptions): Promise<void> {
  const { json, csv, ...question } = readForecastOptions(raw);
  const env = environmentInReach(process.env, readStackSettings(process.env));
  const workingDays = openWorkingDays();
  const calendar = businessCalendar(readConfig(env).clock.zone, workingDays);
  const database = connectDatabase(readDatabaseUrl(env), { connections: 1 });
  const progress = reportProgress(process.stderr);
  const startedAt = Date.now();
  let reached: Lived = { lived: 0, cases: 0 };
  const detail = (): string => describeProgress(reached, Date.now() - startedAt);
  try {
    workingDays.follow((await readSetting(database.db, 'calendar')).content);
    const work = () => forecast(database.db, { ...question, calendar }, (lived) => void (reached = lived));
    const report = reportOf(await progress.during(`Forecast of ${question.days} days`, work, detail), calendar);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
    if (csv !== undefined) writeFileSync(csv, forecastCsv(report));
    process.stdout.write(describeForecast(report));
  } finally {
    await database.close();
  }
}

function describeProgress({ lived, cases }: Lived, tookMs: number): string {
  if (lived === 0) return '';
  const leftSeconds = Math.round((tookMs / lived) * Math.max(0, cases - lived)) / 1_000;
  return `${lived} of ${cases} cases, about ${Math.ceil(leftSeconds)} s left`;
}
