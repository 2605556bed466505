import type { Instant } from './calendar.ts';
import type { CasePlan } from './case-plan.ts';
import { stages, type Stage } from './stage-plan.ts';

/** What decides on the next step of an open case; instants are business milliseconds, a hold that is over is no hold. */
export type CaseAtPresent = {
  plan: CasePlan;
  now: Instant;
  stage: Stage | undefined;
  heldUntil: Instant | undefined;
  secondRoundDueAt: Instant | undefined;
  callBackAt: Instant | undefined;
  isOrphan: boolean;
  /** By when the hand-over of an orphan is decided, or the channel has accepted it. */
  handoverDueAt: Instant | undefined;
  mayBeWrittenTo: (at: Instant) => boolean;
};

export type NextAction = { what: string; at: Instant };

/**
 * What an open case does next by itself, and when: the end of its hold, else of its second round, else whatever comes first
 * of its touches, stages, call-back, hand-over and close. Nobody is written to whose case has no owner, or who refused it
 * (business.md, Orphans and Contact results). Agrees with what the case waits for (agenda.ts).
 */
export function nextActionOf(present: CaseAtPresent): NextAction {
  const { heldUntil, secondRoundDueAt, plan } = present;
  if (heldUntil !== undefined) return { what: 'hold-ends', at: heldUntil };
  if (secondRoundDueAt !== undefined) return { what: 'second-round-ends', at: secondRoundDueAt };
  const upcoming = [
    ...touchesAhead(present),
    ...stagesAhead(present),
    ...at('call-back', present.callBackAt),
    ...at('hand-over-ends', present.isOrphan ? present.handoverDueAt : undefined),
  ];
  const last: NextAction = { what: 'grace-ends', at: plan.closesAt };
  return upcoming.reduce((first, one) => (one.at < first.at ? one : first), last);
}

function touchesAhead({ plan, now, stage, isOrphan, mayBeWrittenTo }: CaseAtPresent): NextAction[] {
  if (isOrphan) return [];
  return plan.touches
    .filter((touch) => touch.stage === stage && touch.dueAt > now && mayBeWrittenTo(touch.dueAt))
    .map((touch) => ({ what: `touch:${touch.key}`, at: touch.dueAt }));
}

function stagesAhead({ plan, stage }: CaseAtPresent): NextAction[] {
  const place = stage === undefined ? -1 : stages.indexOf(stage);
  return plan.stages
    .filter((next) => stages.indexOf(next.stage) > place)
    .map((next) => ({ what: `stage:${next.stage}`, at: next.opensAt }));
}

function at(what: string, instant: Instant | undefined): NextAction[] {
  return instant === undefined ? [] : [{ what, at: instant }];
}
