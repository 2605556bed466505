import type { Instant } from '../../src/renewal/calendar.ts';
import { planCase, stageAt } from '../../src/renewal/case-plan.ts';
import type { Following, Present, RunningCase } from '../../src/renewal/follow-plan.ts';
import { notInPlan, type KnownMessage } from '../../src/renewal/plan-change.ts';
import type { KnownTask } from '../../src/renewal/task-change.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { planStageWork } from '../../src/renewal/stage-work.ts';
import { shanghai } from './given-plan.ts';

export const presentAt = (now: Instant): Present => ({ now, tolerance: 0, calendar: shanghai });

/** A case that has followed a plan from its first day on: what is behind it was sent or done, what is ahead is planned. */
export function aRunningCase(plan: StagePlan, now: Instant, facts: Partial<RunningCase> = {}): RunningCase {
  const bare: RunningCase = {
    renewalId: 'renewal.P1.20260401',
    stage: undefined,
    expiresOn: '2027-03-31',
    graceFrom: null,
    openedAt: 0,
    segment: 'claim-free',
    confirmed: true,
    resultCounted: false,
    heldUntil: undefined,
    secondRoundDueAt: undefined,
    callBackAt: undefined,
    isOrphan: false,
    handoverDueAt: undefined,
    isCallCentres: false,
    mayBeWrittenTo: () => true,
    touchesFrom: undefined,
    messages: [],
    tasks: [],
    ...facts,
  };
  const { expiresOn, renewalId: spreadKey } = bare;
  const stage = stageAt(planCase({ expiresOn, spreadKey }, plan, shanghai), now);
  return {
    ...bare,
    stage: stage?.stage,
    messages: messagesOf(bare, plan, now),
    tasks: tasksOf(bare, plan, now),
    ...facts,
  };
}

function messagesOf(one: RunningCase, plan: StagePlan, now: Instant): KnownMessage[] {
  const { expiresOn, renewalId: spreadKey } = one;
  const { touches, stages: planned } = planCase({ expiresOn, spreadKey }, plan, shanghai);
  const opened = planned.filter(({ opensAt }) => opensAt <= now).map(({ stage }) => stage);
  return touches
    .filter(({ stage }) => opened.includes(stage))
    .flatMap(({ key, channels, template, dueAt, latestAt }) =>
      channels.map((channel) => {
        const state = dueAt <= now ? 'accepted' : one.mayBeWrittenTo(dueAt) ? 'planned' : 'suppressed';
        return { touch: key, channel, template, state, reason: null, dueAt, latestAt, cameTo: false };
      }),
    );
}

function tasksOf(one: RunningCase, plan: StagePlan, now: Instant): KnownTask[] {
  const stage = stageAt(planCase({ expiresOn: one.expiresOn, spreadKey: one.renewalId }, plan, shanghai), now);
  if (!stage || !one.mayBeWrittenTo(now)) return [];
  return planStageWork({ ...one, stage }, plan, shanghai).map(({ kind, occasion, dueAt }) => ({
    kind,
    occasion,
    stage: stage.stage,
    state: 'open',
    droppedReason: null,
    dueAt,
    isTaken: true,
  }));
}

/** The case once its books have followed, as the activities write them. */
export function followed(one: RunningCase, following: Following, { now }: Present): RunningCase {
  const { stageBefore, stageAfter, after } = following;
  const turns = stageAfter !== stageBefore;
  const reason = turns ? `stage-ended:${stageBefore}` : notInPlan;
  const expired = one.messages.map((row) =>
    turns && row.state === 'planned' && row.latestAt < now ? { ...row, state: 'expired', reason: 'stage-ended' } : row,
  );
  return {
    ...one,
    stage: stageAfter,
    secondRoundDueAt: after.what === 'second-round-ends' ? after.at : one.secondRoundDueAt,
    messages: following.messages.reduce(withMessage, expired),
    tasks: following.tasks.reduce(
      (rows, change) => withTask(rows, change, { stage: stageAfter, reason }),
      [...one.tasks],
    ),
  };
}

function withMessage(rows: KnownMessage[], change: Following['messages'][number]): KnownMessage[] {
  const isThis = ({ touch, channel }: KnownMessage) => touch === change.touch && channel === change.channel;
  const row = rows.find(isThis);
  const others = rows.filter((one) => !isThis(one));
  if (change.kind === 'dropped') return row ? [...others, { ...row, state: 'cancelled', reason: notInPlan }] : rows;
  const { touch, channel, planned } = change;
  const { template, dueAt, latestAt } = planned;
  const facts = { touch, channel, template, dueAt, latestAt, cameTo: row?.cameTo ?? false };
  if (change.kind === 'late') return [...others, { ...facts, state: 'expired', reason: 'day-has-passed' }];
  if (change.kind === 'left-alone') return [...others, { ...facts, state: 'suppressed', reason: 'do-not-contact' }];
  return [...others, { ...facts, state: 'planned', reason: null }];
}

type Given = { stage: RunningCase['stage']; reason: string };

function withTask(rows: KnownTask[], change: Following['tasks'][number], { stage, reason }: Given): KnownTask[] {
  const { kind, occasion } = change;
  const isThis = (task: KnownTask) => task.kind === kind && task.occasion === occasion;
  const row = rows.find(isThis);
  const others = rows.filter((task) => !isThis(task));
  if (change.change === 'dropped') return row ? [...others, { ...row, state: 'dropped', droppedReason: reason }] : rows;
  const given = { kind, occasion, state: 'open', droppedReason: null, dueAt: change.dueAt, isTaken: true };
  return [...others, { ...given, stage: row?.stage ?? stage ?? null }];
}
