import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm';
import { branches, staff } from '../../src/db/schema/organisation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { bookIn } from '../support/given-book.ts';
import { changed } from '../support/given-plan-change.ts';
import { aDraft, aVariedBook } from '../support/given-varied-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;
let ids: Awaited<ReturnType<typeof aVariedBook>>;
let version: number;

/** The chase begins at T-28 instead of T-30, so that cases go back; its second message comes at T-20 instead of T-15. */
const other = changed((plan) => {
  plan.stages[1].endsDaysBefore = 28;
  plan.stages[2].opensDaysBefore = 28;
  plan.stages[2].touches[0].daysBefore = 28;
  plan.stages[2].touches[1].daysBefore = 20;
  plan.stages[3].touches.shift();
});

beforeAll(async () => {
  api = await runApi({ temporalAddress: inject('temporalAddress') });
  const book = await bookIn(api.db);
  await api.db.insert(branches).values({ id: 'B02', name: 'Elsewhere' });
  await api.db.insert(staff).values([
    { id: 'M1', name: 'M1', roles: ['channel-manager'], branchId: 'B01' },
    { id: 'M2', name: 'M2', roles: ['channel-manager'], branchId: 'B02' },
  ]);
  ids = await aVariedBook(book);
  version = await aDraft(book, other);
  admin = api.as('admin');
});
afterAll(() => api.close());

const preview = (body: object = {}, asker = admin, of = version) => asker.post(`/v1/stage-plans/${of}/preview`, body);
type Item = { renewalId: string; [field: string]: unknown };
const caseOf = (items: Item[], name: keyof typeof ids) => items.find(({ renewalId }) => renewalId === ids[name]);

describe('The preview of a draft', () => {
  test('adds up what becomes of all open cases', async () => {
    const { status, body } = await preview({ nudgesPerSecond: 5 });

    expect(status).toBe(200);
    const { cases, stages, journey, cost } = body.sum;
    expect(cases).toMatchObject({ open: 14, concerned: 14, pausing: 2 });
    expect(cases.unaffected).toBe(14 - cases.changed);
    expect(stages).toEqual([
      { before: null, after: null, cases: 1 },
      { before: 'preparation', after: 'preparation', cases: 1 },
      { before: 'follow-up', after: 'follow-up', cases: 2 },
      { before: 'intensive-chase', after: 'follow-up', cases: 8 },
      { before: 'intensive-chase', after: 'intensive-chase', cases: 2 },
    ]);
    expect(journey).toContainEqual({ template: 'last-week', channel: 'sms', added: 0, moved: 0, dropped: 12, late: 0 });
    expect(cost).toMatchObject({ nudgesPerSecond: 5, nudges: 8, events: expect.any(Number) });
    expect(body.sum.warnings).toContainEqual(expect.objectContaining({ code: 'stages-gone-back', count: 8 }));
  });

  test('says case by case what becomes of it', async () => {
    const { items } = (await preview({ changedOnly: false })).body.cases;

    expect(items).toHaveLength(14);
    expect(caseOf(items, 'chased')).toMatchObject({
      stageBefore: 'intensive-chase',
      stageAfter: 'follow-up',
      nextAfter: { what: 'stage:intensive-chase' },
      when: 'now',
      nudge: true,
      tasks: expect.arrayContaining([expect.objectContaining({ kind: 'firm-quote', change: 'dropped', to: null })]),
    });
    expect(caseOf(items, 'held')).toMatchObject({
      pauses: true,
      stageAfter: 'intensive-chase',
      when: 'same',
      messages: [],
    });
    expect(caseOf(items, 'secondRound')).toMatchObject({ nextAfter: { what: 'second-round-ends' }, journey: [] });
    expect(caseOf(items, 'orphan')).toMatchObject({ ownerId: null, nextBefore: { what: 'hand-over-ends' } });
    expect(caseOf(items, 'refused')).toMatchObject({ journey: [] });
    expect(caseOf(items, 'calledBack')).toMatchObject({ nextBefore: { what: 'call-back' } });
    expect(caseOf(items, 'unopened')).toMatchObject({
      stageBefore: null,
      stageAfter: null,
      when: 'same',
      nudge: false,
    });
  });

  test('comes in pages, the sum with the first', async () => {
    const whole = (await preview({ changedOnly: true })).body.cases;
    const first = (await preview({ limit: 5 })).body;
    const second = (await preview({ limit: 200, cursor: first.cases.nextCursor })).body;

    expect([...first.cases.items, ...second.cases.items]).toEqual(whole.items);
    expect(second).toMatchObject({ sum: null, cases: { nextCursor: null } });
    expect((await preview({ changedOnly: false, cursor: first.cases.nextCursor })).status).toBe(422);
  });

  test('is a CSV of all cases, in which nothing is a formula', async () => {
    const headers = { authorization: await bearer('admin'), 'content-type': 'application/json' };
    const answer = await fetch(`${api.url}/v1/stage-plans/${version}/preview?format=csv`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ changedOnly: false }),
    });

    const rows: Record<string, string>[] = parse(await answer.text(), { columns: true, bom: true });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(rows.map(({ renewalId }) => renewalId)).toEqual(Object.values(ids).toSorted());
    expect(rows.find(({ renewalId }) => renewalId === ids.chased)).toMatchObject({
      stageBefore: 'intensive-chase',
      stageAfter: 'follow-up',
      nudge: 'yes',
      tasks: expect.stringContaining('dropped firm-quote/intensive-chase from 2027-'),
    });
  });

  test('changes nothing', async () => {
    const before = await api.db.select().from(renewals).orderBy(renewals.id);

    await preview();

    expect(await api.db.select().from(renewals).orderBy(renewals.id)).toEqual(before);
  });

  test('is the channel manager’s for plans of the own branch and below', async () => {
    const own = await aDraft({ db: api.db }, other, { branchId: 'B01' });

    expect((await preview({}, api.as('M1'), own)).body.sum.cases).toMatchObject({ open: 14, concerned: 14 });
    expect(await preview({}, api.as('M2'), own)).toMatchObject({ status: 403, body: { code: 'beyond-your-branch' } });
    expect(await preview({}, api.as('M1'))).toMatchObject({ status: 403, body: { code: 'beyond-your-branch' } });
  });

  test('is refused for what nobody can publish', async () => {
    expect(await preview({}, admin, 999)).toMatchObject({ status: 404 });
    expect(await preview({ nudgesPerSecond: 51 })).toMatchObject({ status: 422 });
    expect((await preview({}, admin, 1)).body.sum).toMatchObject({
      cases: { concerned: 0 },
      warnings: [{ code: 'follows-already' }],
    });
  });

  test('of one branch counts no case of another, and names to its manager none of the people there', async () => {
    const own = await aDraft({ db: api.db }, other, { branchId: 'B01' });
    await api.db.insert(staff).values({ id: 'X2', name: 'X2', roles: ['specialist'], branchId: 'B02' });
    await api.db.update(tasks).set({ assigneeId: 'X2' }).where(eq(tasks.renewalId, ids.chased));
    await api.db.update(renewals).set({ branchId: 'B02', planVersion: 0 }).where(eq(renewals.id, ids.held));
    const [ofManager, ofAdmin] = [await preview({}, api.as('M1'), own), await preview({}, admin, own)];

    const named = (body: { sum: { loads: { staffId: string }[] } }) => body.sum.loads.map(({ staffId }) => staffId);
    expect(ofManager.body.sum.cases).toMatchObject({ open: 13, concerned: 13 });
    expect(ofAdmin.body.sum.cases).toMatchObject({ open: 14, concerned: 13 });
    expect(named(ofManager.body)).not.toContain('X2');
    expect(named(ofAdmin.body)).toContain('X2');
  });
});

async function bearer(subject: string): Promise<string> {
  const answer = await fetch(`${api.url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subject }),
  });
  return `Bearer ${((await answer.json()) as { accessToken: string }).accessToken}`;
}
