import { createWriteStream, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { businessCalendar } from './calendar/business-calendar.ts';
import { openWorkingDays } from './calendar/working-days.ts';
import { readConfig } from './config/config.ts';
import { readDatabaseUrl } from './config/secrets.ts';
import { readStackSettings } from './config/stack-settings.ts';
import { connectDatabase, type Db } from './db/connection.ts';
import { readPlanInForce } from './db/cases/plan-records.ts';
import { readPlanAfter, readPlanRow } from './db/plans/plan-rows.ts';
import { readSetting } from './db/settings-records.ts';
import { describePreview, type PreviewedPlan } from './reporting/preview/describe-preview.ts';
import { previewCsv } from './reporting/preview/preview-csv.ts';
import { listPreview } from './reporting/preview/preview-list.ts';
import { sumUpPreview } from './reporting/preview/preview-sum.ts';
import type { Viewer } from './reporting/scope/viewer.ts';
import { reportProgress } from './stack/progress.ts';
import { environmentInReach } from './stack/running-environment.ts';

/** The options of `npx xubao preview` as the command line has them. */
export type PreviewOptions = { plan: string; nudges: string; csv?: string; json?: string };

// Whoever reaches the database of a deployment reads all of it.
const everything: Viewer = { id: 'cli', roles: ['auditor'], branchId: null, teams: [], branches: [] };

/** `npx xubao preview`: what publishing a stage plan would do to the open cases; changes nothing. */
export async function previewPlan({ plan, nudges, csv, json }: PreviewOptions): Promise<void> {
  const version = readWhole(plan, { name: '--plan', to: 2_147_483_647 });
  const nudgesPerSecond = readWhole(nudges, { name: '--nudges', to: 50 });
  const env = environmentInReach(process.env, readStackSettings(process.env));
  const workingDays = openWorkingDays();
  const calendar = businessCalendar(readConfig(env).clock.zone, workingDays);
  const { db, close } = connectDatabase(readDatabaseUrl(env), { connections: 1 });
  const progress = reportProgress(process.stderr);
  try {
    workingDays.follow((await readSetting(db, 'calendar')).content);
    const previewed = await readPreviewed(db, version);
    const work = () => sumUpPreview(db, { version, calendar, nudgesPerSecond });
    const sum = await progress.during(`Preview of stage plan ${version}`, work);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(sum, null, 2)}\n`);
    if (csv !== undefined) {
      const cases = listPreview(db, { version, calendar, viewer: everything, changedOnly: false });
      await progress.during(`Writing ${csv}`, () => pipeline(previewCsv(cases), createWriteStream(csv)));
    }
    process.stdout.write(describePreview(sum, previewed, calendar));
  } finally {
    await close();
  }
}

async function readPreviewed(db: Db, version: number): Promise<PreviewedPlan> {
  const row = await readPlanRow(db, version);
  if (!row) throw new Error(`There is no stage plan ${version}.`);
  const { state, branchId, segment } = row;
  const { plan: before } = await readPlanInForce(db, row);
  return { version, state, branchId, segment, before, after: await readPlanAfter(db, row) };
}

function readWhole(written: string, { name, to }: { name: string; to: number }): number {
  const whole = Number(written);
  if (/^\d+$/.test(written) && whole >= 1 && whole <= to) return whole;
  throw new Error(`${name} ${written} is no whole number from 1 to ${to}.`);
}
