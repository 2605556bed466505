import { sql, type SQL } from 'drizzle-orm';
import { tasks } from '../db/schema/tasks.ts';
import { dayMs, type Instant } from '../renewal/calendar.ts';
import { fullWeight, halfWeightPremium, lateLift, latestDays } from '../renewal/worklist.ts';

/**
 * The score of src/renewal/worklist.ts (`rankTask`) as an expression on `tasks`, at a business instant in milliseconds. The
 * same steps in the same order in double precision, so that both give the same number to the last bit (decision record 0013).
 */
export function worklistScore(now: Instant): SQL {
  const premium = sql`${tasks.value}::float8`;
  const half = double(halfWeightPremium);
  const weight = sql`((${double(1)} + (${double(fullWeight)} * ${premium}) / (${premium} + ${half}))
    * (${double(1)} + least(${tasks.priority}, 100)::float8 / ${double(100)}))`;
  const dueAt = sql`floor(extract(epoch from ${tasks.dueAt}) * 1000)::float8`;
  const daysLeft = sql`floor((${dueAt} - ${double(now)}) / ${double(dayMs)})`;
  const lateDays = sql`least(-${daysLeft}, ${double(latestDays)}) / ${double(latestDays)}`;
  return sql`(case when ${daysLeft} < 0 then ${double(lateLift)} + ${weight} * (${double(1)} + ${lateDays})
    else ${weight} / (${double(1)} + ${daysLeft}) end)`;
}

function double(value: number): SQL {
  return sql.raw(`${value}::float8`);
}
