import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { readPlanRow, type PlanRow } from '../db/plans/plan-rows.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { previewCsv } from '../reporting/preview/preview-csv.ts';
import { listPreview, pageOfPreview } from '../reporting/preview/preview-list.ts';
import { sumUpPreview, type PreviewSum } from '../reporting/preview/preview-sum.ts';
import { mayPublishFor } from '../reporting/scope/plans.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { conflict, notFound, Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { renewalId } from './schemas/basics.ts';
import { previewAnswer, previewAsked, previewQuery } from './schemas/stage-plan-preview.ts';
import { planVersion } from './schemas/stage-plans.ts';

type PreviewParts = { db: Db; calendar: Calendar };

/** Says what publishing a plan would do to the open cases, and does nothing (architecture.md, Tuning timers). */
export function previewRoute({ db, calendar }: PreviewParts): Route {
  return route({
    method: 'post',
    path: '/v1/stage-plans/{version}/preview',
    summary: 'What publishing this version now would do to the open cases, in sum and case by case',
    description:
      'From the books and the rules alone; nothing changes. The sum counts the cases for which the plan decides, and names the people whom you may see; the list has the cases that you may see. JSON unless `format=csv` or `Accept: text/csv` asks for all cases as CSV. A book of 100,000 open cases takes up to half a minute.',
    tag: 'stage plans',
    roles: ['admin', 'channel-manager'],
    idempotent: false,
    params: planVersion,
    reach: 'unscoped',
    query: previewQuery,
    body: previewAsked,
    problems: [404, 409],
    answers: {
      200: {
        description: 'The preview; as CSV all cases, one line each',
        schema: previewAnswer,
        mediaTypes: ['application/json', 'text/csv'],
        example: previewExample,
      },
    },
    handle: async ({ person, params: { version }, query, body, prefers }) => {
      const row = await readPreviewable(db, person, version);
      const { changedOnly, limit, nudgesPerSecond } = body;
      const asked = { version, calendar, viewer: person, changedOnly };
      if ((query.format ?? (prefers(['json', 'csv']) || 'json')) === 'csv') {
        const headers = { 'content-disposition': `attachment; filename="preview-of-plan-${version}.csv"` };
        const content = previewCsv(listPreview(db, asked));
        return { status: 200, text: { type: 'text/csv; charset=utf-8', content }, headers };
      }
      const list = `preview-${version}-${changedOnly}`;
      const after = readCursor(list, z.object({ id: renewalId }), body.cursor)?.id;
      const sum =
        after === undefined
          ? await sumUpPreview(db, { version, calendar, nudgesPerSecond, viewer: person })
          : undefined;
      const { at, items } = await pageOfPreview(db, { ...asked, after, limit: limit + 1 });
      const cursor = ({ renewalId: last }: (typeof items)[number]) => writeCursor(list, { id: last });
      const cases = pageOf(items, limit, { item: (one) => one, cursor });
      const said = { at: new Date(sum?.at ?? at), sum: sum ? answerOf(sum) : null };
      return { status: 200, body: { version, contentHash: row.contentHash, ...said, cases } };
    },
  });
}

/** Whoever may publish a plan may look at what it would do: its counts tell of nobody beyond their branches. */
async function readPreviewable(db: Db, person: Viewer, version: number): Promise<PlanRow> {
  const row = await readPlanRow(db, version);
  if (!row) throw notFound('stage plan');
  if (!mayPublishFor(person, row.branchId)) {
    const detail = 'This plan holds beyond your branch and those below it; somebody above looks at what it would do.';
    throw new Problem({ status: 403, code: 'beyond-your-branch', detail });
  }
  if (row.state === 'discarded') throw conflict('no-draft', 'This draft was discarded; draft a new one, with copyOf.');
  if (row.state === 'published' && !row.inForce && !row.followsWider) {
    throw conflict('outdated', 'A newer version holds for this scope; draft this content again, with copyOf.');
  }
  return row;
}

function answerOf({ open, tally, loads, cost, warnings }: PreviewSum) {
  const { concerned, changed, pausing, casesWrittenToAtOnce: writtenToAtOnce, messages, ...said } = tally;
  const { messagesAtOnce, stages, next, journey, tasks } = said;
  return {
    cases: { open, concerned, changed, unaffected: open - changed, pausing, writtenToAtOnce },
    messagesAtOnce,
    stages,
    next,
    messages: messages.map(({ 'left-alone': leftAlone, ...counts }) => ({ ...counts, leftAlone })),
    journey,
    tasks,
    loads,
    cost,
    warnings,
  };
}

const previewExample = {
  version: 2,
  contentHash: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
  at: '2026-12-01T12:00:00.000Z',
  sum: {
    cases: { open: 3214, concerned: 3214, changed: 812, unaffected: 2402, pausing: 14, writtenToAtOnce: 96 },
    messagesAtOnce: 120,
    stages: [
      { before: 'follow-up', after: 'follow-up', cases: 1604 },
      { before: 'follow-up', after: 'intensive-chase', cases: 258 },
      { before: 'intensive-chase', after: 'intensive-chase', cases: 1352 },
    ],
    next: { now: 306, earlier: 410, same: 2402, later: 96 },
    messages: [{ template: 'offer-open', channel: 'sms', added: 258, moved: 0, dropped: 0, late: 12, leftAlone: 0 }],
    journey: [{ template: 'offer-open', channel: 'sms', added: 0, moved: 1850, dropped: 0, late: 12 }],
    tasks: [{ kind: 'firm-quote', added: 258, moved: 0, dropped: 0 }],
    loads: [
      {
        staffId: 'X1001',
        contactsPerDay: 20,
        before: 214,
        after: 231,
        overBefore: 0,
        overAfter: 1,
        days: [{ on: '2026-12-04', before: 18, after: 35, contactsBefore: 12, contactsAfter: 24 }],
      },
    ],
    cost: { nudges: 716, nudgesPerSecond: 20, minutes: 0.6, earlyWakes: 96, actions: 3056, events: 10364 },
    warnings: [
      {
        code: 'written-to-at-once',
        count: 96,
        message: '96 cases would be written to at once, with 120 messages, as far as quiet hours and caps allow.',
      },
    ],
  },
  cases: {
    items: [
      {
        renewalId: 'renewal.PDAA202644010000000001.20260101',
        branchId: '4401',
        ownerId: 'A1001',
        stageBefore: 'follow-up',
        stageAfter: 'intensive-chase',
        pauses: false,
        nextBefore: { what: 'stage:intensive-chase', at: '2026-12-03T02:11:00.000Z' },
        nextAfter: { what: 'touch:t-15', at: '2026-12-13T02:11:00.000Z' },
        when: 'now',
        nudge: true,
        messages: [{ touch: 't-30', channel: 'sms', change: 'added', from: null, to: '2026-12-01T02:11:00.000Z' }],
        journey: [],
        tasks: [
          {
            kind: 'firm-quote',
            occasion: 'intensive-chase',
            change: 'added',
            from: null,
            to: '2026-12-04T10:00:00.000Z',
          },
        ],
      },
    ],
    nextCursor: null,
  },
};
