import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { StageTurn } from '../src/renewal/case-answers.ts';
import type { CaseState } from '../src/renewal/case-state.ts';
import type { Outcome } from '../src/renewal/loss.ts';

export const renewalStage = defineSearchAttributeKey('RenewalStage', SearchAttributeType.KEYWORD);
export const renewalOutcome = defineSearchAttributeKey('RenewalOutcome', SearchAttributeType.KEYWORD);
export const lossReason = defineSearchAttributeKey('LossReason', SearchAttributeType.KEYWORD);
export const agentId = defineSearchAttributeKey('AgentId', SearchAttributeType.KEYWORD);
export const branchId = defineSearchAttributeKey('BranchId', SearchAttributeType.KEYWORD);
export const segment = defineSearchAttributeKey('Segment', SearchAttributeType.KEYWORD);
export const expiryAt = defineSearchAttributeKey('ExpiryAt', SearchAttributeType.DATETIME);
export const stageEndsAt = defineSearchAttributeKey('StageEndsAt', SearchAttributeType.DATETIME);
export const planVersion = defineSearchAttributeKey('PlanVersion', SearchAttributeType.INT);
export const escalated = defineSearchAttributeKey('Escalated', SearchAttributeType.BOOL);

/** What operations staff can search for after a stage opened; one upsert, none when the start said it already. */
export function showStage(state: CaseState, turn: StageTurn, known: { stage: string; planVersion: number }): void {
  if (turn.kind !== 'opened' || turn.stage === undefined || turn.endsAt === undefined) return;
  if (turn.stage === known.stage && state.planVersion === known.planVersion && !state.escalated) return;
  upsertSearchAttributes([
    { key: renewalStage, value: turn.stage },
    { key: stageEndsAt, value: new Date(turn.endsAt) },
    { key: planVersion, value: state.planVersion },
    { key: escalated, value: state.escalated },
  ]);
}

export function showOutcome(outcome: Outcome): void {
  upsertSearchAttributes([
    { key: renewalOutcome, value: outcome.kind },
    ...(outcome.kind === 'lost' ? [{ key: lossReason, value: outcome.reason }] : []),
  ]);
}
