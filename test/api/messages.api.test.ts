import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { aMessage, anUncertainMessage } from './an-uncertain-message.ts';
import { runApi, type RunningApi } from './running-api.ts';

const at = (written: string): Date => new Date(`${written}:00+08:00`);

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await anchorClock(api.db, { businessAt: at('2030-05-21T12:00').getTime(), speed: 1 });
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

async function list(query: string, as = 'admin'): Promise<string[]> {
  const { status, body } = await api.as(as).get(`/v1/messages?${query}`);
  expect(status).toBe(200);
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

describe('The list of messages', () => {
  test('shows an unknown with its age, what was asked and what was answered, and says in words why', async () => {
    const renewalId = await aCase(api.db, { number: 'UNKNOWN' });
    const id = await anUncertainMessage(api.db, renewalId);
    const { body } = await api.as('north-manager').get(`/v1/messages?state=unknown&renewalId=${renewalId}`);
    expect(body.items).toMatchObject([
      {
        id,
        renewalId,
        class: 'reminder',
        state: 'unknown',
        reason: 'http-503',
        explanation: 'the provider broke down over it; nobody can tell whether it was accepted',
        asked: { address: expect.stringMatching(/^\*+1234$/) as string, text: null },
        answered: { code: 'http-503' },
        provider: 'twilio',
        revealed: false,
      },
    ]);
    expect(body.items[0].ageSeconds).toBeGreaterThanOrEqual(3_600);
    expect(body.items[0].ageSeconds).toBeLessThan(3_660);
  });

  test('finds messages by state, channel, reason, case, branch, day and provider', async () => {
    const [north, south] = [
      await aCase(api.db, { number: 'FILTER-N' }),
      await aCase(api.db, { number: 'FILTER-S', branchId: 'south' }),
    ];
    const held = await aMessage(api.db, north, { reason: 'quiet-hours', heldUntil: at('2030-05-22T09:00') });
    const planned = await aMessage(api.db, north, { dueAt: at('2030-05-25T23:59') });
    const closed = await aMessage(api.db, north, {
      state: 'cancelled',
      reason: 'case-closed:renewed',
      channel: 'email',
    });
    const accepted = await aMessage(api.db, south, {
      state: 'accepted',
      provider: 'aliyun',
      claimedAt: at('2030-05-21T10:00'),
    });
    expect(await list(`renewalId=${north}&state=held`)).toEqual([held]);
    expect(await list(`renewalId=${north}&state=planned`)).toEqual([held, planned]);
    expect(await list(`renewalId=${north}&channel=email`)).toEqual([closed]);
    expect(await list(`renewalId=${north}&reason=case-closed`)).toEqual([closed]);
    expect(await list(`renewalId=${north}&reason=case-closed:renewed`)).toEqual([closed]);
    expect(await list(`renewalId=${north}&dueFrom=2030-05-25&dueTo=2030-05-25`)).toEqual([planned]);
    expect(await list('branchId=south&provider=aliyun')).toEqual([accepted]);
    expect(await list(`renewalId=${south}&state=held`)).toEqual([]);
  });

  test('goes page by page from the oldest, or from the youngest', async () => {
    const renewalId = await aCase(api.db, { number: 'PAGES' });
    const ids: string[] = [];
    for (const day of ['11', '12', '12', '13', '14'])
      ids.push(await aMessage(api.db, renewalId, { dueAt: at(`2030-05-${day}T10:00`) }));
    for (const [sort, order] of [
      ['-age', ids],
      ['age', ids.toReversed()],
    ] as const) {
      const pages: string[][] = [];
      for (let cursor = ''; pages.length < 5;) {
        const path = `/v1/messages?renewalId=${renewalId}&limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`;
        const { body } = await api.as('admin').get(path);
        pages.push(body.items.map((item: { id: string }) => item.id));
        if (body.nextCursor === null) break;
        cursor = body.nextCursor as string;
      }
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
      expect(pages.flat()).toEqual(order);
    }
  });

  test('is in the same order over all states as within one, page by page', async () => {
    const renewalId = await aCase(api.db, { number: 'ALL-STATES' });
    const ids: string[] = [];
    for (const [place, state] of ['accepted', 'planned', 'expired', 'accepted', 'planned'].entries()) {
      const dueAt = new Date(Date.parse('2030-06-10T10:00:00+08:00') + Math.floor(place / 2));
      ids.push(await aMessage(api.db, renewalId, { state, dueAt, provider: 'over-all-states' }));
    }
    for (const [sort, order] of [
      ['-age', ids],
      ['age', ids.toReversed()],
    ] as const) {
      const found: string[] = [];
      for (let cursor = ''; found.length < 9;) {
        const page = await api.as('admin').get(`/v1/messages?provider=over-all-states&limit=2&sort=${sort}${cursor}`);
        found.push(...page.body.items.map((item: { id: string }) => item.id));
        if (page.body.nextCursor === null) break;
        cursor = `&cursor=${page.body.nextCursor}`;
      }
      expect(found).toEqual(order);
    }
  });

  test('takes no other sort key and no state that is none', async () => {
    for (const query of ['sort=body', 'sort=age;drop table messages', 'state=sent', 'cursor=eyJsaXN0IjoieCJ9']) {
      expect((await api.as('admin').get(`/v1/messages?${query}`)).status).toBe(422);
    }
  });

  test('reveals address and text to who works with customers there, and the case’s journal says so first', async () => {
    const renewalId = await aCase(api.db, { number: 'REVEAL' });
    const id = await anUncertainMessage(api.db, renewalId);
    const reveals = async () =>
      (await api.db.select().from(journal).where(eq(journal.chain, renewalId))).filter(
        ({ event }) => event === 'revealed',
      );
    const asAuditor = await api.as('auditor').get(`/v1/messages/${id}?reveal=true`);
    expect(asAuditor.body).toMatchObject({ revealed: false, asked: { text: null } });
    expect(await reveals()).toEqual([]);
    const { body } = await api.as('north-manager').get(`/v1/messages?renewalId=${renewalId}&reveal=true`);
    expect(body.items[0]).toMatchObject({
      revealed: true,
      asked: { address: '+8613800001234', text: expect.stringContaining('王小明') as string },
    });
    expect(await reveals()).toMatchObject([{ actor: 'north-manager', inputs: { list: 'messages' } }]);
  });

  test('reveals nothing to an agent of a customer who refused contact', async () => {
    const renewalId = await aCase(api.db, { number: 'LEFT-ALONE', refusedContactAt: at('2030-05-20T10:00') });
    const id = await anUncertainMessage(api.db, renewalId);
    const { body } = await api.as('north-agent').get(`/v1/messages/${id}?reveal=true`);
    expect(body).toMatchObject({ revealed: false, asked: { text: null } });
  });
});
