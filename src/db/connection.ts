import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';

export type Db = NodePgDatabase;

export type Connection = { db: Db; pool: Pool; close: () => Promise<void> };

/** Opens a pool of connections as the application's role; `close` waits until they are given back. */
export function connectDatabase(databaseUrl: string, options: { connections?: number } = {}): Connection {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: options.connections ?? 20,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  // An idle connection that breaks (PostgreSQL restarted) is replaced at the next query; unhandled it would end the process.
  pool.on('error', () => {});
  // The same for one in a transaction: it breaks the transaction, whose next statement says so.
  pool.on('connect', (client) => client.on('error', () => {}));
  return { db: drizzle(pool, { casing: 'snake_case' }), pool, close: () => pool.end() };
}
