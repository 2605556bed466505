import { upsertSearchAttributes } from '@temporalio/workflow';
import type { StageTurn } from '../src/renewal/case-answers.ts';
import type { Notice } from '../src/renewal/case-notice.ts';
import type { CaseState } from '../src/renewal/case-state.ts';
import type { Outcome } from '../src/renewal/loss.ts';
import {
  agentId,
  escalated,
  expiryAt,
  lossReason,
  planVersion,
  renewalOutcome,
  renewalStage,
  stageEndsAt,
} from './search-attribute-keys.ts';

/** Shows the stage that opened, in one upsert; none when the start of the case said it already. */
export function showStage(state: CaseState, turn: StageTurn, known: { stage: string; planVersion: number }): void {
  if (turn.kind !== 'opened' || turn.stage === undefined || turn.endsAt === undefined) return;
  if (turn.stage === known.stage && state.planVersion === known.planVersion && !state.escalated && !turn.kept) return;
  upsertSearchAttributes([
    { key: renewalStage, value: turn.stage },
    { key: stageEndsAt, value: new Date(turn.endsAt) },
    { key: planVersion, value: state.planVersion },
    { key: escalated, value: state.escalated },
    ...(turn.expiresAt === undefined ? [] : [{ key: expiryAt, value: new Date(turn.expiresAt) }]),
  ]);
}

export function showOwner(heard: Notice): void {
  if (heard.kind === 'owner-assigned') upsertSearchAttributes([{ key: agentId, value: heard.ownerId }]);
}

export function showOutcome(outcome: Outcome): void {
  upsertSearchAttributes([
    { key: renewalOutcome, value: outcome.kind },
    ...(outcome.kind === 'lost' ? [{ key: lossReason, value: outcome.reason }] : []),
  ]);
}
