import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { staff } from '../../src/db/schema/organisation.ts';
import { giveToOwner } from '../../src/db/cases/single-owner.ts';
import { openHandoverBook, type HandoverBook } from '../support/given-handover.ts';
import { shanghai } from '../support/given-plan.ts';
import { addPerson } from '../support/given-work.ts';
import { ownerVerdicts } from './case-table.ts';
import { readEntries } from './read-entries.ts';
import { agrees, countBy, decisionOf, type Entry } from './verdict.ts';

const colleagues = ['A1', 'A2', 'A3', 'B1', 'B2'];
const situation = fc.record({
  cases: fc.integer({ min: 1, max: 4 }),
  capacities: fc.array(fc.constantFrom(null, 0, 1, 2), { minLength: colleagues.length, maxLength: colleagues.length }),
  isTeamFull: fc.boolean(),
});

let book: HandoverBook;
const byRule: Entry[] = [];
const byPerson: Entry[] = [];

beforeAll(async () => {
  book = await openHandoverBook();
  await addPerson(book.db, { id: 'A3', role: 'agent' });
  for (const id of ['B1', 'B2']) await addPerson(book.db, { id, role: 'agent', teamId: 'T2' });
  for (const { cases, capacities, isTeamFull } of fc.sample(situation, { numRuns: 25, seed: 20_270_331 })) {
    for (const [place, id] of colleagues.entries()) {
      const customerCapacity = isTeamFull && id.startsWith('A') ? 0 : (capacities[place] ?? null);
      await book.db.update(staff).set({ customerCapacity }).where(eq(staff.id, id));
    }
    await letLeave(cases);
  }
}, 200_000);
afterAll(() => book.close());

/** Somebody leaves; the rule spreads the cases, whoever is left over goes to a named colleague and then to another one. */
async function letLeave(cases: number): Promise<void> {
  const { handoverId, ids } = await book.departureOf(cases);
  await book.decide(handoverId, { kind: 'assign-by-rule' });
  const left = (await book.items(handoverId)).filter(({ state }) => state === 'undecided');
  if (left.length > 0) await book.decide(handoverId, { kind: 'assign', agentId: 'S1' });
  const change = { id: crypto.randomUUID(), renewalId: ids[0]!, ownerId: 'B1', by: 'S2' };
  await book.db.transaction((tx) => giveToOwner(tx, change, shanghai));
  const entries = (await Promise.all(ids.map((id) => readEntries(book.db, id)))).flat();
  const given = entries.filter(({ event }) => event === 'owner-assigned' || event === 'owner-changed');
  byRule.push(...given.filter(({ explanation }) => explanation?.rule.endsWith('least-load')));
  byPerson.push(...given.filter(({ explanation }) => !explanation?.rule.endsWith('least-load')));
}

describe('Explanations of new owners', () => {
  test('lead a separate reading of the rules to the same colleague', () => {
    expect(byRule.filter((entry) => !agrees(decisionOf(entry), ownerVerdicts(entry.explanation!)))).toEqual([]);
    const counts = countBy(byRule, (entry) => entry.explanation!.rule);
    expect(Object.keys(counts)).toEqual(['branch-least-load', 'own-team-least-load']);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(3);
  });

  test('lead to another colleague once the one who got the case has far more to do', () => {
    const busy = byRule.map((entry) => {
      const { candidates } = entry.explanation!.inputs as { candidates: { staffId: string }[] };
      const changed = candidates.map((one, place) => (place === 0 ? { ...one, openCases: 9_999 } : one));
      const inputs = { ...entry.explanation!.inputs, candidates: changed };
      const isAlone = candidates.length === 1;
      return { isAlone, agreed: agrees(decisionOf(entry), ownerVerdicts({ ...entry.explanation!, inputs })) };
    });
    expect(busy.filter(({ isAlone, agreed }) => agreed && !isAlone)).toEqual([]);
    expect(busy.filter(({ isAlone }) => !isAlone).length).toBeGreaterThan(3);
  });

  test('say who named somebody, where a person did', () => {
    const rules = countBy(byPerson, ({ event, explanation }) => `${event} ${explanation?.rule}`);
    expect(Object.keys(rules)).toEqual(['owner-assigned hand-over', 'owner-changed asked-by-person']);
    const named = byPerson.map(({ explanation }) => explanation?.inputs['by']);
    expect(new Set(named)).toEqual(new Set(['S1', 'S2']));
  });
});
