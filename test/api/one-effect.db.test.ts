import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onceForKey } from '../../src/api/doors/idempotency.ts';
import { Problem, unavailable } from '../../src/api/doors/problem.ts';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { claimKey, releaseKey, renewLease, type Claim } from '../../src/db/idempotency-records.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

let database: FreshDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

const aRequest = (key: string) => ({ subject: 'admin', key, request: 'post /v1/things', bodyHash: 'hash' });

const leaseOf = (claim: Claim) => {
  if (claim.kind !== 'won') throw new Error(`Expected to win, but: ${claim.kind}`);
  return claim.lease;
};

describe('The work of one key', () => {
  test('runs once, though it takes longer than the key stays with a process that died', async () => {
    let runs = 0;
    const send = () =>
      onceForKey({ db: connection.db, leaseMs: 400 }, aRequest('slow'), async () => {
        runs += 1;
        await sleep(2_000);
        return { status: 201, body: { run: runs } };
      });
    const answers = await Promise.all([send(), send(), send()]);
    expect(runs).toBe(1);
    expect(new Set(answers.map(({ json }) => json))).toEqual(new Set(['{"run":1}']));
  });

  test('runs again with the same id after an answer that was not final', async () => {
    const ids: string[] = [];
    const send = () =>
      onceForKey({ db: connection.db }, aRequest('away'), async (id) => {
        ids.push(id);
        if (ids.length === 1) throw unavailable('Temporal');
        return { status: 201, body: {} };
      });
    await expect(send()).rejects.toBeInstanceOf(Problem);
    expect(await send()).toMatchObject({ status: 201 });
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(2);
  });
});

describe('A process that was away for longer than its lease', () => {
  test('cannot give back the key that another one took over', async () => {
    const { db } = connection;
    const late = leaseOf(await claimKey(db, aRequest('paused'), 0));
    const next = leaseOf(await claimKey(db, aRequest('paused'), 60_000));
    expect(next.id).toBe(late.id);
    await releaseKey(db, late);
    expect(await renewLease(db, late, 60_000)).toBeUndefined();
    expect(await claimKey(db, aRequest('paused'), 60_000)).toEqual({ kind: 'running' });
    expect(await renewLease(db, next, 60_000)).toMatchObject({ id: late.id });
  });
});
