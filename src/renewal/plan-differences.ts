import type { StagePlan, StageRule } from './stage-plan.ts';

/** Something that two plans say differently; null where one of them says nothing. */
export type PlanDifference = { path: string; before: unknown; after: unknown };

/**
 * What one stage plan says differently from another, by path. Stages, touches and tasks go by their names, so that a touch
 * which is added in front moves nothing else: `stages[wrap-up].touches[t-3].daysBefore`.
 */
export function comparePlans(before: StagePlan, after: StagePlan): PlanDifference[] {
  return compareValues('', named(before), named(after));
}

type Tree = { [name: string]: unknown };

function named({ stages, ...rest }: StagePlan): Tree {
  return { stages: byName(stages.map((rule) => [rule.stage, namedStage(rule)])), ...rest };
}

function namedStage({ stage: _stage, touches, tasks, ...rest }: StageRule): Tree {
  return {
    ...rest,
    touches: byName(touches.map(({ key, ...touch }) => [key, touch])),
    tasks: byName(tasks.map((task) => [[task.kind, ...(task.segments ?? [])].join(' '), task])),
  };
}

/** Names in brackets are those of a list's members; a name that comes twice keeps its place beside it. */
function byName(members: readonly (readonly [string, unknown])[]): Tree {
  const tree: Tree = {};
  for (const [name, value] of members) {
    const key = `[${name}]`;
    tree[key in tree ? `[${name} ${Object.keys(tree).length}]` : key] = value;
  }
  return tree;
}

function compareValues(path: string, before: unknown, after: unknown): PlanDifference[] {
  if (isTree(before) && isTree(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => compareValues(joined(path, name), before[name], after[name]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, before: before ?? null, after: after ?? null }];
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joined(path: string, name: string): string {
  if (path === '') return name;
  return name.startsWith('[') ? `${path}${name}` : `${path}.${name}`;
}
