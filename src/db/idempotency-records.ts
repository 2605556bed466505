import { and, eq, isNull, sql, type SQL } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Db } from './connection.ts';
import { idempotencyKeys } from './schema/operations.ts';

export type KeyedRequest = { subject: string; key: string; request: string; bodyHash: string };

export type StoredAnswer = { status: number; response: unknown };

/** The right to act on a key until an instant (as PostgreSQL writes it); whoever renews it goes on having it. */
export type Lease = { id: string; lockedUntil: string };

export type Claim =
  | { kind: 'won'; lease: Lease }
  | { kind: 'answered'; answer: StoredAnswer }
  | { kind: 'running' }
  | { kind: 'other-request' };

const lease = { id: idempotencyKeys.id, lockedUntil: sql<string>`${idempotencyKeys.lockedUntil}::text` };

/**
 * Makes the caller the only one who acts on this key, or says what became of it. A winner who died is replaced once its
 * lease has passed; the id stays, so that what the request creates is created once.
 */
export async function claimKey(db: Db, request: KeyedRequest, leaseMs: number): Promise<Claim> {
  const [won] = await db
    .insert(idempotencyKeys)
    .values({ ...request, id: uuidv7(), lockedUntil: leaseEnd(leaseMs) })
    .onConflictDoNothing({ target: [idempotencyKeys.subject, idempotencyKeys.key] })
    .returning(lease);
  if (won) return { kind: 'won', lease: won };
  const [known] = await db.select().from(idempotencyKeys).where(sameKey(request));
  if (!known) return { kind: 'running' };
  if (known.request !== request.request || known.bodyHash !== request.bodyHash) return { kind: 'other-request' };
  if (known.status !== null) return { kind: 'answered', answer: { status: known.status, response: known.response } };
  const hasPassed = sql`${idempotencyKeys.lockedUntil} <= clock_timestamp()`;
  const taken = await extend(db, and(unanswered(known.id), hasPassed), leaseMs);
  return taken ? { kind: 'won', lease: taken } : { kind: 'running' };
}

/** Goes on having a key while the work takes longer than the lease; undefined when somebody else took it over. */
export function renewLease(db: Db, held: Lease, leaseMs: number): Promise<Lease | undefined> {
  return extend(db, stillHeld(held), leaseMs);
}

async function extend(db: Db, which: SQL | undefined, leaseMs: number): Promise<Lease | undefined> {
  const [held] = await db
    .update(idempotencyKeys)
    .set({ lockedUntil: leaseEnd(leaseMs) })
    .where(which)
    .returning(lease);
  return held;
}

/** Stores the answer for every repetition and answers what is stored: the first one wins. */
export async function storeAnswer(db: Db, id: string, answer: StoredAnswer): Promise<StoredAnswer> {
  const stored = await db
    .update(idempotencyKeys)
    .set(answer)
    .where(unanswered(id))
    .returning({ id: idempotencyKeys.id });
  if (stored.length > 0) return answer;
  const [first] = await db.select().from(idempotencyKeys).where(eq(idempotencyKeys.id, id));
  return first?.status ? { status: first.status, response: first.response } : answer;
}

/** Lets the next repetition try again with the same id, after an answer that is not final; no use once somebody else has the key. */
export async function releaseKey(db: Db, held: Lease): Promise<void> {
  await db
    .update(idempotencyKeys)
    .set({ lockedUntil: sql`clock_timestamp()` })
    .where(stillHeld(held));
}

export async function forgetOldKeys(db: Db, olderThanDays: number): Promise<void> {
  await db
    .delete(idempotencyKeys)
    .where(sql`${idempotencyKeys.createdAt} < clock_timestamp() - ${olderThanDays} * interval '1 day'`);
}

function sameKey({ subject, key }: KeyedRequest) {
  return and(eq(idempotencyKeys.subject, subject), eq(idempotencyKeys.key, key));
}

function unanswered(id: string) {
  return and(eq(idempotencyKeys.id, id), isNull(idempotencyKeys.status));
}

function stillHeld({ id, lockedUntil }: Lease) {
  return and(unanswered(id), sql`${idempotencyKeys.lockedUntil} = ${lockedUntil}::timestamptz`);
}

function leaseEnd(leaseMs: number) {
  return sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;
}
