import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { closeRenewal } from '../../src/db/cases/close-records.ts';
import { handovers } from '../../src/db/schema/handovers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { Outcome } from '../../src/renewal/loss.ts';
import { monday, openHandoverBook, type HandoverBook } from '../support/given-handover.ts';
import { shanghai } from '../support/given-plan.ts';
import { addLeave, addPerson } from '../support/given-work.ts';

let book: HandoverBook;

beforeAll(async () => {
  book = await openHandoverBook();
  await addPerson(book.db, { id: 'B1', role: 'agent', teamId: 'T2' });
});
afterAll(() => book.close());

const ownersOf = async (ids: string[]) => Promise.all(ids.map(async (id) => (await book.renewal(id)).ownerId));
const journalOf = (id: string, event: string) =>
  book.db
    .select()
    .from(journal)
    .where(eq(journal.chain, id))
    .orderBy(journal.sequence)
    .then((entries) => entries.filter((entry) => entry.event === event));
const close = (id: string, outcome: Outcome) =>
  book.db.transaction(async (tx) => {
    const situation = await readSituation(tx, id, shanghai);
    await closeRenewal(tx, situation, { outcome, cause: 'test' });
  });

describe('assigning by rule', () => {
  test('spreads a list over the colleagues of the team who are there, and says why in each journal', async () => {
    const { handoverId, ids } = await book.departureOf(8);
    await addPerson(book.db, { id: 'A3', role: 'agent', departedOn: '2027-02-01' });
    await addPerson(book.db, { id: 'A4', role: 'agent' });
    await addLeave(book.db, { staffId: 'A4', fromOn: '2027-02-26', toOn: monday });
    expect(await book.decide(handoverId, { kind: 'assign-by-rule' })).toMatchObject({ cases: 8, left: 0 });
    expect((await ownersOf(ids)).toSorted()).toEqual(['A1', 'A1', 'A1', 'A1', 'A2', 'A2', 'A2', 'A2']);
    expect(await journalOf(ids[0]!, 'owner-assigned')).toMatchObject([
      { actor: 'S1', reason: 'own-team-least-load', inputs: { handoverId, role: 'agent', openCases: 0 } },
    ]);
    expect((await book.handoverTasks(handoverId)).map(({ state }) => state)).toEqual(['completed']);
  });

  test('leaves the cases with the supervisor when there is nobody', async () => {
    await addPerson(book.db, { id: 'X9', role: 'specialist' });
    await book.at(monday);
    const id = await book.openCase({ channel: '电销', specialistId: 'X9', supervisorId: null, agentId: null });
    await book.db.update(staff).set({ customerCapacity: 0 }).where(eq(staff.id, 'X1'));
    const handoverId = (await book.leaves('X9')).id!;
    expect(await book.decide(handoverId, { kind: 'assign-by-rule' })).toEqual({ kind: 'nobody-to-assign' });
    await book.db.update(staff).set({ customerCapacity: null }).where(eq(staff.id, 'X1'));
    await book.decide(handoverId, { kind: 'assign-by-rule' });
    expect(await ownersOf([id])).toEqual(['X1']);
  });
});

describe('a new owner of another team', () => {
  test('takes the case there, and the supervisor’s tasks go with it', async () => {
    const { handoverId, ids } = await book.departureOf(1);
    const id = ids[0]!;
    await book.setTime(45);
    await book.turn(id, 'entered');
    await book.setTime(29);
    await book.turn(id, 'calendar', { from: 'follow-up' });
    await book.decide(handoverId, { kind: 'assign', agentId: 'B1' });
    expect(await book.renewal(id)).toMatchObject({ ownerId: 'B1', teamId: 'T2' });
    const open = (await book.tasks(id)).filter(({ state }) => state === 'open');
    expect(new Set(open.map(({ teamId }) => teamId))).toEqual(new Set(['T2']));
    const heldBy = (role: string) => new Set(open.filter((task) => task.role === role).map((task) => task.assigneeId));
    expect(heldBy('supervisor')).toEqual(new Set(['S2']));
    expect(heldBy('agent')).toEqual(new Set(['B1']));
  });

  test('has the new team’s supervisor for what is escalated later', async () => {
    const { handoverId, ids } = await book.departureOf(1);
    const id = ids[0]!;
    await book.decide(handoverId, { kind: 'assign', agentId: 'B1' });
    await book.setTime(45);
    await book.turn(id, 'entered');
    await book.setTime(29);
    await book.turn(id, 'calendar', { from: 'follow-up' });
    const coaching = (await book.tasks(id)).filter(({ role }) => role === 'supervisor');
    expect(coaching).toMatchObject([{ kind: 'coaching', teamId: 'T2', assigneeId: 'S2' }]);
  });

  test('changes nothing of the team when a supervisor who leads it takes the case over', async () => {
    const { handoverId, ids } = await book.departureOf(1);
    await book.decide(handoverId, { kind: 'take-over' });
    expect(await book.renewal(ids[0]!)).toMatchObject({ ownerId: 'S1', teamId: 'T1' });
  });
});

describe('two who decide at once', () => {
  test('about different cases each have theirs', async () => {
    const { handoverId, ids } = await book.departureOf(6);
    const [mine, yours] = [ids.slice(0, 3), ids.slice(3)];
    const answers = await Promise.all([
      book.decide(handoverId, { kind: 'assign', agentId: 'A1' }, { renewalIds: mine.toReversed() }),
      book.decide(handoverId, { kind: 'assign', agentId: 'A2' }, { renewalIds: yours, decidedBy: 'S2' }),
    ]);
    expect(answers).toMatchObject([{ cases: 3 }, { cases: 3 }]);
    expect(await ownersOf(ids)).toEqual([...mine.map(() => 'A1'), ...yours.map(() => 'A2')]);
    expect((await book.handoverTasks(handoverId)).map(({ state }) => state)).toEqual(['completed']);
  });

  test('about lists that overlap give each case one owner and one entry', async () => {
    const { handoverId, ids } = await book.departureOf(6);
    const lists = [ids.slice(0, 4), ids.slice(2)];
    const answers = await Promise.all(
      lists.map((renewalIds, turn) =>
        book.decide(handoverId, { kind: 'assign', agentId: `A${turn + 1}` }, { renewalIds }),
      ),
    );
    const decided = answers.map((answer) => (answer.kind === 'decided' ? answer.cases : -1));
    expect(decided.toSorted()).toEqual([2, 4]);
    for (const id of ids) expect(await journalOf(id, 'owner-assigned')).toHaveLength(1);
  });
});

describe('the time without an owner', () => {
  const tenToTwelve = 7_200;

  test.each([
    ['renewed meanwhile', { kind: 'renewed', early: false }, 'closed'],
    ['lost meanwhile', { kind: 'lost', reason: 'price', renewable: true }, 'closed'],
    ['handed off', { kind: 'orphan-handed-off', channel: 'cross-sales' }, 'handed-off'],
  ] as const)('is kept by a case that is %s', async (_how, outcome, state) => {
    const { handoverId, ids } = await book.departureOf(1);
    await book.decide(handoverId, { kind: 'offer', channel: 'cross-sales' });
    if (state === 'handed-off') await book.answer(handoverId, true);
    await book.at(monday, 12 * 60);
    await close(ids[0]!, outcome);
    const row = await book.renewal(ids[0]!);
    expect(row.unownedSeconds).toBeGreaterThanOrEqual(tenToTwelve);
    expect(row.unownedSeconds).toBeLessThan(tenToTwelve + 60);
    expect(await book.states(handoverId)).toEqual([state]);
  });
});

test('the last undecided case that closes takes the supervisor’s task and the hand-over with it', async () => {
  const { handoverId, ids } = await book.departureOf(2);
  await book.decide(handoverId, { kind: 'take-over' }, { renewalIds: [ids[0]!] });
  await close(ids[1]!, { kind: 'renewed', early: false });
  expect((await book.handoverTasks(handoverId)).map(({ state }) => state)).toEqual(['completed']);
  const [row] = await book.db.select().from(handovers).where(eq(handovers.id, handoverId));
  expect(row?.state).toBe('decided');
});

describe('an agent who leaves', () => {
  test('in the middle of an escalation leaves no task behind, whichever comes first', async () => {
    for (const [turn, delay] of [0, 1, 5, 20].entries()) {
      const agentId = `E${turn}`;
      await addPerson(book.db, { id: agentId, role: 'agent' });
      await book.setTime(46);
      const id = await book.openCase({ agentId });
      await book.turn(id, 'entered');
      await book.setTime(44);
      const escalates = book.turn(id, 'calendar', { from: 'preparation' });
      await new Promise((resolve) => setTimeout(resolve, delay));
      await Promise.all([escalates, book.leaves(agentId, '2027-02-01')]);
      expect(await book.renewal(id)).toMatchObject({ ownerId: null, stage: 'follow-up', escalated: true });
      const held = await book.db.select().from(tasks).where(eq(tasks.assigneeId, agentId));
      expect(held.filter(({ state }) => state === 'open')).toEqual([]);
    }
  });

  test('gives back the tasks they had in other cases', async () => {
    await book.at(monday);
    const id = await book.openCase({ agentId: 'A1', specialistId: 'X9' });
    await book.setTime(45);
    await book.turn(id, 'entered');
    await addPerson(book.db, { id: 'A7', role: 'agent' });
    await book.db.update(tasks).set({ assigneeId: 'A7' }).where(eq(tasks.renewalId, id));
    await book.leaves('A7', '2027-02-01');
    expect(new Set((await book.tasks(id)).map(({ assigneeId }) => assigneeId))).toEqual(new Set([null]));
  });

  test('may stay after all as long as the day has not come, and not afterwards', async () => {
    await book.at(monday);
    await addPerson(book.db, { id: 'A8', role: 'agent' });
    expect(await book.leaves('A8', '2027-03-08')).toMatchObject({ state: 'scheduled' });
    expect(await book.leaves('A8', null)).toMatchObject({ state: 'withdrawn' });
    const [stays] = await book.db.select().from(staff).where(eq(staff.id, 'A8'));
    expect(stays?.departedOn).toBeNull();
    await book.leaves('A8', monday);
    expect(await book.leaves('A8', null)).toMatchObject({ state: 'completed' });
    const events = await journalOf('staff.A8', 'departure-recorded');
    expect(events.map(({ inputs }) => inputs)).toMatchObject([{ effectiveOn: '2027-03-08' }, { effectiveOn: monday }]);
    expect(await journalOf('staff.A8', 'departure-withdrawn')).toHaveLength(1);
  });
});
