import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { prepareOnce } from '../../src/db/prepare-once.ts';
import { branches } from '../../src/db/schema/organisation.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let database: FreshDatabase;
let connection: Connection;
let builds = 0;

const branchNamed = prepareOnce('branch_named', (db) => {
  builds += 1;
  return db
    .select()
    .from(branches)
    .where(eq(branches.name, sql.placeholder('name')));
});

beforeAll(async () => {
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl, { connections: 3 });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

describe('A query that is built once', () => {
  test('runs in the transaction of its caller, at the same time as in others', async () => {
    const { db } = connection;
    const seen: Record<string, string[]> = {};
    const look = (id: string): Promise<void> =>
      db.transaction(async (tx) => {
        await tx.insert(branches).values({ id, name: 'shared' });
        seen[id] = (await branchNamed(tx, { name: 'shared' })).map((row) => row.id);
        tx.rollback();
      });

    await Promise.allSettled([look('B1'), look('B2')]);

    expect([seen, await branchNamed(db, { name: 'shared' })]).toEqual([{ B1: ['B1'], B2: ['B2'] }, []]);
  });

  test('is built once, whoever asks, and answers rows as any other query does', async () => {
    await connection.db.insert(branches).values({ id: 'B3', name: 'kept' });
    const asUsual = await connection.db.select().from(branches).where(eq(branches.name, 'kept'));
    expect(await branchNamed(connection.db, { name: 'kept' })).toEqual(asUsual);
    expect(builds).toBe(1);
  });
});
