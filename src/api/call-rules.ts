import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { journalise } from '../db/journal/journal-records.ts';
import { readSetting } from '../db/settings-records.ts';
import { hasRole, type Person } from '../db/staff/staff-records.ts';
import { readResult } from '../db/results/struck-results.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { missingScriptSteps } from '../renewal/call-script.ts';
import { callTimeAt } from '../renewal/call-window.ts';
import type { ContactResult } from '../renewal/contact-result.ts';
import { badFields } from './doors/problem.ts';

type Parts = { db: Db; calendar: Calendar };

type Said = {
  result?: ContactResult | undefined;
  channel?: string | undefined;
  occurredAt?: Date | undefined;
  script?: readonly string[] | undefined;
};

/**
 * What a result of the call centre keeps to: whoever says what was read out has read what a renewal by telephone needs. A
 * call outside the legal window is kept, because it took place, and told in the journal. A request that is sent once
 * more is not judged again.
 */
export async function requireCallRules(
  parts: Parts,
  person: Person,
  { id, renewalIds, ...said }: Said & { id: string; renewalIds: readonly string[] },
): Promise<void> {
  const { result, channel = 'phone', occurredAt, script = [] } = said;
  if (result === undefined || channel !== 'phone' || !worksForCallCentre(person)) return;
  // Without a script the closing list, which every renewal by a person ticks, says that the duty was met.
  const missing = script.length === 0 ? [] : missingScriptSteps(result, script);
  if (missing.length > 0) throw badFields([{ path: 'script', message: `Still to be read: ${missing.join(', ')}` }]);
  if (await readResult(parts.db, id)) return;
  const calledAt = occurredAt?.getTime() ?? (await readClock(parts.db)).now;
  const { content: window, version } = await readSetting(parts.db, 'call-window');
  if (callTimeAt(calledAt, window, parts.calendar).kind === 'open') return;
  const entry = { actor: person.id, event: 'called-outside-window', reason: 'call-window' };
  const inputs = { resultId: id, calledAt: new Date(calledAt).toISOString(), settingVersion: version };
  await journalise(
    parts.db,
    renewalIds.map((chain) => ({ ...entry, chain, inputs })),
  );
}

/** Whoever also works in the field meets customers in other ways. */
function worksForCallCentre(person: Person): boolean {
  return hasRole(person, 'call-centre') && !hasRole(person, 'agent', 'specialist', 'supervisor');
}
