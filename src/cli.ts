#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';

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
  .command('rebuild')
  .description("after Temporal's store is lost: open every open case again from PostgreSQL, where it stood")
  .action(async () => {
    const { rebuild } = await import('./main-rebuild.ts');
    await rebuild();
  });

try {
  await program.parseAsync();
} catch (error) {
  const isExpected = error instanceof Error && error.constructor === Error;
  process.stderr.write(`${isExpected ? error.message : describe(error)}\n`);
  process.exitCode = 1;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'SettingsError' ? error.message : (error.stack ?? error.message);
}
