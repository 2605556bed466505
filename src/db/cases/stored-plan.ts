import { defaultStagePlan } from '../../renewal/default-stage-plan.ts';
import type { StagePlan, StageRule } from '../../renewal/stage-plan.ts';

/** Plans that were written before they said who takes over, what counts and how often somebody is written to. */
type WrittenRule = Omit<StageRule, 'tasks' | 'counts' | 'unanswered'> &
  Partial<Pick<StageRule, 'counts' | 'unanswered'>> & { tasks: readonly (string | StageRule['tasks'][number])[] };
type WrittenPlan = Omit<StagePlan, 'stages' | 'caps'> & Partial<Pick<StagePlan, 'caps'>> & { stages: WrittenRule[] };

/** Where the phone attempts began before plans said it (business.md, The stage plan). */
const phoneAttemptsFrom = 15;

/** A stored plan as it is read now: published plans never change, and the first ones said less. */
export function storedPlan(content: unknown): StagePlan {
  if (content === null || content === undefined) return defaultStagePlan;
  const plan = content as WrittenPlan;
  return { ...plan, caps: plan.caps ?? defaultStagePlan.caps, stages: plan.stages.map(asRule) };
}

function asRule(written: WrittenRule): StageRule {
  const { counts, unanswered } = defaultRule(written.stage);
  return { counts, unanswered, ...written, tasks: written.tasks.map(asWork) };
}

function defaultRule(stage: StageRule['stage']): StageRule {
  const rule = defaultStagePlan.stages.find((one) => one.stage === stage);
  if (!rule) throw new Error(`a stored plan has a stage ${stage}`);
  return rule;
}

function asWork(task: string | StageRule['tasks'][number]): StageRule['tasks'][number] {
  if (typeof task !== 'string') return task;
  if (task === 'phone-tracking') return { kind: 'phone-attempt', startsDaysBefore: phoneAttemptsFrom };
  return { kind: task as StageRule['tasks'][number]['kind'] };
}
