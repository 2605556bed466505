import { and, eq, inArray } from 'drizzle-orm';
import { countsIn, type ContactResult } from '../../renewal/contact-result.ts';
import { stages, type Stage } from '../../renewal/stage-plan.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { contactResults } from '../schema/contact-results.ts';

type Recorded = { state: string; stage: Stage; result: ContactResult };

/**
 * The stage before the present one that ended with a result which its case now hears was a mistake, while nothing that
 * remains has counted since; undefined when there is none.
 */
export async function stageLeftUncounted(
  tx: Db,
  { renewal, stagePlan }: Pick<CaseSituation, 'renewal' | 'stagePlan'>,
  present: Stage,
): Promise<Stage | undefined> {
  const rows = await tx
    .select({ state: contactResults.state, stage: contactResults.stage, result: contactResults.result })
    .from(contactResults)
    .where(
      and(
        eq(contactResults.renewalId, renewal.id),
        eq(contactResults.kind, 'contact'),
        inArray(contactResults.state, ['correcting', 'applied', 'received']),
      ),
    );
  const recorded = rows.map((row) => ({ ...row, stage: row.stage ?? 'preparation' })) as Recorded[];
  const remaining = recorded.filter(({ state }) => state !== 'correcting');
  const isUncounted = ({ state, stage, result }: Recorded): boolean =>
    state === 'correcting' &&
    isBefore(stage, present) &&
    countsIn(stagePlan, stage, result) &&
    !remaining.some((one) => !isBefore(one.stage, stage) && countsIn(stagePlan, stage, one.result));
  const [last] = recorded.filter(isUncounted).toSorted((one, other) => (isBefore(one.stage, other.stage) ? 1 : -1));
  return last?.stage;
}

function isBefore(one: Stage, other: Stage): boolean {
  return stages.indexOf(one) < stages.indexOf(other);
}
