import { sql } from 'drizzle-orm';
import type { CaseDeps } from '../cases/connect.ts';
import { recordDeparture } from '../cases/departures.ts';
import { noticeBehindTheCore, noticeExpiryCorrected } from '../cases/notices.ts';
import { readClock } from '../db/business-clock.ts';
import { renewals } from '../db/schema/renewals.ts';
import type { ImportSummary } from '../intake/import-list.ts';

/**
 * What a list means for open cases: their timers follow a corrected expiry, a later term of their vehicle ends them, and
 * those of agents who left are orphans.
 */
export function tellAfterImport(deps: CaseDeps): (summary: ImportSummary) => Promise<void> {
  return async ({ correctedRenewalIds, departedAgentIds }) => {
    const corrected = await deps.db
      .select({ renewalId: renewals.id, revision: renewals.expiryRevision })
      .from(renewals)
      .where(sql`${renewals.id} = any(${sql.param(correctedRenewalIds)}::text[])`);
    await noticeExpiryCorrected(deps, corrected);
    await noticeBehindTheCore(deps);
    if (departedAgentIds.length === 0) return;
    const effectiveOn = deps.calendar.dayOf((await readClock(deps.db)).now);
    for (const staffId of departedAgentIds) await recordDeparture(deps, { staffId, effectiveOn, by: 'import' });
  };
}
