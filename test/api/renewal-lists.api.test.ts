import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  admin = api.as('admin');
  for (let place = 0; place < 12; place += 1) {
    const at = new Date(Date.UTC(2030, 4, 20 - (place % 5)));
    await aCase(api.db, {
      number: `P${place}`,
      plate: `京B${10000 + place}`,
      expiresOn: `2030-06-${String(10 + (place % 4)).padStart(2, '0')}`,
      priority: place % 3,
      escalated: place % 2 === 0,
      nextActionAt: place < 8 ? at : null,
      ...(place >= 8 ? { outcome: 'renewed', closedAt: at } : {}),
    });
  }
  await api.db.execute(sql`update renewals set next_action_at = next_action_at + interval '123 microseconds'`);
});
afterAll(() => api.close());

async function walk(query: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let cursor = '';
  do {
    const { status, body } = await admin.get(`/v1/renewals?limit=5&${query}${cursor}`);
    expect(status).toBe(200);
    items.push(...body.items);
    cursor = body.nextCursor ? `&cursor=${encodeURIComponent(body.nextCursor)}` : '';
  } while (cursor);
  return items;
}

const keys = ['expiresOn', 'nextActionAt', 'priority'] as const;

describe('A list of cases', () => {
  test.each(keys.flatMap((key) => [key, `-${key}`]))(
    'sorted by %s is walked without a gap or a repeat',
    async (sort) => {
      const items = await walk(`sort=${sort}`);
      expect(new Set(items.map((item) => item['id'])).size).toBe(12);
      expect(items).toHaveLength(12);
      const key = sort.replace('-', '');
      const values = items.map((item) => item[key]).filter((value) => value !== null) as (string | number)[];
      const ordered = values.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
      expect(values).toEqual(sort.startsWith('-') ? ordered.toReversed() : ordered);
    },
  );

  test.each([
    ['outcome=open', 8],
    ['outcome=renewed', 4],
    ['escalated=true', 6],
    ['orphan=true', 0],
    ['expiresFrom=2030-06-11&expiresTo=2030-06-12', 6],
    ['policyNumber=P3', 1],
    [`plate=${encodeURIComponent('京b·10004')}`, 1],
    ['ownerId=north-agent&stage=follow-up&segment=claim-free&branchId=north', 12],
    ['ownerId=north-peer', 0],
  ])('is filtered by %s', async (query, cases) => {
    expect(await walk(query)).toHaveLength(cases);
  });

  test.each([
    ['cursor=garbage', 'cursor'],
    ['cursor=eyJsaXN0IjoiMSJ9', 'cursor'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['sort=id;drop table renewals', 'sort'],
    ['stage=unheard-of', 'stage'],
    ['expiresFrom=2030-02-30', 'expiresFrom'],
    ['ownerId=a&ownerId=b', 'ownerId'],
    ['policyNumber=%00', 'policyNumber'],
    ['surprise=1', 'surprise'],
  ])('refuses %s and names the field', async (query, path) => {
    const { status, body } = await admin.get(`/v1/renewals?${query}`);
    expect(status).toBe(422);
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  test('does not take the cursor of another order', async () => {
    const { body } = await admin.get('/v1/renewals?limit=1&sort=priority');
    expect((await admin.get(`/v1/renewals?sort=expiresOn&cursor=${body.nextCursor}`)).status).toBe(422);
  });
});

describe('Personal data', () => {
  test('is masked in lists and on the case', async () => {
    const id = await aCase(api.db, {
      number: 'MASKED',
      plate: '沪A88888',
      customerName: '欧阳小红',
      phone: '+8613911112222',
    });
    const page = JSON.stringify([
      (await admin.get(`/v1/renewals/${id}`)).body,
      (await admin.get('/v1/renewals?policyNumber=MASKED')).body,
    ]);
    for (const secret of ['欧阳小红', '13911112222', '沪A88888', 'wang@example.com', 'LSVAM4187C2184847']) {
      expect(page).not.toContain(secret);
    }
  });

  test('is shown to a role that works with customers when it asks, and the journal says so', async () => {
    const id = await aCase(api.db, { number: 'REVEALED', plate: '沪A99999' });
    const { body } = await api.as('north-agent').get(`/v1/renewals/${id}?reveal=true`);
    expect(body).toMatchObject({
      revealed: true,
      customer: { name: '王小明', phone: '+8613800001234' },
      policy: { plate: '沪A99999' },
    });
    const entries = (await api.db.select().from(journal)).filter((entry) => entry.chain === id);
    expect(entries).toMatchObject([{ event: 'revealed', actor: 'north-agent' }]);
    const listed = await api.as('north-agent').get(`/v1/renewals/${id}/journal`);
    expect(listed.body.items).toMatchObject([{ sequence: 1, event: 'revealed', actor: 'north-agent' }]);
  });

  test('stays masked for the auditor, and nothing is journalled', async () => {
    const id = await aCase(api.db, { number: 'AUDITED' });
    const { body } = await api.as('auditor').get(`/v1/renewals/${id}?reveal=true`);
    expect(body).toMatchObject({ revealed: false, customer: { name: '王**', phone: '**********1234' } });
    expect((await api.db.select().from(journal)).filter((entry) => entry.chain === id)).toEqual([]);
  });
});

describe('A case', () => {
  test('shows its planned instants, its next action with the reason, and where operations staff find it', async () => {
    const id = await aCase(api.db, { number: 'A/B 1', expiresOn: '2030-06-30' });
    const { status, body } = await admin.get(`/v1/renewals/${encodeURIComponent(id)}`);
    expect(status).toBe(200);
    expect(body.instants.stages.map((stage: { opensOn: string }) => stage.opensOn)).toEqual([
      '2030-05-01',
      '2030-05-16',
      '2030-05-31',
      '2030-06-23',
    ]);
    expect(body.nextAction).toMatchObject({
      action: 'stage:intensive-chase',
      reason: expect.stringContaining('intensive-chase'),
    });
    expect(body.links.temporal).toBe(`http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(id)}`);
    expect(body.owner).toEqual({ id: 'north-agent', name: 'north-agent' });
  });
});
