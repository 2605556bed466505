import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { handoverItems, handovers } from '../../src/db/schema/handovers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { quotes } from '../../src/db/schema/quotes.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { shanghai } from '../support/given-plan.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const atNoon = shanghai.instantOf('2030-06-10', 12 * 60);
const setClock = (businessAt: number) => anchorClock(api.db, { businessAt, speed: 1 });
beforeEach(async () => {
  await setClock(atNoon);
  await api.db.update(renewals).set({ callCentreSince: null });
});

type Facts = Parameters<typeof aCase>[1] & { premium?: string };

/** A case of north that the call centre has had since the first of June. */
async function handedOver({ premium, ...facts }: Facts): Promise<string> {
  const id = await aCase(api.db, { callCentreSince: new Date('2030-06-01T01:00:00Z'), ...facts });
  if (premium) await changePolicy(id, { premium });
  return id;
}

const policyIdOf = async (id: string) => (await api.db.select().from(renewals).where(eq(renewals.id, id)))[0]!.policyId;
async function changePolicy(id: string, facts: Partial<typeof policies.$inferInsert>): Promise<void> {
  await api.db
    .update(policies)
    .set(facts)
    .where(eq(policies.id, await policyIdOf(id)));
}
async function changeCustomer(id: string, facts: Partial<typeof customers.$inferInsert>): Promise<void> {
  const [policy] = await api.db
    .select()
    .from(policies)
    .where(eq(policies.id, await policyIdOf(id)));
  await api.db.update(customers).set(facts).where(eq(customers.id, policy!.customerId));
}

type Item = { id: string; rank: { score: number } };
const listed = async (query = '') => {
  const { status, body } = await api.as('north-caller').get(`/v1/call-list${query}`);
  expect(status).toBe(200);
  return body as { items: Item[]; nextCursor: string | null };
};
const idsOf = (page: { items: Item[] }): string[] => page.items.map(({ id }) => id);

describe('The call list', () => {
  test('has the cases that were handed or offered to the call centre of the branch, and no others', async () => {
    const handed = await handedOver({ number: 'HANDED' });
    await aCase(api.db, { number: 'NOT-HANDED' });
    await handedOver({ number: 'SOUTH', branchId: 'south' });
    const offered = await aCase(api.db, { number: 'OFFERED', ownerId: null });
    const handoverId = uuidv7();
    const instants = { openedAt: new Date(atNoon), dueAt: new Date(atNoon) };
    await api.db
      .insert(handovers)
      .values({ id: handoverId, agentId: 'leaver', branchId: 'north', state: 'open', ...instants });
    await api.db
      .insert(handoverItems)
      .values({ handoverId, renewalId: offered, state: 'offered', channel: 'call-centre' });
    expect(idsOf(await listed()).toSorted()).toEqual([handed, offered].toSorted());
    await api.db.update(handoverItems).set({ state: 'assigned' });
    expect(idsOf(await listed())).toEqual([handed]);
  });

  test('puts due call-backs first, then premium and days left, then call-backs of later', async () => {
    const later = await handedOver({ number: 'LATER', callBackAt: new Date(atNoon + 3_600_000) });
    const dear = await handedOver({ number: 'DEAR', premium: '90000.00' });
    const cheap = await handedOver({ number: 'CHEAP', premium: '900.00' });
    const urgent = await handedOver({ number: 'URGENT', expiresOn: '2030-06-12' });
    const due = await handedOver({ number: 'DUE' });
    await aTask(api.db, { kind: 'call-back', role: 'agent', renewalId: due, createdAt: new Date(atNoon - 60_000) });
    const { items } = await listed();
    expect(idsOf({ items })).toEqual([due, urgent, dear, cheap, later]);
    expect(items[0]).toMatchObject({ callBackAt: new Date(atNoon - 60_000).toISOString() });
    expect(items[1]?.rank).toMatchObject({
      daysLeft: 2,
      explanation: expect.stringContaining('premium 5480.00') as string,
    });
  });

  test('goes on where the page before ended, in the order of the same rule', async () => {
    const ids: string[] = [];
    for (let turn = 1; turn <= 7; turn += 1) {
      ids.push(await handedOver({ number: `PAGED-${turn}`, premium: `${turn * 3_333}.10`, priority: turn % 3 }));
    }
    const seen: Item[] = [];
    for (let cursor = ''; ;) {
      const page = await listed(`?limit=3${cursor}`);
      seen.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(idsOf({ items: seen }).toSorted()).toEqual(ids.toSorted());
    const scores = seen.map(({ rank }) => rank.score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  test('leaves out who refused contact, who must not be contacted under that number, and cases held or in their second round', async () => {
    const later = new Date(atNoon + 86_400_000);
    await handedOver({ number: 'REFUSED', refusedContactAt: new Date(atNoon) });
    const silent = { phone: '+8613800005678' };
    await changeCustomer(await handedOver({ number: 'SILENT' }), { ...silent, doNotContactUntil: later });
    await changeCustomer(await handedOver({ number: 'DOUBLE' }), silent);
    await handedOver({ number: 'HELD', heldUntil: later });
    await handedOver({ number: 'SECOND', secondRoundDueAt: later });
    await handedOver({ number: 'CLOSED', outcome: 'lost', lossReason: 'price' });
    const callable = await handedOver({ number: 'CALLABLE', heldUntil: new Date(atNoon - 1) });
    expect(idsOf(await listed())).toEqual([callable]);
  });

  test('brings history, the newest quote, who claimed the case and the script in the customer’s language', async () => {
    const renewalId = await handedOver({ number: 'FULL', attempts: 1 });
    await changeCustomer(renewalId, { language: 'en' });
    const recorded = { recordedBy: 'north-agent', recordedAt: new Date(atNoon - 86_400_000), kind: 'contact' };
    await api.db
      .insert(contactResults)
      .values({ id: uuidv7(), renewalId, state: 'applied', result: 'not-reached', ...recorded });
    const quoted = { renewalId, kind: 'firm', quotedBy: 'north-specialist', quotedAt: new Date(atNoon) };
    await api.db.insert(quotes).values([
      { id: uuidv7(), version: 1, premium: '5000.00', ...quoted },
      { id: uuidv7(), version: 2, premium: '4800.00', ...quoted },
    ]);
    const claimedAt = new Date(atNoon - 3_600_000);
    await aTask(api.db, {
      kind: 'call-centre-case',
      role: 'call-centre',
      renewalId,
      assigneeId: 'north-caller',
      claimedAt,
    });
    const [item] = (await listed()).items;
    expect(item).toMatchObject({
      customer: { name: '王**', phone: '**********1234' },
      attempts: 1,
      history: [{ result: 'not-reached', recordedBy: 'north-agent' }],
      quote: { version: 2, premium: '4800.00' },
      claimed: { by: 'north-caller', at: claimedAt.toISOString() },
      callableNow: true,
      callableFrom: null,
      script: expect.arrayContaining([
        expect.objectContaining({ step: 'cover-read-back', neededForRenewal: true }),
      ]) as [],
    });
  });

  test('shows numbers when asked to, and keeps in the journal who saw them', async () => {
    const renewalId = await handedOver({ number: 'REVEALED' });
    expect((await listed('?reveal=true')).items[0]).toMatchObject({ customer: { phone: '+8613800001234' } });
    const { body } = await api.as('auditor').get(`/v1/renewals/${renewalId}/journal`);
    expect(body.items).toMatchObject([{ event: 'revealed', actor: 'north-caller' }]);
  });

  test('says outside the legal call window when it opens', async () => {
    await handedOver({ number: 'AT-NIGHT' });
    await setClock(shanghai.instantOf('2030-06-10', 21 * 60));
    const opensAt = new Date(shanghai.instantOf('2030-06-11', 9 * 60)).toISOString();
    expect((await listed()).items[0]).toMatchObject({ callableNow: false, callableFrom: opensAt });
  });

  test('is the call centre’s alone', async () => {
    for (const subject of ['north-agent', 'north-specialist', 'north-manager', 'auditor']) {
      expect((await api.as(subject).get('/v1/call-list')).status).toBe(403);
    }
  });
});
