import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTemporal } from '../../src/cases/connect.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { messageAttempts } from '../../src/db/schema/message-attempts.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { anUncertainMessage, type MessageFacts } from './an-uncertain-message.ts';
import { runApi, type RunningApi } from './running-api.ts';

const at = (written: string): Date => new Date(`${written}:00+08:00`);
const temporal = connectTemporal({
  temporal: { address: inject('temporalAddress'), namespace: 'default', uiUrl: '', tls: false },
});

let api: RunningApi;
beforeAll(async () => {
  api = await runApi({ temporalAddress: inject('temporalAddress') });
  await anchorClock(api.db, { businessAt: at('2030-05-21T12:00').getTime(), speed: 1 });
  await seedOrganisation(api.db);
});
afterAll(async () => {
  await temporal.close();
  await api.close();
});

let cases = 0;
async function anUnknown(facts: MessageFacts = {}, renewal: object = {}): Promise<string> {
  const renewalId = await aCase(api.db, { number: `SETTLE${(cases += 1)}`, ...renewal });
  return anUncertainMessage(api.db, renewalId, facts);
}

type Sender = { headers?: Record<string, string>; as?: string };
const settle = (id: string, body: object, { headers = {}, as = 'north-manager' }: Sender = {}) =>
  api.as(as).post(`/v1/messages/${id}/settle`, body, headers);
const rowOf = async (id: string) => (await api.db.select().from(messages).where(eq(messages.id, id)))[0]!;
const attemptOf = async (id: string) =>
  (await api.db.select().from(messageAttempts).where(eq(messageAttempts.messageId, id)))[0]!;
const entriesOf = async (id: string) =>
  (
    await api.db
      .select()
      .from(journal)
      .where(eq(journal.chain, (await rowOf(id)).renewalId))
  ).filter(({ event }) => event === 'message-settled');
const workflowOf = (id: string, number: number) =>
  temporal.client.workflow.getHandle(`resend.${id}.${number}`).describe();

describe('An operator who settles an uncertain message', () => {
  test('as sent makes it accepted under the provider’s id, and the journal says who, without the note', async () => {
    const id = await anUnknown();
    const said = { as: 'sent', providerId: 'SM1', note: '王小明 has it on the phone' };
    const { status, body } = await settle(id, said);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'accepted', providerId: 'SM1', settledBy: 'operator' });
    expect(body.settlements).toMatchObject([{ as: 'sent', providerId: 'SM1', note: said.note, by: 'north-manager' }]);
    expect(await attemptOf(id)).toMatchObject({ state: 'accepted', settledBy: 'operator', askAt: null });
    const entries = await entriesOf(id);
    expect(entries).toMatchObject([{ actor: 'north-manager', inputs: { messageId: id, as: 'sent', was: 'unknown' } }]);
    expect(JSON.stringify(entries)).not.toContain('王小明');
  });

  test.each([
    ['not-sent', 'not-accepted', 'settled-as-not-sent'],
    ['dropped', 'suppressed', 'dropped-by-operator'],
  ])('as %s leaves it %s for good, with a reason in words', async (as, state, reason) => {
    const id = await anUnknown();
    const { body } = await settle(id, { as });
    expect(body).toMatchObject({ state, reason, settledBy: 'operator', explanation: expect.any(String) as string });
  });

  test('decides what only a person may decide', async () => {
    const id = await anUnknown({ state: 'operator' });
    expect((await settle(id, { as: 'dropped' }, { as: 'admin' })).body.state).toBe('suppressed');
  });

  test('does it once: the same request again gives the same answer, another one is a conflict', async () => {
    const id = await anUnknown();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await settle(id, { as: 'sent' }, { headers });
    expect(await settle(id, { as: 'sent' }, { headers })).toMatchObject({ status: 200, body: first.body as object });
    const other = await settle(id, { as: 'not-sent' });
    expect([other.status, other.body.code]).toEqual([409, 'message-not-uncertain']);
    expect(other.body.detail).toContain('accepted');
    expect(await entriesOf(id)).toHaveLength(1);
  });

  test.each(['planned', 'claimed', 'accepted', 'delivered', 'suppressed'])(
    'may not settle one that is %s',
    async (state) => {
      const id = await anUnknown({ state });
      expect((await settle(id, { as: 'sent' })).status).toBe(409);
      expect((await rowOf(id)).state).toBe(state);
    },
  );

  test('is an admin or a channel manager of the case', async () => {
    const [id, elsewhere] = [await anUnknown(), await anUnknown({}, { branchId: 'south' })];
    expect((await settle(id, { as: 'sent' }, { as: 'north-agent' })).status).toBe(403);
    expect((await settle(id, { as: 'sent' }, { as: 'auditor' })).status).toBe(403);
    expect((await settle(elsewhere, { as: 'sent' })).status).toBe(404);
  });
});

describe('Another attempt that an operator orders', () => {
  test('is planned once and flagged, however many operators order it at once', async () => {
    const id = await anUnknown();
    const asked = Array.from({ length: 12 }, (_, turn) =>
      settle(id, { as: 'resend' }, { as: turn % 2 ? 'admin' : 'north-manager' }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, ...Array.from({ length: 11 }, () => 409)]);
    expect(await rowOf(id)).toMatchObject({ state: 'planned', resends: 1 });
    expect((await workflowOf(id, 1)).status.name).toBe('RUNNING');
    await expect(workflowOf(id, 2)).rejects.toThrow(/not found/);
    await temporal.client.workflow.getHandle(`resend.${id}.1`).terminate();
    expect(await entriesOf(id)).toHaveLength(1);
  });

  test('is refused where the case has closed', async () => {
    const id = await anUnknown({}, { outcome: 'renewed', closedAt: at('2030-05-21T11:30') });
    const { status, body } = await settle(id, { as: 'resend' });
    expect([status, body.code]).toEqual([409, 'case-closed']);
    expect(body.detail).toContain('renewed');
  });

  test.each([
    ['its day has passed', { latestAt: at('2030-05-21T11:59') }, {}],
    ['the policy has expired', {}, { expiresOn: '2030-05-20' }],
  ])('is refused where %s', async (_why, facts, renewal) => {
    const id = await anUnknown(facts, renewal);
    const { status, body } = await settle(id, { as: 'resend' });
    expect([status, body.code]).toEqual([409, 'day-has-passed']);
    expect((await rowOf(id)).state).toBe('unknown');
  });
});
