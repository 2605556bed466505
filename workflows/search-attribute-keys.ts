import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** What operations staff can search cases by; free of personal data. */
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
