import { fc } from '@fast-check/vitest';
import { eq, inArray } from 'drizzle-orm';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { holdCase, resumeCase } from '../../src/db/cases/hold-records.ts';
import { followMessages } from '../../src/db/messages/follow-messages.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { fleets } from '../../src/db/schema/fleets.ts';
import { absences, staff } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { moveTasksOfAbsent } from '../../src/db/tasks/cover-absence.ts';
import { claimTask, reassignTask } from '../../src/db/tasks/task-hands.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import type { Stage } from '../../src/renewal/stage-plan.ts';
import type { Book } from '../support/given-book.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { apply } from '../support/given-results.ts';
import { addLeave, addPerson, addTask } from '../support/given-work.ts';

const people = ['A1', 'A2', 'S1', 'S3', 'X1', 'X2', 'X3', 'C1'] as const;

/** Everybody whom the situations move about, beside those of the book. */
export async function addColleagues({ db }: Book): Promise<void> {
  await addPerson(db, { id: 'X2', role: 'specialist' });
  await addPerson(db, { id: 'X3', role: 'specialist' });
  await addPerson(db, { id: 'S3', role: 'supervisor' });
}

const aPerson = fc.record({
  openTasks: fc.integer({ min: 0, max: 2 }),
  leave: fc.oneof(fc.constant(null), fc.constant(null), fc.constantFrom(-1, 0, 2, 5)),
  hasLeft: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
  customerCapacity: fc.constantFrom(null, null, null, 0, 1),
  contactsPerDay: fc.constantFrom(null, null, 0, 1),
});

const stagesByDay: [daysBefore: number, endsBefore: number, stage: Stage][] = [
  [60, 45, 'preparation'],
  [45, 30, 'follow-up'],
  [30, 7, 'intensive-chase'],
  [7, 0, 'wrap-up'],
];

export const caseSituation = fc.record({
  staff: fc.array(aPerson, { minLength: people.length, maxLength: people.length }),
  ends: fc.constantFrom(...stagesByDay),
  lateDays: fc.integer({ min: 0, max: 3 }),
  agentId: fc.constantFrom('A1', 'A1', 'A1', null),
  specialistId: fc.constantFrom('X1', 'X1', 'X1', null),
  isFleet: fc.boolean(),
  negotiatorId: fc.constantFrom('A2', null),
  premium: fc.constantFrom('4200.00', '60000.00'),
  handedOut: fc.boolean(),
  resultCounted: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 0),
  refused: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
  hold: fc.constantFrom('none', 'held', 'resumed', 'run-out'),
  hand: fc.constantFrom('none', 'claimed', 'reassigned', 'absence'),
  end: fc.constantFrom('none', 'renewed', 'refused', 'other-plan'),
});
export type CaseSituation = typeof caseSituation extends fc.Arbitrary<infer Drawn> ? Drawn : never;

let turn = 0;

/** Writes people and a case to the books and lets it end a stage; answers the id of the case. */
export async function liveThrough(book: Book, drawn: CaseSituation): Promise<string> {
  const [daysBefore, endsBefore, stage] = drawn.ends;
  await book.setTime(daysBefore - drawn.lateDays, 600);
  await writePeople(book, drawn, daysBefore);
  const id = await openCase(book, drawn);
  await book.turn(id, 'entered');
  await hold(book, drawn, { id, daysBefore });
  await hand(book, drawn, { id, daysBefore });
  await book.setTime(endsBefore, 1_200);
  await book.db
    .update(renewals)
    .set({ handedOutAt: drawn.handedOut ? new Date() : null })
    .where(eq(renewals.id, id));
  if (drawn.refused) await refuse(book, id);
  await book.turn(id, 'calendar', { from: stage, resultCounted: drawn.resultCounted });
  await end(book, drawn, id);
  return id;
}

/** What stops the messages that the stage planned. */
async function end(book: Book, { end: how }: CaseSituation, id: string): Promise<void> {
  const { outcome } = await book.renewal(id);
  if (outcome !== null || how === 'none') return;
  if (how === 'refused') await apply(book, id, { result: 'refused-contact' });
  const renewed = { cause: 'result:renewed', outcome: { kind: 'renewed', early: false } } as const;
  if (how === 'renewed') await book.steps.closeCase({ renewalId: id, stamp: '', ending: renewed });
  if (how !== 'other-plan') return;
  await book.db.transaction(async (tx) => {
    const situation = await readSituation(tx, id, shanghai);
    const stage = (situation.renewal.stage ?? undefined) as Stage | undefined;
    await followMessages(tx, { ...situation, plan: { ...situation.plan, touches: [] } }, stage);
  });
}

async function writePeople({ db }: Book, drawn: CaseSituation, daysBefore: number): Promise<void> {
  await db.delete(absences);
  await db.delete(tasks);
  const today = shanghai.dayOf(daysBeforeT(daysBefore - drawn.lateDays));
  for (const [place, id] of people.entries()) {
    const { openTasks, leave, hasLeft, customerCapacity, contactsPerDay } = drawn.staff[place]!;
    const departedOn = hasLeft ? addDays(today, 2) : null;
    await db.update(staff).set({ departedOn, customerCapacity, contactsPerDay }).where(eq(staff.id, id));
    for (let count = 0; count < openTasks; count += 1) await addTask(db, { assigneeId: id });
    if (leave !== null)
      await addLeave(db, { staffId: id, fromOn: addDays(today, leave), toOn: addDays(today, leave + 3) });
  }
}

async function openCase(book: Book, drawn: CaseSituation): Promise<string> {
  const { agentId, specialistId, premium, isFleet, negotiatorId } = drawn;
  const fleetNumber = isFleet ? `F${(turn += 1)}` : null;
  const id = await book.openCase({ agentId, specialistId, premium, fleetNumber });
  const { fleetId } = await book.renewal(id);
  if (fleetId !== null) await book.db.update(fleets).set({ negotiatorId }).where(eq(fleets.id, fleetId));
  await book.db.update(renewals).set({ teamId: 'T1' }).where(eq(renewals.id, id));
  return id;
}

type Moment = { id: string; daysBefore: number };

async function hold({ db, ...book }: Book, drawn: CaseSituation, { id, daysBefore }: Moment): Promise<void> {
  if (drawn.hold === 'none') return;
  const until = new Date(daysBeforeT(daysBefore - drawn.lateDays - 2));
  const asked = { renewalId: id, by: 'S1' };
  await db.transaction((tx) => holdCase(tx, { ...asked, id: crypto.randomUUID(), until, reason: 'leave' }, shanghai));
  if (drawn.hold === 'resumed')
    await db.transaction((tx) => resumeCase(tx, { ...asked, id: crypto.randomUUID() }, shanghai));
  if (drawn.hold === 'run-out') {
    await book.setTime(daysBefore - drawn.lateDays - 2, 600);
    await book.turn(id, 'hold-ended', { from: drawn.ends[2] });
  }
}

async function hand({ db, ...book }: Book, { hand: what }: CaseSituation, { id }: Moment): Promise<void> {
  const [task] = (await book.tasks(id)).filter(({ state }) => state === 'open');
  if (!task || what === 'none') return;
  const asked = { taskId: task.id, by: 'S1' };
  await db.transaction(async (tx) => {
    if (what === 'claimed') await claimTask(tx, { taskId: task.id, by: 'X3' }, shanghai);
    if (what === 'reassigned') await reassignTask(tx, { ...asked, to: 'X3', reason: 'knows the customer' }, shanghai);
    const days = { fromOn: shanghai.dayOf(task.dueAt.getTime()), toOn: shanghai.dayOf(task.dueAt.getTime()) };
    if (what !== 'absence' || task.assigneeId === null) return;
    await addLeave(tx, { staffId: task.assigneeId, ...days });
    await moveTasksOfAbsent(tx, { staffId: task.assigneeId, ...days }, shanghai);
  });
}

async function refuse({ db }: Book, id: string): Promise<void> {
  const ofCase = db
    .select({ id: policies.customerId })
    .from(policies)
    .innerJoin(renewals, eq(renewals.policyId, policies.id))
    .where(eq(renewals.id, id));
  await db
    .update(customers)
    .set({ doNotContactUntil: new Date('2027-12-31T00:00:00Z') })
    .where(inArray(customers.id, ofCase));
}
