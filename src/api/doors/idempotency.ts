import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../db/connection.ts';
import {
  claimKey,
  releaseKey,
  renewLease,
  storeAnswer,
  type KeyedRequest,
  type Lease,
} from '../../db/idempotency-records.ts';
import { documentOf, Problem, problemFrom, unavailable } from './problem.ts';
import type { Answer } from './route.ts';

const longestWaitMs = 30_000;
const usualLeaseMs = 60_000;

/** `leaseMs` is how long a key stays with a process that died; while the work goes on it is renewed. */
export type KeyStore = { db: Db; leaseMs?: number };

/**
 * Runs the work of one key once: repetitions wait for the first and get its answer (promises.md, Races). Only answers that
 * are final are kept; after a 5xx the next repetition tries again with the same id.
 */
export async function onceForKey(
  { db, leaseMs = usualLeaseMs }: KeyStore,
  request: KeyedRequest,
  work: (id: string) => Promise<Answer>,
): Promise<Answer> {
  const giveUpAt = Date.now() + longestWaitMs;
  for (let pauseMs = 25; Date.now() < giveUpAt; pauseMs = Math.min(pauseMs * 2, 400)) {
    const claim = await claimKey(db, request, leaseMs);
    switch (claim.kind) {
      case 'won':
        return perform({ db, leaseMs }, claim.lease, work);
      case 'answered':
        return { ...(claim.answer.response as Omit<Answer, 'status'>), status: claim.answer.status };
      case 'other-request':
        throw new Problem({
          status: 422,
          code: 'key-reused',
          detail: 'This Idempotency-Key was used for another request.',
          errors: [{ path: 'Idempotency-Key', message: 'Already used for another request' }],
        });
      case 'running':
        await sleep(pauseMs);
    }
  }
  throw unavailable('The answer to the first request with this Idempotency-Key');
}

async function perform(
  { db, leaseMs }: Required<KeyStore>,
  lease: Lease,
  work: (id: string) => Promise<Answer>,
): Promise<Answer> {
  const { id } = lease;
  const holding = keepLease({ db, leaseMs }, lease);
  const answer = await work(id).catch(async (error: unknown) => {
    const problem = problemFrom(error);
    if (problem.facts.status < 500) return problemAnswer(problem);
    await releaseKey(db, await holding.stop()).catch(() => {});
    throw error;
  });
  await holding.stop();
  const { status, body, ...rest } = answer;
  const response = body === undefined ? rest : { ...rest, json: JSON.stringify(body) };
  const stored = await storeAnswer(db, id, { status, response });
  return { ...(stored.response as Omit<Answer, 'status'>), status: stored.status };
}

/** Renews a lease in the background; `stop` answers the last one. A renewal that fails is tried again before the lease ends. */
function keepLease({ db, leaseMs }: Required<KeyStore>, first: Lease): { stop: () => Promise<Lease> } {
  let held = Promise.resolve(first);
  const renew = async (before: Lease): Promise<Lease> => (await renewLease(db, before, leaseMs)) ?? before;
  const timer = setInterval(() => {
    held = held.then((before) => renew(before).catch(() => before));
  }, leaseMs / 4);
  return {
    stop: () => {
      clearInterval(timer);
      return held;
    },
  };
}

export function problemAnswer(problem: Problem): Answer {
  const content = JSON.stringify(documentOf(problem));
  const { status, headers } = problem.facts;
  return { status, text: { type: 'application/problem+json', content }, ...(headers ? { headers } : {}) };
}

export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)) ?? '')
    .digest('hex');
}

/** The same fields in another order are the same request. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
