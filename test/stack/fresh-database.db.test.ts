import { describe, expect, test } from 'vitest';
import { withClient } from '../../src/stack/postgres.ts';
import { freshDatabase } from '../support/postgres.ts';

describe('a fresh database', () => {
  test('is migrated, in UTF-8 and UTC, and the application is not its owner', async () => {
    const { databaseUrl, drop } = await freshDatabase();
    const { rows } = await withClient(databaseUrl, (client) =>
      client.query<Record<string, string>>(
        `select current_user as who, current_setting('timezone') as zone, current_setting('server_encoding') as encoding,
           (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner,
           (select count(*) > 5 from information_schema.tables where table_schema = 'public') as migrated`,
      ),
    );
    await drop();
    expect(rows).toEqual([{ who: 'xubao_app', zone: 'UTC', encoding: 'UTF8', owner: 'xubao_owner', migrated: true }]);
  });

  test('is nobody else’s', async () => {
    const [first, second] = await Promise.all([freshDatabase(), freshDatabase()]);
    await withClient(first.ownerUrl, (client) => client.query('create table only_here (id int)'));
    const { rows } = await withClient(second.ownerUrl, (client) =>
      client.query("select to_regclass('only_here') as found"),
    );
    await Promise.all([first.drop(), second.drop()]);
    expect(rows).toEqual([{ found: null }]);
  });
});
