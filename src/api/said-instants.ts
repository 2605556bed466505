import { firstCloseOf } from '../db/cases/closing-instant.ts';
import { firstOpenedAt } from '../db/cases/opening-instant.ts';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { readResult } from '../db/results/struck-results.ts';
import { earliestContactAt } from '../renewal/after-the-fact.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { badFields } from './doors/problem.ts';

type Written = { callBackAt?: string | undefined; occurredAt?: string | undefined };
type Said = { callBackAt?: Date; occurredAt?: Date };
type Parts = { db: Db; calendar: Calendar };

type Known = { id: string; renewalIds: readonly string[] };

/**
 * A call-back lies in the future of business time and before its cases close, and a contact in its past, not long before its
 * cases were opened, whatever the wall says. What was recorded under this id before is not judged again: a request that is sent once more may come after its
 * call-back.
 */
export async function checkedInstants(parts: Parts, { callBackAt, occurredAt }: Written, known: Known): Promise<Said> {
  if (callBackAt === undefined && occurredAt === undefined) return {};
  const { now } = await readClock(parts.db);
  if (callBackAt !== undefined) await requireInTime(parts, Date.parse(callBackAt), { ...known, now });
  if (occurredAt !== undefined) await requirePast(parts.db, Date.parse(occurredAt), { ...known, now });
  return {
    ...(callBackAt === undefined ? {} : { callBackAt: new Date(callBackAt) }),
    ...(occurredAt === undefined ? {} : { occurredAt: new Date(occurredAt) }),
  };
}

async function requireInTime(
  { db, calendar }: Parts,
  at: number,
  { id, renewalIds, now }: Known & { now: number },
): Promise<void> {
  const before = (await firstCloseOf(db, renewalIds, calendar)) ?? Infinity;
  if ((at > now && at < before) || (await readResult(db, id))) return;
  const message =
    at > now ? `Must be before the case closes, ${iso(before)}` : `Must be later than now, which is ${iso(now)}`;
  throw badFields([{ path: 'callBackAt', message }]);
}

async function requirePast(db: Db, at: number, { renewalIds, now }: Known & { now: number }): Promise<void> {
  if (at > now) {
    throw badFields([{ path: 'occurredAt', message: `Must not be later than now, which is ${iso(now)}` }]);
  }
  const openedAt = await firstOpenedAt(db, renewalIds);
  const earliest = openedAt === undefined ? -Infinity : earliestContactAt(openedAt);
  if (at < earliest) {
    throw badFields([
      { path: 'occurredAt', message: `Must not be before ${iso(earliest)}: the case was opened later` },
    ]);
  }
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
