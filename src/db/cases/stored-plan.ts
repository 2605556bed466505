import { defaultStagePlan, type StagePlan } from '../../renewal/stage-plan.ts';

type WrittenTask = string | StagePlan['stages'][number]['tasks'][number];

/** Where the phone attempts began before plans said it (business.md, The stage plan). */
const phoneAttemptsFrom = 15;

/** A stored plan as it is read now: published plans never change, and the first ones named their tasks by kind alone. */
export function storedPlan(content: unknown): StagePlan {
  if (content === null || content === undefined) return defaultStagePlan;
  const plan = content as StagePlan;
  const stages = plan.stages.map((rule) => ({ ...rule, tasks: rule.tasks.map(asWork) as typeof rule.tasks }));
  return { ...plan, stages };
}

function asWork(task: WrittenTask): Exclude<WrittenTask, string> | { kind: string } {
  if (typeof task !== 'string') return task;
  return task === 'phone-tracking' ? { kind: 'phone-attempt', startsDaysBefore: phoneAttemptsFrom } : { kind: task };
}
