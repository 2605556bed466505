import type { CaseSituation } from '../src/db/cases/case-situation.ts';
import { shortenRound } from '../src/db/cases/hold-records.ts';
import { factsOf, keepStage } from '../src/db/cases/stage-records.ts';
import type { Db } from '../src/db/connection.ts';
import { journalise } from '../src/db/journal/journal-records.ts';
import { followMessages } from '../src/db/messages/follow-messages.ts';
import { receivedResults } from '../src/db/results/result-records.ts';
import { knownTasks } from '../src/db/tasks/known-tasks.ts';
import type { Instant } from '../src/renewal/calendar.ts';
import type { StageTurned } from '../src/renewal/case-answers.ts';
import type { PlannedStage } from '../src/renewal/case-plan.ts';
import type { Stage } from '../src/renewal/stage-plan.ts';
import { shortenSecondRound } from '../src/renewal/task-change.ts';
import { followStageWork } from './stage-tasks.ts';

export type Opened = StageTurned & { kind: 'opened' };

/** What a case must hear that begins anew, or whose books changed under it. */
export type Books = Pick<Opened, 'resumed' | 'unsettled'>;

/** The case stays in its stage, or waits for its first one again, and follows the instants of the plan now in force. */
export async function keep(tx: Db, situation: CaseSituation, stage: PlannedStage | undefined): Promise<Opened> {
  const messages = await followMessages(tx, situation, stage?.stage);
  await keepStage(tx, situation, stage);
  const tasks = stage ? await followStageWork(tx, situation, stage) : [];
  await journaliseFollowing(tx, situation, { stage: stage?.stage, tasks, messages });
  return { ...opened(situation, stage), kept: true };
}

/** The case stays where it stands, with its instants by the plan now in force; nothing is assigned or planned. */
export async function standStill(tx: Db, read: CaseSituation): Promise<Opened> {
  const tasks = shortenSecondRound(await knownTasks(tx, read.renewal), read.plan.closesAt);
  const situation = await shortenRound(tx, read);
  const stage = situation.plan.stages.find((planned) => planned.stage === situation.renewal.stage);
  await keepStage(tx, situation, stage);
  await journaliseFollowing(tx, situation, { stage: stage?.stage, tasks, messages: [] });
  return { ...opened(situation, stage), kept: true, ...(await readBooks(tx, situation)) };
}

export async function readBooks(tx: Db, situation: CaseSituation): Promise<Required<Books>> {
  const received = await receivedResults(tx, situation.renewal.id);
  const unsettled = received.filter(({ kind }) => kind === 'contact').map(({ id }) => id);
  return { resumed: factsOf(situation), unsettled };
}

export function opened({ plan, stagePlan, renewal }: CaseSituation, stage: PlannedStage | undefined): Opened {
  const iso = (instant: Instant): string => new Date(instant).toISOString();
  const known = stage ? { stage: stage.stage, endsAt: iso(stage.endsAt) } : {};
  const expiresAt = iso(plan.stages.at(-1)?.endsAt ?? plan.closesAt);
  const { minimumAttempts } = stagePlan;
  return { kind: 'opened', ...known, expiresAt, escalated: renewal.escalated, minimumAttempts, kept: false };
}

type Followed = {
  stage: Stage | undefined;
  tasks: readonly { change: string }[];
  messages: readonly { kind: string }[];
};

/** Nothing is journalised for a case that follows the same plan as before. */
export async function journaliseFollowing(tx: Db, situation: CaseSituation, followed: Followed): Promise<void> {
  const { renewal, planVersion } = situation;
  if (renewal.planVersion === planVersion) return;
  const inputs = {
    planVersion,
    planVersionBefore: renewal.planVersion,
    stageBefore: renewal.stage,
    stage: followed.stage ?? null,
    messages: countEach(followed.messages.map(({ kind }) => kind)),
    tasks: countEach(followed.tasks.map(({ change }) => change)),
  };
  const entry = { chain: renewal.id, actor: 'system', event: 'plan-followed', reason: 'plan-published', inputs };
  await journalise(tx, [entry]);
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
