import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBook, type Book } from '../support/given-book.ts';
import { addColleagues, caseSituation, liveThrough } from './case-situations.ts';
import {
  escalationVerdicts,
  handVerdicts,
  holdVerdicts,
  otherCase,
  otherMessage,
  stoppedVerdicts,
} from './case-table.ts';
import { dueAgain, withOneDayMore } from './due-table.ts';
import { assignmentVerdicts, otherPeople, workdaysCounted, workOfStages } from './people-table.ts';
import { readEntries } from './read-entries.ts';
import { agrees, countBy, decisionOf, type Entry, type Verdict } from './verdict.ts';

const runs = 120;
const tellsOfDecision =
  /^(task-given|task-moved|task-claimed|task-reassigned|escalated|held$|resumed$|hold-ended|message-[^p])/;

let book: Book;
const decided: Entry[] = [];

beforeAll(async () => {
  book = await openBook();
  await addColleagues(book);
  for (const drawn of fc.sample(caseSituation, { numRuns: runs, seed: 20_270_331 })) {
    const entries = await readEntries(book.db, await liveThrough(book, drawn));
    decided.push(...entries.filter(({ event }) => tellsOfDecision.test(event)));
  }
}, 300_000);
afterAll(() => book.close());

function verdictsOf({ event, explanation }: Entry): Verdict[] {
  if (!explanation) return [];
  if (/^task-(given|moved)/.test(event)) return assignmentVerdicts(explanation);
  if (event.startsWith('message-')) return stoppedVerdicts(explanation);
  if (event.startsWith('task-')) return handVerdicts(explanation);
  return event.startsWith('escalated') ? escalationVerdicts(explanation) : holdVerdicts(explanation);
}

function changed(entry: Entry): Entry {
  const { rule, inputs } = entry.explanation!;
  const other = otherPeople[rule]?.(inputs) ?? { ...inputs, ...otherCase[rule], ...otherMessage[rule] };
  return { ...entry, explanation: { ...entry.explanation!, inputs: other } };
}

describe('Explanations of assignments, escalations, holds and what is never sent', () => {
  test('lead a separate reading of the rules to the same decision, each of them', () => {
    expect(decided.filter((entry) => !agrees(decisionOf(entry), verdictsOf(entry))).slice(0, 2)).toEqual([]);
    expect(decided.length).toBeGreaterThan(300);
  });

  test('are of every rule by which somebody gets work, takes over or holds', () => {
    // oxlint-disable-next-line no-console -- how often each decision occurred belongs to what the test shows
    console.log(countBy(decided, (entry) => `${entry.event} ${entry.explanation?.rule}`));
    const ofRule = countBy(decided, (entry) => entry.explanation!.rule);
    const rules = [otherPeople, otherCase, otherMessage].flatMap((table) => Object.keys(table));
    expect(rules.filter((rule) => (ofRule[rule] ?? 0) < 3)).toEqual([]);
  });

  test('lead to another decision once what they rest on is otherwise', () => {
    expect(decided.map(changed).filter((entry) => agrees(decisionOf(entry), verdictsOf(entry)))).toEqual([]);
  });

  test('count the working days of a deadline by the published list', () => {
    const given = decided.filter(({ event }) => event.startsWith('task-given')).map((entry) => entry.explanation!);
    const shown = given.map(({ calendar }) => calendar.workdays);
    expect(shown).toEqual(
      given.map(({ inputs }) => workdaysCounted(String(inputs['givenOn']), String(inputs['dueOn']))),
    );
    expect(shown.flat().length).toBeGreaterThan(300);
  });

  test('count the due time of every task again, to the minute', () => {
    const given = decided.filter(({ event }) => event.startsWith('task-given')).map((entry) => entry.explanation!);
    const due = given.map(({ inputs }) => Date.parse(String(inputs['dueAt'])));
    expect(given.map(dueAgain)).toEqual(due);
    expect(given.map(withOneDayMore).filter((seen, place) => dueAgain(seen) === due[place])).toEqual([]);
    expect(new Set(given.map(({ inputs }) => inputs['kind']))).toEqual(new Set(workOfStages));
  });

  test('hold no address, no name and no text that people wrote', () => {
    expect(JSON.stringify(decided)).not.toMatch(/\+86|@|王|鲁|knows the customer/);
  });

  test('name the stage plan', () => {
    expect(new Set(decided.map(({ explanation }) => explanation?.planVersion))).toEqual(new Set([1]));
  });
});
