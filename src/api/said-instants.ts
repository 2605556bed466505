import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { readResult } from '../db/results/struck-results.ts';
import { badFields } from './doors/problem.ts';

type Written = { callBackAt?: string | undefined; occurredAt?: string | undefined };
type Said = { callBackAt?: Date; occurredAt?: Date };

/**
 * A call-back lies in the future of business time and a contact in its past, whatever the wall says. What was recorded
 * under this id before is not judged again: a request that is sent once more may come after its call-back.
 */
export async function checkedInstants(db: Db, { callBackAt, occurredAt }: Written, id: string): Promise<Said> {
  if (callBackAt === undefined && occurredAt === undefined) return {};
  const { now } = await readClock(db);
  const isEarly = callBackAt !== undefined && Date.parse(callBackAt) <= now && !(await readResult(db, id));
  if (isEarly) throw badFields([{ path: 'callBackAt', message: `Must be later than now, which is ${iso(now)}` }]);
  if (occurredAt !== undefined && Date.parse(occurredAt) > now) {
    throw badFields([{ path: 'occurredAt', message: `Must not be later than now, which is ${iso(now)}` }]);
  }
  return {
    ...(callBackAt === undefined ? {} : { callBackAt: new Date(callBackAt) }),
    ...(occurredAt === undefined ? {} : { occurredAt: new Date(occurredAt) }),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
