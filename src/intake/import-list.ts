import { performance } from 'node:perf_hooks';
import type { Connection, Db } from '../db/connection.ts';
import {
  finishImport,
  markAlive,
  recordProgress,
  startImport,
  type ImportCounts,
} from '../db/imports/import-records.ts';
import { mergeStagedLines, type MergedLines } from '../db/imports/staged-policy-records.ts';
import { nextStagedLine, onOwnConnection } from '../db/imports/staged-term-records.ts';
import type { Calendar, Day } from '../renewal/calendar.ts';
import { ListProblem } from './list-problem.ts';
import { stageList, type Progress } from './stage-list.ts';

export type ImportRequest = {
  /** The row of `imports` that `queueImport` made. */
  importId: string;
  path: string;
  /** Found by the headers when it is not given. */
  format?: string;
  /** Rows that reach beyond these branches are rejected; all are welcome when it is absent. */
  branches?: readonly string[];
  /** Checks and counts everything and changes nothing. */
  dryRun?: boolean;
  today: Day;
  calendar: Calendar;
  onProgress?: (counts: ImportCounts) => void;
};

export type ImportSummary = ImportCounts & {
  state: 'completed' | 'failed';
  failure?: string;
  /** Open cases whose expiry the list corrected; their workflows have to be told. */
  correctedRenewalIds: string[];
  /** Agents whom the list newly calls departed; their open cases are orphans now. */
  departedAgentIds: string[];
};

const rowsAtATime = 500;
const progressEveryMs = 500;

/**
 * Imports a list. Rows are checked and staged first, then merged into the book batch by batch; so a file that turns out
 * to be unreadable changes nothing. That is answered as `failed`; anything else that breaks is thrown and recorded too.
 */
export async function importList(
  deps: Pick<Connection, 'db' | 'pool'>,
  request: ImportRequest,
): Promise<ImportSummary> {
  const { importId } = request;
  const counts: ImportCounts = { rows: 0, accepted: 0, rejected: 0, created: 0, changed: 0, unchanged: 0 };
  const found = { correctedRenewalIds: [] as string[], departedAgentIds: [] as string[] };
  const progress = reporter(deps.db, request, counts);
  try {
    await onOwnConnection(deps.pool, async (stage) => {
      await markAlive(stage, importId);
      await startImport(deps.db, importId);
      await stageList({ db: deps.db, stage, counts, progress }, request);
      for await (const merged of mergeStage(stage, request)) {
        for (const count of ['created', 'changed', 'unchanged'] as const) counts[count] += merged[count];
        found.correctedRenewalIds.push(...merged.correctedRenewalIds);
        found.departedAgentIds.push(...merged.departedAgentIds);
        await progress();
      }
    });
    await progress('at-once');
    await finishImport(deps.db, importId, { counts });
    return { state: 'completed', ...counts, ...found };
  } catch (error) {
    if (!(error instanceof ListProblem)) {
      // Without a database the row stays `running` until failStaleImports finds it.
      await finishImport(deps.db, importId, { counts, failure: brokenOff }).catch(() => {});
      throw error;
    }
    await finishImport(deps.db, importId, { counts, failure: error.message });
    return { state: 'failed', failure: error.message, ...counts, ...found };
  }
}

const brokenOff = 'The import broke off. Send the file again; nothing is imported twice.';

async function* mergeStage(stage: Db, request: ImportRequest): AsyncGenerator<MergedLines> {
  const { importId, today, calendar, dryRun = false } = request;
  for (let after = 0; ;) {
    const upTo = await nextStagedLine(stage, after, rowsAtATime);
    if (upTo === undefined) return;
    yield await mergeStagedLines(stage, { after, upTo }, { importId, today, calendar, dryRun });
    after = upTo;
  }
}

function reporter(db: Db, { importId, onProgress }: ImportRequest, counts: ImportCounts): Progress {
  let last = performance.now();
  return async (when) => {
    if (when !== 'at-once' && performance.now() - last < progressEveryMs) return;
    last = performance.now();
    await recordProgress(db, importId, counts);
    onProgress?.({ ...counts });
  };
}
