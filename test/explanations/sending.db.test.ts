import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMessageBook, type MessageBook } from '../messaging/message-book.ts';
import { wallClock } from './local-time.ts';
import { readEntries } from './read-entries.ts';
import { sendingSituation, sendInSituation } from './sending-situations.ts';
import { sendingVerdicts, withoutReason } from './sending-table.ts';
import { agrees, countBy, decisionOf, type Entry } from './verdict.ts';

const runs = 900;

let book: MessageBook;
const decided: Entry[] = [];
let waited = 0;

beforeAll(async () => {
  book = await openMessageBook();
  for (const drawn of fc.sample(sendingSituation, { numRuns: runs, seed: 20_270_331 })) {
    const renewalId = await sendInSituation(book, drawn);
    // A customer whom no channel reaches brings a task too, which is explained elsewhere.
    const entries = (await readEntries(book.db, renewalId)).filter(({ event }) => event.startsWith('message-'));
    if (entries.length === 0) waited += 1;
    decided.push(...entries);
  }
}, 300_000);
afterAll(() => book.close());

const seenOf = (entry: Entry) => entry.explanation!;
const nowOf = (inputs: Record<string, unknown>): number => Date.parse(String(inputs['now']));

describe('Explanations of messages', () => {
  test('lead a separate reading of the rules to the same decision, each of them', () => {
    const wrong = decided.filter((entry) => {
      return !entry.explanation || !agrees(decisionOf(entry), sendingVerdicts(entry.explanation));
    });
    expect(wrong.slice(0, 2)).toEqual([]);
    expect(decided).toHaveLength(runs - waited);
    expect(waited).toBe(0);
  });

  test('are of every rule by which a message goes, waits or is dropped', () => {
    const counts = countBy(decided, (entry) => `${decisionOf(entry).does} ${entry.explanation?.rule}`);
    // oxlint-disable-next-line no-console -- how often each decision occurred belongs to what the test shows
    console.log(counts);
    const ofRule = countBy(decided, (entry) => seenOf(entry).rule);
    const rare = Object.keys(withoutReason).filter((rule) => (ofRule[rule] ?? 0) < 3);
    expect(rare).toEqual([]);
  });

  test('lead to another decision once what they rest on is taken away', () => {
    const blind = decided.filter((entry) => {
      const seen = seenOf(entry);
      const inputs = { ...seen.inputs, ...withoutReason[seen.rule] };
      return agrees(decisionOf(entry), sendingVerdicts({ ...seen, inputs }));
    });
    expect(blind).toEqual([]);
  });

  test('show what the clocks of their zone showed', () => {
    const shown = decided.map(seenOf).map(({ calendar: { day, minuteOfDay: minute } }) => ({ day, minute }));
    const clocks = decided.map(seenOf).map(({ inputs, calendar }) => wallClock(nowOf(inputs), calendar.zone));
    expect(shown).toEqual(clocks);
  });

  test('are small, and hold no address and no name', () => {
    const sizes = decided.map(({ inputs }) => JSON.stringify(inputs).length).toSorted((one, other) => one - other);
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThan(1_500);
    expect(JSON.stringify(decided)).not.toMatch(/\+86|@|王|鲁/);
  });
});
