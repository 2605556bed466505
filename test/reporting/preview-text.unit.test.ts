import { describe, expect, test } from 'vitest';
import { describePreview } from '../../src/reporting/preview/describe-preview.ts';
import { previewCsv } from '../../src/reporting/preview/preview-csv.ts';
import type { PreviewItem } from '../../src/reporting/preview/preview-item.ts';
import type { PreviewSum } from '../../src/reporting/preview/preview-sum.ts';
import { warnOf } from '../../src/reporting/preview/preview-warnings.ts';
import { changed } from '../support/given-plan-change.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';

const nothing = { stages: [], messages: [], journey: [], tasks: [], next: { now: 0, earlier: 0, same: 0, later: 0 } };
const tally: PreviewSum['tally'] = {
  ...nothing,
  concerned: 40,
  changed: 12,
  pausing: 2,
  messagesAtOnce: 5,
  casesWrittenToAtOnce: 3,
  casesOfFleets: 2,
  casesWithoutEscalation: 6,
  stages: [
    { before: 'follow-up', after: 'intensive-chase', cases: 7 },
    { before: 'follow-up', after: 'preparation', cases: 1 },
    { before: 'wrap-up', after: 'wrap-up', cases: 32 },
  ],
  journey: [{ template: 'offer-open', channel: 'sms', added: 0, moved: 9, dropped: 0, late: 4 }],
};
const cost = { nudges: 72_000, nudgesPerSecond: 10, minutes: 120, earlyWakes: 1, actions: 9, events: 40 };
const load = { staffId: 'A1', contactsPerDay: 20, before: 3, after: 4, overBefore: 0, overAfter: 1, days: [] };

describe('A preview warns', () => {
  test('of what an admin would not expect', () => {
    const warnings = warnOf({ tally, cost, loads: [load] });

    expect(warnings.map(({ code, count }) => [code, count])).toEqual([
      ['written-to-at-once', 3],
      ['messages-skipped-as-late', 4],
      ['stages-jumped-ahead', 7],
      ['stages-gone-back', 1],
      ['people-overloaded', 1],
      ['fleets-share-work', 2],
      ['nobody-takes-over', 6],
      ['nudges-take-long', 72_000],
    ]);
    expect(warnings[0]?.message).toBe(
      '3 cases would be written to at once, with 5 messages, as far as quiet hours and caps allow.',
    );
  });

  test('of nothing where nothing stands out', () => {
    const calm = {
      ...tally,
      casesWrittenToAtOnce: 0,
      casesOfFleets: 0,
      casesWithoutEscalation: 0,
      journey: [],
      stages: [],
    };

    expect(warnOf({ tally: calm, cost: { ...cost, minutes: 60 }, loads: [{ ...load, overAfter: 0 }] })).toEqual([]);
  });

  test('that no open case would follow another plan', () => {
    expect(
      warnOf({
        tally: {
          ...tally,
          ...nothing,
          casesWrittenToAtOnce: 0,
          casesOfFleets: 0,
          casesWithoutEscalation: 0,
          concerned: 0,
        },
        cost,
        loads: [],
      }),
    ).toMatchObject([{ code: 'nudges-take-long' }, { code: 'follows-already' }]);
  });
});

test('a preview is told in words', () => {
  const [before, after] = [changed(() => {}), changed((plan) => (plan.graceDays = 5))];
  const sum = { at: daysBeforeT(20, { minute: 545 }), open: 1_250, tally, cost, loads: [load], warnings: [] };

  const text = describePreview(
    sum,
    { version: 7, state: 'draft', branchId: 'B01', segment: null, before, after },
    shanghai,
  );

  expect(text).toContain(
    'What stage plan 7 (draft) would do if it were published for branch B01\nas of 2027-03-11 09:05',
  );
  expect(text).toContain('  graceDays: 3 → 5\n');
  expect(text).toContain('1,250 open cases, 40 would follow it, 12 of them notice');
  expect(text).toContain('follow-up  intensive-chase       7');
  expect(text).toContain('Nothing to watch out for.');
});

test('a line of the CSV says what changes, and is no formula', async () => {
  const at = new Date('2027-03-16T01:00:00Z');
  const item = {
    renewalId: '=cmd()',
    branchId: 'B01',
    ownerId: null,
    stageBefore: null,
    stageAfter: 'preparation',
    pauses: false,
    nextBefore: { what: 'stage:preparation', at },
    nextAfter: { what: 'touch:t-15', at },
    when: 'now',
    nudge: true,
    messages: [{ touch: 't-15', channel: 'sms', change: 'added', from: null, to: at }],
    journey: [],
    tasks: [{ kind: 'file-check', occasion: 'preparation', change: 'dropped', from: at, to: null }],
  } satisfies PreviewItem;
  const lines: string[] = [];

  for await (const part of previewCsv(
    (async function* () {
      yield item;
    })(),
  ))
    lines.push(...part.trim().split('\r\n'));

  expect(lines[1]).toBe(
    "'=cmd(),B01,,,preparation,no,stage:preparation,2027-03-16T01:00:00.000Z,touch:t-15,2027-03-16T01:00:00.000Z,now,yes," +
      'added t-15/sms to 2027-03-16T01:00:00.000Z,,dropped file-check/preparation from 2027-03-16T01:00:00.000Z',
  );
});
