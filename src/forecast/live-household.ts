import { messagesOf, nextMoment, type Moment } from '../renewal/agenda.ts';
import type { Instant } from '../renewal/calendar.ts';
import { endHold } from '../renewal/case-hold.ts';
import { planCase, stageAt } from '../renewal/case-plan.ts';
import * as after from '../renewal/case-progress.ts';
import { newCase, type CaseState, type WaitingMessage } from '../renewal/case-state.ts';
import { dueTimeOnceGiven } from '../renewal/due-time.ts';
import type { ForecastCase, Household } from './forecast-case.ts';
import { foreseeSending } from './foresee-sending.ts';
import { foreseeClose, foreseeStage } from './foresee-stage.ts';
import { mayBeWrittenTo, type LivingCase, type World } from './present.ts';
import type { PlanOf } from './rules-in-force.ts';

type Span = { now: Instant; until: Instant };
type Living = { own: LivingCase; next: Step };
type Step = Moment | { kind: 'owner-leaves' | 'handed-off'; at: Instant };

/** A case that does so much in one forecast goes in circles. */
const mostSteps = 2_000;

/**
 * Lets the cases of one customer live from now until an instant (business ms) while nobody records anything: each does what
 * its workflow would do next (renewal/agenda.ts), in the order of the instants, because their messages share one ledger.
 */
export function liveHousehold(household: Household, { now, until }: Span, world: World & { planOf: PlanOf }): void {
  const living = household.cases.map((read): Living => {
    const own = beginCase(read, { household, now }, world);
    return { own, next: nextStep(own, now) };
  });
  let reached = now;
  for (let steps = mostSteps * living.length; steps > 0; steps -= 1) {
    const first = earliest(living);
    if (!first || first.next.at > until) return;
    reached = Math.max(reached, first.next.at);
    take(first.own, { next: first.next, now: reached }, world);
    first.next = nextStep(first.own, reached);
  }
  if (living.length > 0) throw new Error(`the cases of customer ${household.customer.id} go in circles`);
}

function earliest(living: readonly Living[]): Living | undefined {
  return living.reduce<Living | undefined>((first, one) => {
    if (one.next.kind === 'nothing-left') return first;
    return !first || one.next.at < first.next.at ? one : first;
  }, undefined);
}

function beginCase(
  read: ForecastCase,
  { household, now }: { household: Household; now: Instant },
  world: World & { planOf: PlanOf },
): LivingCase {
  const { version: planVersion, plan: stagePlan } = world.planOf(read);
  const plan = planCase(read, stagePlan, world.calendar);
  const first = stageAt(plan, now) ?? plan.stages[0];
  const opensAt = Math.max(first?.opensAt ?? plan.closesAt, read.openedAt);
  const base = newCase({ opensAt, planVersion, carried: read.facts });
  const own = { read, household, stagePlan, plan, planVersion, state: base };
  if (read.facts.stage === undefined) return own;
  const isBehind = read.armedPlan !== planVersion;
  own.state = { ...base, plan, ...touchesOf(read, now), ...(isBehind ? { detour: 'replanned' as const } : {}) };
  return own;
}

/** Which touches the case has come to already, and which of their messages wait. */
function touchesOf({ messages }: ForecastCase, now: Instant): Pick<CaseState, 'touched' | 'waiting'> {
  const met = messages.filter(({ state, cameTo }) => state !== 'planned' || cameTo);
  const waiting = met
    .filter(({ state }) => state === 'planned')
    .map(({ touch, channel, heldUntil }): WaitingMessage => ({ touch, channel, at: heldUntil ?? now }));
  return { touched: [...new Set(met.map(({ touch }) => touch))], waiting };
}

/** What the case does next: by its own agenda, or because nobody decides about an orphan. */
function nextStep({ state, read }: LivingCase, now: Instant): Step {
  const next = nextMoment(state, now);
  if (next.kind === 'nothing-left') return next;
  const { orphanedAt, handedOffAt } = read;
  if (state.owned && orphanedAt !== null && orphanedAt <= next.at) return { kind: 'owner-leaves', at: orphanedAt };
  if (handedOffAt !== null && handedOffAt <= next.at) return { kind: 'handed-off', at: handedOffAt };
  return next;
}

function take(own: LivingCase, { next, now }: { next: Step; now: Instant }, world: World): void {
  switch (next.kind) {
    case 'case-opens':
    case 'stage-by-calendar':
    case 'stage-opens':
      return turn(own, { next, now }, world);
    case 'touch-due': {
      const sent = foreseeSending(own, { messages: messagesOf(own.state, next.touch), now }, world);
      own.state = after.afterTouch(own.state, next.touch, sent);
      return;
    }
    case 'messages-released':
      own.state = after.afterMessages(own.state, foreseeSending(own, { messages: next.messages, now }, world));
      return;
    case 'call-back-due':
      return callBack(own, { at: next.at, now }, world);
    case 'hold-ends':
      own.state = endHold(own.state, now);
      return;
    case 'owner-leaves':
      own.state = { ...own.state, owned: false };
      own.read.work.ownerId = null;
      return world.log.works({ at: now, of: own.read.work, step: 'owner-leaves' });
    case 'handed-off':
      return foreseeClose(own, { at: now, outcome: { kind: 'orphan-handed-off', channel: 'call-centre' } }, world);
    case 'second-round-ends':
    case 'grace-ends':
    case 'case-closes':
      return foreseeClose(own, { at: now, outcome: next.ending.outcome }, world);
    case 'second-round-opens':
    case 'nothing-left':
      throw new Error(`a case whose people record nothing comes to ${next.kind}`);
  }
}

type StageMoment = Moment & { kind: 'case-opens' | 'stage-opens' | 'stage-by-calendar' };

function turn(own: LivingCase, { next, now }: { next: StageMoment; now: Instant }, world: World): void {
  const { resultCounted: counted, stage: from } = own.state;
  if (next.kind === 'case-opens' && own.read.isComing) openComing(own, now, world);
  const why = next.kind === 'case-opens' ? 'entered' : next.kind === 'stage-opens' ? 'calendar' : 'other';
  const answer = foreseeStage(own, { why, from, counted, now }, world);
  own.state = after.afterStageTurn(after.beforeStageTurn(own.state), counted, answer);
}

/** A case that telesales wrote, and no specialist has, is the call centre's from its first day (business.md, Special lines). */
function openComing({ read, plan }: LivingCase, now: Instant, { log }: World): void {
  const at = Math.min(now, read.openedAt);
  log.happened({ at, of: read.work, what: 'case-opened' });
  if (read.callCentreSince === null) return;
  const stage = stageAt(plan, read.openedAt) ?? plan.stages[0];
  const dueAt = stage?.endsAt ?? plan.closesAt;
  log.works({
    at,
    of: read.work,
    step: 'give',
    work: [{ kind: 'call-centre-case', occasion: stage?.stage ?? 'opened', dueAt }],
  });
}

function callBack(own: LivingCase, { at, now }: { at: Instant; now: Instant }, world: World): void {
  const span = { from: at, latest: own.plan.closesAt, givenAt: now };
  const dueAt = dueTimeOnceGiven('call-back', span, world.calendar);
  const work = [{ kind: 'call-back' as const, occasion: new Date(at).toISOString(), dueAt }];
  if (mayBeWrittenTo(own, now)) world.log.works({ at: now, of: own.read.work, step: 'give', work });
  own.state = after.afterCallBack(own.state, at, { stamp: '', planVersion: own.planVersion, kind: 'assigned' });
}
