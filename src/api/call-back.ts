import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { badFields } from './problem.ts';

/** A call-back lies in the future of business time, whatever the wall says. */
export async function checkedCallBack(db: Db, written: string | undefined): Promise<Date | undefined> {
  if (written === undefined) return undefined;
  const { now } = await readClock(db);
  if (Date.parse(written) > now) return new Date(written);
  throw badFields([{ path: 'callBackAt', message: `Must be later than now, which is ${new Date(now).toISOString()}` }]);
}
