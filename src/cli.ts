#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { unreachable } from './config/unreachable.ts';
import type { RawForecastOptions } from './forecast/forecast-options.ts';
import type { PreviewOptions } from './main-preview.ts';
import type { RawOptions } from './rehearsal/rehearsal-options.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const program = new Command('xubao').description('Keeps motor insurance policies from lapsing.').showHelpAfterError();

program
  .command('start')
  .description('bring up everything on this machine: PostgreSQL, Temporal, mail catcher, SMS stand-in, API, worker')
  .action(async () => {
    const { start } = await import('./stack/start-command.ts');
    await start();
  });

program
  .command('migrate')
  .description('bring the database schema up to date (XUBAO_DATABASE_OWNER_URL)')
  .action(async () => {
    const { readMigrationUrls } = await import('./config/secrets.ts');
    const { migrate } = await import('./db/migrate.ts');
    const { ownerUrl, databaseUrl } = readMigrationUrls(process.env);
    await migrate(ownerUrl, databaseUrl);
  });

program
  .command('seed')
  .description('load the example book into the embedded stack that runs here; a second time changes nothing')
  .action(async () => {
    const { seed } = await import('./stack/seed-command.ts');
    await seed();
  });

program
  .command('rebuild')
  .description("after Temporal's store is lost: open every open case again from PostgreSQL, where it stood")
  .action(async () => {
    const { rebuild } = await import('./main-rebuild.ts');
    await rebuild();
  });

program
  .command('journal')
  .description('the append-only journal of every decision')
  .command('verify')
  .description('walk every chain and name the first bad entry; ends with 1 when something was changed or taken out')
  .option('--chain <id>', 'one chain only, such as the id of a case')
  .action(async (options: { chain?: string }) => {
    const { verify } = await import('./main-journal.ts');
    await verify(options);
  });

program
  .command('bounce')
  .description('take one mail from a mail system (on standard input) that says which of our mails it could not deliver')
  .action(async () => {
    const { bounce } = await import('./main-bounce.ts');
    await bounce();
  });

program
  .command('rehearse')
  .description(
    'live a past season again on a throwaway stack, in minutes, and compare its books with what really happened',
  )
  .requiredOption('--book <file>', 'a book of past terms: CSV, also gzipped, or XLSX')
  .requiredOption('--format <name>', 'its format: segura-2024')
  .requiredOption('--from <date>', 'first expiry day of the season, YYYY-MM-DD')
  .requiredOption('--to <date>', 'last expiry day of the season, included')
  .option('--day <length>', 'how long a business day lasts', '6s')
  .option('--limit <count>', 'take so many terms only, of every kind of ending')
  .option('--running', 'use the embedded stack that the environment describes instead of a new one')
  .option('--keep', 'keep the temporary folder with list, mails and logs')
  .option('--json <file>', 'write the result as JSON too')
  .action(async (options: RawOptions) => {
    const { rehearse } = await import('./rehearsal/rehearse-command.ts');
    await rehearse(options);
  });

program
  .command('forecast')
  .description(
    'messages, calls and tasks of the next days by person against what they can do, while nobody records anything',
  )
  .option('--plan <version>', 'as if this version of the stage plan, draft or published, held in its scope')
  .option('--days <count>', 'how many days, today included', '60')
  .option('--branch <id>', 'cases of this branch and those below it only')
  .option('--json <file>', 'write everything as JSON')
  .option('--csv <file>', 'write one row for each day and person as CSV')
  .action(async (options: RawForecastOptions) => {
    const { foretell } = await import('./main-forecast.ts');
    await foretell(options);
  });

program
  .command('preview')
  .description('what publishing a stage plan would do to the open cases, in sum and case by case; changes nothing')
  .requiredOption('--plan <version>', 'the version, a draft for instance')
  .option('--nudges <count>', 'how many running cases would be told a second', '20')
  .option('--csv <file>', 'write one row for each case as CSV')
  .option('--json <file>', 'write the sum as JSON')
  .action(async (options: PreviewOptions) => {
    const { previewPlan } = await import('./main-preview.ts');
    await previewPlan(options);
  });

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof Error && error.constructor === Error;
  process.stderr.write(`${unreachable(error) ?? (isExpected ? error.message : describe(error))}\n`);
  process.exitCode = 1;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'SettingsError' ? error.message : (error.stack ?? error.message);
}
