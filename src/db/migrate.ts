import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';

const migrationsFolder = fileURLToPath(
  new URL(import.meta.url.includes('/dist/') ? '../../../drizzle' : '../../drizzle', import.meta.url),
);
const lockKey = 20_260_060;
const lockTimeout = '20s';

/**
 * Brings the schema up to date as its owner, then lets the application's role log in with the password of its own URL.
 * Several at once wait for each other.
 */
export async function migrate(ownerUrl: string, databaseUrl?: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    // A migration that has to wait for a long transaction gives up instead of letting every request queue behind it.
    await client.query(`set lock_timeout = '${lockTimeout}'`);
    await runMigrations(drizzle(client), { migrationsFolder });
    if (databaseUrl) await allowLogin(client, databaseUrl);
  } finally {
    await client.end();
  }
}

async function allowLogin(client: Client, databaseUrl: string): Promise<void> {
  const { username, password } = new URL(databaseUrl);
  const role = client.escapeIdentifier(decodeURIComponent(username));
  await client.query(`alter role ${role} with login password ${client.escapeLiteral(decodeURIComponent(password))}`);
}
