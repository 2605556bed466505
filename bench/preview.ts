import { stagePlans } from '../src/db/schema/stage-plans.ts';
import { defaultStagePlan } from '../src/renewal/default-stage-plan.ts';
import type { StagePlan } from '../src/renewal/stage-plan.ts';
import { sumUpPreview } from '../src/reporting/preview/preview-sum.ts';
import { calendar, measured, withLargeBook } from './a-large-book.ts';

// Previews a plan that concerns every case of a made book in a throwaway PostgreSQL: npx node bench/preview.ts [open cases]
const open = Number(process.argv[2] ?? 100_000);

/** The intensive chase and its second message begin five days earlier. */
const earlier: StagePlan = {
  ...defaultStagePlan,
  stages: defaultStagePlan.stages.map((rule) => {
    if (rule.stage === 'follow-up') return { ...rule, endsDaysBefore: 35 };
    if (rule.stage !== 'intensive-chase') return rule;
    const touches = rule.touches.map((touch) => ({ ...touch, daysBefore: touch.daysBefore + 5 }));
    return { ...rule, opensDaysBefore: 35, touches };
  }),
};

await withLargeBook({ open, coming: 0 }, async (db) => {
  await db.insert(stagePlans).values({ version: 2, state: 'draft', content: earlier });
  const { answer, took } = await measured(() => sumUpPreview(db, { version: 2, calendar, nudgesPerSecond: 20 }));
  const { tally, cost, warnings } = answer;
  console.dir({ open: answer.open, tally, cost, warnings }, { depth: null });
  console.log(`${tally.concerned} of ${answer.open} open cases looked at: ${took}`);
});
