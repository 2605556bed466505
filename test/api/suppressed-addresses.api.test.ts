import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { suppressedAddresses } from '../../src/db/schema/suppressed-addresses.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { aMessage } from './an-uncertain-message.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await anchorClock(api.db, { businessAt: Date.parse('2030-05-21T12:00:00+08:00'), speed: 1 });
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

type Facts = Partial<typeof suppressedAddresses.$inferInsert>;
let turn = 0;

/** An address that a message of a case did not reach, suppressed a minute after the one before. */
async function aSuppressed(facts: Facts = {}, renewal: object = {}): Promise<{ id: string; renewalId: string }> {
  turn += 1;
  const renewalId = await aCase(api.db, { number: `SUPPRESSED${turn}`, ...renewal });
  const [id, messageId] = [uuidv7(), await aMessage(api.db, renewalId)];
  const since = new Date(Date.parse('2030-05-01T09:00:00+08:00') + turn * 60_000);
  const what = { channel: 'sms', address: `+86138000${10_000 + turn}`, reason: 'unreachable', code: '30003' };
  await api.db.insert(suppressedAddresses).values({ id, ...what, messageId, since, ...facts });
  return { id, renewalId };
}

const list = (query = '', as = 'north-manager') => api.as(as).get(`/v1/suppressed-addresses${query}`);
const idsOf = (body: { items: { id: string }[] }): string[] => body.items.map(({ id }) => id);
const lift = (id: string, as = 'north-manager', headers: Record<string, string> = {}) =>
  api.as(as).post(`/v1/suppressed-addresses/${id}/lift`, { reason: '王小明 says that it works' }, headers);

describe('The list of suppressed addresses', () => {
  test('has the newest first, masked, page by page, of the cases that one sees', async () => {
    const [first, second] = [await aSuppressed(), await aSuppressed()];
    const elsewhere = await aSuppressed({}, { branchId: 'south' });

    const page = await list('?limit=1');
    const next = await list(`?limit=1&cursor=${page.body.nextCursor}`);

    expect([...idsOf(page.body), ...idsOf(next.body)]).toEqual([second.id, first.id]);
    expect(page.body.items[0]).toMatchObject({ reason: 'unreachable', code: '30003', renewalId: second.renewalId });
    expect(page.body.items[0].address).toMatch(/^\*+\d{4}$/);
    expect(idsOf((await list('?limit=200')).body)).not.toContain(elsewhere.id);
    expect(idsOf((await list('?limit=200', 'auditor')).body)).toContain(elsewhere.id);
  });

  test('is filtered by channel, reason and the customer of a case, whose number it may not be', async () => {
    const mailbox = await aSuppressed({ channel: 'email', address: 'a@example.com', reason: 'no-such-address' });
    const { renewalId } = mailbox;
    const [policy] = await api.db
      .select()
      .from(policies)
      .where(eq(policies.policyNumber, `SUPPRESSED${turn}`));
    const denied = await aSuppressed({ customerId: policy!.customerId, messageId: null, reason: 'wrong-number' });

    expect(idsOf((await list('?channel=email')).body)).toEqual([mailbox.id]);
    expect(idsOf((await list('?reason=wrong-number')).body)).toEqual([denied.id]);
    expect(idsOf((await list(`?renewalId=${renewalId}`)).body)).toContain(denied.id);
    expect((await list('?address=1')).status).toBe(422);
  });
});

describe('Somebody who lifts a suppressed address', () => {
  test('does it once, says why, and is named in the journal without the words', async () => {
    const { id, renewalId } = await aSuppressed();
    const headers = { 'idempotency-key': crypto.randomUUID() };

    const { status, body } = await lift(id, 'north-manager', headers);

    expect([status, body.liftedBy, body.liftReason]).toEqual([200, 'north-manager', '王小明 says that it works']);
    expect(await lift(id, 'north-manager', headers)).toMatchObject({ status: 200, body: body as object });
    const again = await lift(id, 'admin');
    expect([again.status, again.body.code]).toEqual([409, 'address-not-suppressed']);
    expect(idsOf((await list()).body)).not.toContain(id);
    expect(idsOf((await list('?state=lifted')).body)).toContain(id);
    const entries = await api.db.select().from(journal).where(eq(journal.chain, renewalId));
    const lifted = entries.filter(({ event }) => event === 'suppression-lifted:sms');
    expect(lifted).toMatchObject([{ actor: 'north-manager', inputs: { suppressionId: id } }]);
    expect(JSON.stringify(lifted)).not.toContain('王小明');
  });

  test('is an admin or a channel manager of a case that it concerns', async () => {
    const [here, elsewhere] = [await aSuppressed(), await aSuppressed({}, { branchId: 'south' })];

    expect((await lift(here.id, 'north-agent')).status).toBe(403);
    expect((await lift(here.id, 'auditor')).status).toBe(403);
    expect((await lift(elsewhere.id)).status).toBe(404);
    expect((await api.as('admin').post(`/v1/suppressed-addresses/${here.id}/lift`, { reason: ' ' })).status).toBe(422);
  });
});
