import { and, eq, isNull, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Db } from './connection.ts';
import { idempotencyKeys } from './schema/operations.ts';

export type KeyedRequest = { subject: string; key: string; request: string; bodyHash: string };

export type StoredAnswer = { status: number; response: unknown };

export type Claim =
  | { kind: 'won'; id: string }
  | { kind: 'answered'; answer: StoredAnswer }
  | { kind: 'running' }
  | { kind: 'other-request' };

const lock = sql`clock_timestamp() + interval '60 seconds'`;

/**
 * Makes the caller the only one who acts on this key, or says what became of it. A winner who died is replaced once its
 * lock has passed; the id stays, so that what the request creates is created once.
 */
export async function claimKey(db: Db, request: KeyedRequest): Promise<Claim> {
  const [won] = await db
    .insert(idempotencyKeys)
    .values({ ...request, id: uuidv7(), lockedUntil: lock })
    .onConflictDoNothing({ target: [idempotencyKeys.subject, idempotencyKeys.key] })
    .returning({ id: idempotencyKeys.id });
  if (won) return { kind: 'won', id: won.id };
  const [known] = await db.select().from(idempotencyKeys).where(sameKey(request));
  if (!known) return { kind: 'running' };
  if (known.request !== request.request || known.bodyHash !== request.bodyHash) return { kind: 'other-request' };
  if (known.status !== null) return { kind: 'answered', answer: { status: known.status, response: known.response } };
  return takeOver(db, known.id);
}

async function takeOver(db: Db, id: string): Promise<Claim> {
  const [taken] = await db
    .update(idempotencyKeys)
    .set({ lockedUntil: lock })
    .where(and(unanswered(id), sql`${idempotencyKeys.lockedUntil} <= clock_timestamp()`))
    .returning({ id: idempotencyKeys.id });
  return taken ? { kind: 'won', id } : { kind: 'running' };
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

/** Lets the next repetition try again with the same id, after an answer that is not final. */
export async function releaseKey(db: Db, id: string): Promise<void> {
  await db
    .update(idempotencyKeys)
    .set({ lockedUntil: sql`clock_timestamp()` })
    .where(unanswered(id));
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
