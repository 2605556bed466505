// The worker's bundle starts here; each export is a workflow type.
export { concession } from './concession.ts';
export { handover } from './handover.ts';
export { intake } from './intake.ts';
export { lossReview } from './loss-review.ts';
export { renewal } from './renewal.ts';
export { replan } from './replan.ts';
export { resend } from './resend.ts';
export { settleMessages } from './settle-messages.ts';
export { staffDigest } from './staff-digest.ts';
export { strayCheck } from './stray-check.ts';
export { sweep } from './sweep.ts';
