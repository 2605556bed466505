import { describeForecast } from '../src/forecast/describe-forecast.ts';
import { reportOf } from '../src/forecast/forecast-report.ts';
import { forecast } from '../src/forecast/forecast.ts';
import { calendar, measured, withLargeBook } from './a-large-book.ts';

// Forecasts 60 days of a made book in a throwaway PostgreSQL: npx node bench/forecast.ts [open cases]; a fifth more come.
const open = Number(process.argv[2] ?? 100_000);
const coming = Math.floor(open / 5);

await withLargeBook({ open, coming }, async (db) => {
  const { answer: report, took } = await measured(async () =>
    reportOf(await forecast(db, { days: 60, calendar }), calendar),
  );
  console.log(describeForecast(report));
  console.log(`${report.cases.open} open and ${report.cases.coming} coming cases, 60 days: ${took}`);
});
