import { hasCome, type CaseSituation } from '../src/db/cases/case-situation.ts';
import type { Db } from '../src/db/connection.ts';
import { stageLeftUncounted } from '../src/db/results/struck-stage.ts';
import type { StageQuestion } from '../src/renewal/case-answers.ts';
import { stages, type Stage } from '../src/renewal/stage-plan.ts';
import { escalate, wasEscalated, type EndedStage } from './escalate.ts';

/**
 * The stage that this step leaves. A case that paused over its end because of a mistake leaves it with what the books still
 * have; one that paused for another reason has missed nothing.
 */
export function leftStage(situation: CaseSituation, question: StageQuestion, next: Stage): EndedStage | undefined {
  const { renewal } = situation;
  const { why, from, resultCounted: counted } = question;
  if (why === 'calendar' && from) return { stage: from, counted };
  const stage = renewal.stage as Stage | null;
  if (why === 'replanned') return stageRunOut(situation, { counted, next });
  if (why !== 'corrected' || question.afterHold || stage === null || stages.indexOf(next) <= stages.indexOf(stage))
    return undefined;
  return { stage, counted: renewal.resultCounted };
}

/** A stage that a plan ends before its people expected it is not escalated; one whose own time was over is. */
function stageRunOut(
  situation: CaseSituation,
  { counted, next }: { counted: boolean; next: Stage },
): EndedStage | undefined {
  const { renewal } = situation;
  const stage = renewal.stage as Stage | null;
  const ranOut = renewal.stageEndsAt !== null && hasCome(situation, renewal.stageEndsAt.getTime());
  if (stage === null || !ranOut || stages.indexOf(next) <= stages.indexOf(stage)) return undefined;
  return { stage, counted: counted || renewal.resultCounted };
}

/** A mistake that was struck out does not count for the stage in which it was recorded, also once that has ended. */
export async function escalateStruck(tx: Db, situation: CaseSituation, present: Stage | undefined): Promise<boolean> {
  const stage = present && (await stageLeftUncounted(tx, situation, present));
  if (stage === undefined || (await wasEscalated(tx, situation.renewal.id, stage))) return false;
  return escalate(tx, situation, { stage, counted: false });
}
