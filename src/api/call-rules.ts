import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { readSetting } from '../db/settings-records.ts';
import { hasRole, type Person } from '../db/staff-records.ts';
import { readResult } from '../db/struck-results.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { missingScriptSteps } from '../renewal/call-script.ts';
import { callTimeAt } from '../renewal/call-window.ts';
import type { ContactResult } from '../renewal/contact-result.ts';
import { badFields } from './problem.ts';

type Parts = { db: Db; calendar: Calendar };

type Said = {
  result?: ContactResult | undefined;
  channel?: string | undefined;
  occurredAt?: Date | undefined;
  script?: readonly string[] | undefined;
};

/**
 * What a result of the call centre keeps to: a renewal by telephone was explained as the script says, and the call took
 * place inside the legal call window. A request that is sent once more is not judged again.
 */
export async function requireCallRules(
  parts: Parts,
  person: Person,
  { id, ...said }: Said & { id: string },
): Promise<void> {
  const { result, channel = 'phone', occurredAt, script = [] } = said;
  if (result === undefined || channel !== 'phone' || !worksForCallCentre(person)) return;
  const missing = missingScriptSteps(result, script);
  if (missing.length > 0) throw badFields([{ path: 'script', message: `Still to be read: ${missing.join(', ')}` }]);
  if (await readResult(parts.db, id)) return;
  const calledAt = occurredAt?.getTime() ?? (await readClock(parts.db)).now;
  const { content: window } = await readSetting(parts.db, 'call-window');
  const callTime = callTimeAt(calledAt, window, parts.calendar);
  if (callTime.kind === 'open') return;
  const opensAt = new Date(callTime.from).toISOString();
  throw badFields([{ path: 'occurredAt', message: `Outside the legal call window, which opens at ${opensAt}` }]);
}

/** Whoever also works in the field meets customers in other ways. */
function worksForCallCentre(person: Person): boolean {
  return hasRole(person, 'call-centre') && !hasRole(person, 'agent', 'specialist', 'supervisor');
}
