import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { staffMessages, staffMessageSettlements } from '../../src/db/schema/staff-messages.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

type Facts = Partial<typeof staffMessages.$inferInsert>;

/** A mail to somebody of which nobody can tell whether it went, unless told otherwise. */
async function anUncertainMail(facts: Facts = {}): Promise<string> {
  const id = uuidv7();
  const what = { kind: 'hand-over', staffId: 'north-agent', day: '2030-05-21', channel: 'email', about: id };
  const [dueAt, latestAt] = [new Date('2030-05-20T23:30:00Z'), new Date('2030-05-21T10:00:00Z')];
  const attempt = { state: 'unknown', reason: 'ETIMEDOUT', attemptId: uuidv7(), claimedAt: dueAt };
  await api.db.insert(staffMessages).values({ id, ...what, dueAt, latestAt, ...attempt, ...facts });
  return id;
}

type Sender = { as?: string; headers?: Record<string, string> };
const settle = (id: string, body: object, { as = 'north-manager', headers = {} }: Sender = {}) =>
  api.as(as).post(`/v1/staff-messages/${id}/settle`, body, headers);
const listed = async (query: string, as = 'north-manager') =>
  (await api.as(as).get(`/v1/staff-messages?limit=200${query}`)).body.items as { id: string }[];

describe('An operator who settles an uncertain message to staff', () => {
  test.each([
    ['sent', 'accepted', null],
    ['not-sent', 'not-accepted', 'settled-as-not-sent'],
  ])(
    'as %s leaves it %s, once, and the journal of the person says who, without the note',
    async (as, state, reason) => {
      const id = await anUncertainMail();
      const headers = { 'idempotency-key': crypto.randomUUID() };
      const said = { as, note: '王小明 has it', providerId: 'Q1' };

      const { status, body } = await settle(id, said, { headers });

      expect(status).toBe(200);
      expect(body).toMatchObject({ id, state, reason, settledBy: 'operator' });
      expect(await settle(id, said, { headers })).toMatchObject({ status: 200, body: body as object });
      const other = await settle(id, { as: 'sent' }, { as: 'admin' });
      expect([other.status, other.body.code]).toEqual([409, 'message-not-uncertain']);
      const kept = await api.db.select().from(staffMessageSettlements).where(eq(staffMessageSettlements.messageId, id));
      expect(kept).toMatchObject([{ settledAs: as, note: said.note, settledBy: 'north-manager' }]);
      const entries = await api.db.select().from(journal).where(eq(journal.chain, 'staff.north-agent'));
      const about = entries.filter(({ inputs }) => (inputs as { messageId: string }).messageId === id);
      expect(about).toMatchObject([
        { event: 'staff-message-settled', actor: 'north-manager', inputs: { as, was: 'unknown' } },
      ]);
      expect(JSON.stringify(about)).not.toContain('王小明');
    },
  );

  test.each(['resend', 'dropped'])('cannot have it %s', async (as) => {
    expect((await settle(await anUncertainMail(), { as })).status).toBe(422);
  });

  test.each(['planned', 'claimed', 'accepted', 'undelivered', 'suppressed'])(
    'may not settle one that is %s',
    async (state) => {
      expect((await settle(await anUncertainMail({ state }), { as: 'sent' })).status).toBe(409);
    },
  );

  test('is an admin or a channel manager of the person’s branch', async () => {
    const [here, elsewhere] = [await anUncertainMail(), await anUncertainMail({ staffId: 'south-agent' })];

    expect((await settle(here, { as: 'sent' }, { as: 'north-lead' })).status).toBe(403);
    expect((await settle(here, { as: 'sent' }, { as: 'auditor' })).status).toBe(403);
    expect((await settle(elsewhere, { as: 'sent' })).status).toBe(404);
    expect((await listed('&state=unknown')).map(({ id }) => id)).toContain(here);
    expect((await listed('')).map(({ id }) => id)).not.toContain(elsewhere);
  });
});

test('A mail to staff that came back is listed with the code of the mail system, and counted', async () => {
  const id = await anUncertainMail({
    state: 'undelivered',
    reason: 'bounced',
    errorCode: '5.1.1',
    settledBy: 'report',
  });

  const found = (await listed('&state=undelivered')).find((item) => item.id === id);

  expect(found).toMatchObject({ reason: 'bounced', errorCode: '5.1.1', settledBy: 'report' });
  const figures = await (await fetch(`${api.url}/metrics`)).text();
  expect(figures).toContain('xubao_staff_messages{state="undelivered",kind="hand-over"}');
});
