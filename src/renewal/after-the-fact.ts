import { dayMs, type Instant } from './calendar.ts';
import { stageAt, type CasePlan } from './case-plan.ts';
import { horizonDays } from './eligibility.ts';

/**
 * Whether an entry was made after the fact (business.md, Figures): more than a day of business time later, or an effective
 * contact that was entered in a later stage than it took place in. Instants are business milliseconds.
 */
export function isAfterTheFact(
  entry: { occurredAt: Instant | undefined; recordedAt: Instant; isEffective: boolean },
  plan: Pick<CasePlan, 'stages'>,
): boolean {
  const { occurredAt, recordedAt, isEffective } = entry;
  if (occurredAt === undefined) return false;
  if (recordedAt - occurredAt > dayMs) return true;
  return isEffective && stageAt(plan, occurredAt)?.stage !== stageAt(plan, recordedAt)?.stage;
}

/** The earliest instant at which a contact can have been about a term, given when its case was opened: a horizon before it. */
export function earliestContactAt(openedAt: Instant): Instant {
  return openedAt - horizonDays * dayMs;
}
