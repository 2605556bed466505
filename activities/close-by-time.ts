import { wallInstant } from '../src/db/business-clock.ts';
import { hasCome, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { receivedResults } from '../src/db/results/result-records.ts';
import { dayMs, type Instant } from '../src/renewal/calendar.ts';
import type { Ending } from '../src/renewal/case-state.ts';

export type CloseDecision = { kind: 'close'; ending: Ending } | { kind: 'not-yet'; until: Instant };

const minuteMs = 60_000;
const wallHourMs = 3_600_000;
const shortestWaitMs = 2_000;

/**
 * A close by time waits for its instant, and gives way to what the books know and the case has not heard; what people or
 * systems reported closes at once. `until` is a wall instant.
 */
export async function decideClose(tx: Db, situation: CaseSituation, ending: Ending): Promise<CloseDecision> {
  const { clock } = situation;
  const earliest = earliestClose(situation, ending.cause);
  if (earliest === undefined) return { kind: 'close', ending };
  if (!hasCome(situation, earliest)) return { kind: 'not-yet', until: wallInstant(clock, earliest) };
  const reported = reportedEnding(situation);
  if (reported) return { kind: 'close', ending: reported };
  if (!(await resultUnderWay(tx, situation, earliest))) return { kind: 'close', ending };
  const wallNow = wallInstant(clock, clock.now);
  return { kind: 'not-yet', until: Math.max(wallInstant(clock, clock.now + minuteMs), wallNow + shortestWaitMs) };
}

function earliestClose({ renewal, plan }: CaseSituation, cause: string): Instant | undefined {
  if (cause === 'grace-ended') return plan.closesAt;
  if (cause === 'second-round:no-answer') return renewal.secondRoundDueAt?.getTime() ?? plan.closesAt;
  return undefined;
}

/** What the core system reported while nobody could tell the case. */
function reportedEnding({ policy, plan }: CaseSituation): Ending | undefined {
  const cause = 'core-system';
  if (policy.renewedAs !== null) return { outcome: { kind: 'renewed', early: false }, cause };
  if (policy.cancelledOn !== null && policy.cancelledOn <= plan.closesOn) {
    return { outcome: { kind: 'lost', reason: 'sold-or-scrapped', renewable: false }, cause };
  }
  return undefined;
}

/** Whether a recorded result may still reach the case; one that never does must not keep the case open for good. */
async function resultUnderWay(tx: Db, { renewal, clock }: CaseSituation, earliest: Instant): Promise<boolean> {
  const patience = Math.max(dayMs, wallHourMs * clock.speed);
  const received = await receivedResults(tx, renewal.id);
  return received.some(({ recordedAt }) => clock.now < Math.max(earliest, recordedAt.getTime()) + patience);
}
