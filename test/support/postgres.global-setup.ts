import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/db/migrate.ts';
import { freePort } from '../../src/stack/ports.ts';
import { preparePostgres, withClient } from '../../src/stack/postgres.ts';

export type TestPostgres = { superuserUrl: string; ownerUrl: string; databaseUrl: string; template: string };

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}

/** Starts one throwaway cluster for the project and migrates the database that every test file gets a copy of. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xubao-test-postgres-'));
  chmodSync(dataDir, 0o711);
  const logFile = join(dataDir, 'postgres.log');
  const postgres = preparePostgres({ dataDir, port: await freePort(), logFile, throwaway: true });
  const running = await postgres.start();
  const template = 'xubao_template';
  await withClient(postgres.superuserUrl(), (client) => client.query(`create database ${template} owner xubao_owner`));
  await migrate(postgres.ownerUrl(template), postgres.databaseUrl(template));
  const urls = {
    superuserUrl: postgres.superuserUrl(),
    ownerUrl: postgres.ownerUrl(),
    databaseUrl: postgres.databaseUrl(),
  };
  project.provide('postgres', { ...urls, template });
  return async () => {
    await running.stop();
    for (const folder of [dataDir, postgres.folder]) rmSync(folder, { recursive: true, force: true });
  };
}
