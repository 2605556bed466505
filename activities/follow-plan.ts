import type { CaseSituation } from '../src/db/cases/case-situation.ts';
import { readPlans } from '../src/db/cases/plan-records.ts';
import { presentOf, readRunningCase } from '../src/db/cases/running-case.ts';
import type { Db } from '../src/db/connection.ts';
import { defaultStagePlan } from '../src/renewal/default-stage-plan.ts';
import { followPlan, type Following } from '../src/renewal/follow-plan.ts';
import { stageAt } from '../src/renewal/case-plan.ts';
import { keepStage } from '../src/db/cases/stage-records.ts';
import { journaliseFollowing, keep, standStill } from './keep-stage.ts';

/** What became of a case that a roll-out came to. */
export type FollowedPlan =
  | { kind: 'closed' }
  | { kind: 'follows-already' }
  /** Its books follow the plan now, unless its stage turns: that its workflow does. */
  | { kind: 'follows'; following: Following };

/**
 * Brings the books of an open case to the plan now in force, and says whether its workflow has to be told. A case whose
 * stage turns is left to its workflow. A second time changes nothing.
 */
export async function followPlanInBooks(tx: Db, situation: CaseSituation): Promise<FollowedPlan> {
  const { renewal, planVersion, stagePlan } = situation;
  if (renewal.outcome !== null) return { kind: 'closed' };
  if (renewal.planVersion === planVersion && renewal.armedPlanVersion === planVersion)
    return { kind: 'follows-already' };
  const known = await readPlans(tx, [renewal.planVersion, renewal.armedPlanVersion]);
  const planOf = (version: number) => known.get(version) ?? defaultStagePlan;
  const plans = {
    books: planOf(renewal.planVersion),
    armed: planOf(renewal.armedPlanVersion),
    target: stagePlan,
  };
  const following = followPlan(await readRunningCase(tx, situation), plans, presentOf(situation));
  if (renewal.planVersion !== planVersion) await write(tx, situation, following);
  return { kind: 'follows', following };
}

async function write(tx: Db, situation: CaseSituation, { stageBefore, stageAfter, pauses }: Following): Promise<void> {
  if (pauses) {
    await standStill(tx, situation);
  } else if (stageBefore === undefined) {
    await keepStage(tx, situation, undefined);
    await journaliseFollowing(tx, situation, { stage: undefined, tasks: [], messages: [] });
  } else if (stageAfter === stageBefore) {
    await keep(tx, situation, stageAt(situation.plan, situation.clock.now + situation.tolerance));
  }
}
