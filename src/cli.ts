#!/usr/bin/env node
import { Command } from 'commander';

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
    const { readSecrets } = await import('./config/secrets.ts');
    const { migrate } = await import('./db/migrate.ts');
    const { databaseOwnerUrl, databaseUrl } = readSecrets(process.env);
    if (!databaseOwnerUrl) throw new Error('XUBAO_DATABASE_OWNER_URL is needed to migrate');
    await migrate(databaseOwnerUrl, databaseUrl);
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
