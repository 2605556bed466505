import { Client } from 'pg';
import { inject } from 'vitest';

/** Any number that nothing else locks. */
const workers = 774_001;

/**
 * Waits until no other test file runs workers on the server of this run, and keeps them out until it is released: workers
 * of two files would take each other's cases from the same queues and look for them in their own books.
 */
export async function takeWorkerTurn(): Promise<{ release: () => Promise<void> }> {
  const client = new Client({ connectionString: inject('postgres').superuserUrl });
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [workers]);
  return { release: () => client.end() };
}
