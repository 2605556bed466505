import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { withClient } from '../../src/stack/postgres.ts';

export type FreshDatabase = { databaseUrl: string; ownerUrl: string; superuserUrl: string; drop: () => Promise<void> };

/** A migrated database of its own for one test file; `databaseUrl` is the application's role, `ownerUrl` the migrations'. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { superuserUrl, ownerUrl, databaseUrl, template } = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const command = (sql: string): Promise<unknown> => withClient(superuserUrl, (client) => client.query(sql));
  await command(`create database ${name} template ${template} owner xubao_owner`);
  const inside = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    databaseUrl: inside(databaseUrl),
    ownerUrl: inside(ownerUrl),
    superuserUrl: inside(superuserUrl),
    drop: async () => void (await command(`drop database if exists ${name} with (force)`)),
  };
}
