import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectDatabase, type Connection, type Db } from '../../src/db/connection.ts';
import { withClient } from '../../src/stack/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let database: FreshDatabase;
let connection: Connection;
const crashes: unknown[] = [];
const crash = (error: unknown): void => void crashes.push(error);

beforeAll(async () => {
  process.on('uncaughtException', crash);
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl, { connections: 1 });
});
afterAll(async () => {
  process.off('uncaughtException', crash);
  await connection.close();
  await database.drop();
});

/** As PostgreSQL does when it restarts, or when a process stood still for too long in a transaction. */
async function endConnectionOf(tx: Db): Promise<void> {
  const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const end = `select pg_terminate_backend(${rows[0]?.pid})`;
  await withClient(inject('postgres').superuserUrl, (client) => client.query(end));
  await sleep(200);
}

describe('A connection that PostgreSQL ends between two statements of a transaction', () => {
  test('costs that transaction, and neither the process nor the next one', async () => {
    const broken = connection.db.transaction(async (tx) => {
      await endConnectionOf(tx);
      await tx.execute(sql`select 1`);
    });
    await expect(broken).rejects.toThrow('Failed query');
    const { rows } = await connection.db.transaction((tx) => tx.execute(sql`select 1 as answer`));
    expect(rows).toEqual([{ answer: 1 }]);
    expect(crashes).toEqual([]);
  });
});
