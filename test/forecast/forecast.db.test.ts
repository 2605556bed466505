import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forecast, type Question } from '../../src/forecast/forecast.ts';
import { addUp, reportOf, type ForecastReport } from '../../src/forecast/forecast-report.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { absences, branches, staff } from '../../src/db/schema/organisation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { stagePlans } from '../../src/db/schema/stage-plans.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { StagePlan, StageRule } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;
beforeEach(async () => {
  book = await openBook();
  await book.setTime(61);
});
afterEach(() => book.close());

async function foretell(question: Partial<Question> = {}): Promise<ForecastReport> {
  const asked = { days: 70, calendar: shanghai, ...question };
  return reportOf(await forecast(book.db, asked), shanghai);
}

const dayOf = ({ days }: ForecastReport, day: string) => days.find((one) => one.day === day)!;
const ofPerson = ({ people }: ForecastReport, day: string, who: string) =>
  people.find((one) => one.day === day && one.who === who);

async function draft(content: StagePlan, scope: { branchId?: string; segment?: string } = {}): Promise<void> {
  await book.db.insert(stagePlans).values({ version: 7, state: 'draft', content, ...scope });
}

function changeStage(stage: StageRule['stage'], change: Partial<StageRule>): StagePlan {
  const change1 = (rule: StageRule): StageRule => (rule.stage === stage ? { ...rule, ...change } : rule);
  return { ...defaultStagePlan, stages: defaultStagePlan.stages.map(change1) };
}

describe('the forecast of a book', () => {
  test('adds up: the sums over days, over people and over everything are the same', async () => {
    for (const [agentId, channel] of [
      ['A1', null],
      ['A2', null],
      [null, 'telesales'],
    ] as const) {
      await book.addPolicy({ agentId, channel, specialistId: agentId === null ? null : 'X1' });
    }
    const report = await foretell();
    expect(addUp(report.days)).toEqual(addUp(report.people));
    expect(report.totals).toMatchObject({ ...addUp(report.days), casesOpened: 3, casesClosed: 3 });
    expect(report.totals.sms).toBe(15);
    expect(report.totals.emails).toBe(9);
  });

  test('goes on with a case from where it stands, and gives nothing twice', async () => {
    await book.setTime(60);
    const id = await book.openCase();
    await book.turn(id, 'entered');
    const report = await foretell();
    expect(report.cases).toEqual({ open: 1, coming: 0 });
    expect(report.people.flatMap(({ given }) => given['file-check'] ?? [])).toEqual([]);
    expect(dayOf(report, '2027-02-14').escalations).toBe(1);
  });

  test('changes nothing in the database', async () => {
    const id = await book.openCase();
    const before = await book.renewal(id);
    await foretell();
    expect(await book.renewal(id)).toEqual(before);
    expect(await book.tasks(id)).toEqual([]);
    expect(await book.messages(id)).toEqual([]);
  });

  test('counts the cases of a branch and those below it alone, when asked for one', async () => {
    await book.db.insert(branches).values([
      { id: 'B02', name: '青岛分公司' },
      { id: 'B011', name: '历下支公司', parentId: 'B01' },
    ]);
    for (const branchId of ['B01', 'B011', 'B02']) await book.addPolicy({ branchId });
    expect((await foretell({ branchId: 'B01' })).totals.casesOpened).toBe(2);
    expect((await foretell({ branchId: 'B02' })).totals.casesOpened).toBe(1);
    expect((await foretell()).totals.casesOpened).toBe(3);
  });

  test('leaves a held case alone until its hold ends, and skips what it misses', async () => {
    await book.setTime(60);
    const id = await book.openCase();
    await book.turn(id, 'entered');
    const heldUntil = new Date(shanghai.instantOf('2027-03-10', 600));
    await book.db.update(renewals).set({ heldUntil, holdRevision: 1 }).where(eq(renewals.id, id));
    const report = await foretell();
    expect(report.days.filter(({ day, tasksGiven, sms }) => day < '2027-03-10' && tasksGiven + sms > 0)).toEqual([]);
    expect(dayOf(report, '2027-03-10').stagesOpened).toEqual({ 'intensive-chase': 1 });
    expect(report.totals).toMatchObject({ escalations: 1, casesClosed: 1 });
  });

  test('says that sending is stopped, and what would go all the same', async () => {
    await book.addPolicy();
    await book.db.execute(
      `insert into sending (id, stopped) values (1, true) on conflict (id) do update set stopped = true`,
    );
    expect(await foretell()).toMatchObject({ sendingStopped: true, totals: { sms: 5 } });
  });

  test('refuses what it cannot foresee: an unknown plan, an unknown branch, an empty book', async () => {
    await expect(foretell({ plan: 99 })).rejects.toThrow('There is no stage plan 99.');
    await expect(foretell({ branchId: 'B99' })).rejects.toThrow('There is no branch B99.');
    await expect(foretell()).rejects.toThrow('The book is empty');
  });
});

describe('the forecast of a plan that is a draft', () => {
  const touches = [{ ...defaultStagePlan.stages[2]!.touches[0]!, key: 't-25', daysBefore: 25 }];
  const plan = changeStage('intensive-chase', { touches });

  test('has its touches instead of those in force, for open cases too', async () => {
    await book.setTime(29);
    const id = await book.openCase();
    await book.turn(id, 'entered');
    await draft(plan);
    const [asIs, asDrafted] = [await foretell({ days: 40 }), await foretell({ days: 40, plan: 7 })];
    expect([dayOf(asIs, '2027-03-06').sms, dayOf(asIs, '2027-03-16').sms]).toEqual([0, 1]);
    expect([dayOf(asDrafted, '2027-03-06').sms, dayOf(asDrafted, '2027-03-16').sms]).toEqual([1, 0]);
    expect(asDrafted.plan).toMatchObject({ version: 7, state: 'draft' });
  });

  test('holds in its own scope only', async () => {
    await book.addPolicy({ premium: '60000.00' });
    await book.addPolicy();
    await draft(plan, { segment: 'key-customer' });
    const report = await foretell({ plan: 7 });
    expect([dayOf(report, '2027-03-06').sms, dayOf(report, '2027-03-16').sms]).toEqual([1, 1]);
  });
});

describe('the work that is forecast, against what people can do', () => {
  test('names whoever is away on a day on which contacts are due', async () => {
    await book.addPolicy();
    const given = await foretell();
    const busy = given.people.find(({ who, contactsDue }) => who === 'A1' && contactsDue > 0)!;
    const leave = {
      id: uuidv7(),
      staffId: 'A1',
      fromOn: busy.day,
      toOn: busy.day,
      recordedBy: 'S1',
      recordedAt: new Date(),
    };
    await book.db.insert(absences).values(leave);
    const report = await foretell();
    // Whoever covers has it, as it would be given on the day.
    expect(ofPerson(report, busy.day, 'A1')?.contactsDue ?? 0).toBe(0);
    expect(ofPerson(report, busy.day, 'A2')).toMatchObject({ contactsDue: busy.contactsDue, overload: [] });
  });

  test('names whoever has more contacts due than they can make', async () => {
    for (let policy = 0; policy < 3; policy += 1) await book.addPolicy();
    await book.db.update(staff).set({ contactsPerDay: 2 }).where(eq(staff.teamId, 'T1'));
    await book.db.update(staff).set({ departedOn: '2020-01-01' }).where(eq(staff.id, 'A2'));
    const report = await foretell();
    const firstContacts = report.people.filter(({ due }) => due['first-contact'] !== undefined);
    expect(firstContacts.map(({ who, contactsDue, overload }) => ({ who, contactsDue, overload }))).toEqual([
      { who: 'A1', contactsDue: 2, overload: [] },
      { who: 'agent@B01', contactsDue: 1, overload: [] },
    ]);
  });

  test('counts twenty contacts a day for somebody of whom the staff record says nothing', async () => {
    const customerIds = await Promise.all(Array.from({ length: 21 }, () => book.addPolicy()));
    expect(await book.db.$count(customers)).toBe(customerIds.length);
    const report = await foretell();
    const tooMany = report.people.filter(({ overload }) => overload.length > 0);
    expect(tooMany.map(({ who, contactsDue, contactsPossible }) => [who, contactsDue, contactsPossible])[0]).toEqual([
      'A1',
      21,
      20,
    ]);
    expect(dayOf(report, tooMany[0]!.day).overloaded).toEqual(['A1']);
  });
});
