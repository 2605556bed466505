import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { defaultLadder } from '../../src/renewal/concession.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  admin = api.as('admin');
});
afterAll(() => api.close());

const window = { fromMinute: 600, toMinute: 1_080, workdaysOnly: true };

describe('A setting', () => {
  test('holds its default as version 0 until an admin changes it', async () => {
    const { body } = await api.as('north-agent').get('/v1/settings/concession-ladder');

    expect(body).toEqual({
      name: 'concession-ladder',
      version: 0,
      content: defaultLadder,
      changedBy: null,
      changedAt: null,
      reason: null,
    });
  });

  test('has every benefit type off by default', async () => {
    const { body } = await admin.get('/v1/settings/benefits');

    expect(body.content.types.filter((type: { enabled: boolean }) => type.enabled)).toEqual([]);
  });

  test('changes in versions, each with who and why, and is journalled', async () => {
    const first = await admin.put('/v1/settings/call-window', { content: window, version: 0, reason: 'short days' });
    const second = await admin.put('/v1/settings/call-window', { content: { ...window, fromMinute: 570 } });

    expect(first).toMatchObject({ status: 200, body: { version: 1, changedBy: 'admin', reason: 'short days' } });
    expect(second.body).toMatchObject({ version: 2, content: { fromMinute: 570 } });
    expect((await admin.get('/v1/settings/call-window')).body).toEqual(second.body);
    const entries = await api.db
      .select()
      .from(journal)
      .where(eq(journal.chain, 'settings.call-window'))
      .orderBy(asc(journal.sequence));
    expect(entries).toMatchObject([
      { actor: 'admin', event: 'setting-changed', inputs: { version: 1 } },
      { actor: 'admin', event: 'setting-changed', inputs: { version: 2 } },
    ]);
  });

  test('that somebody else changed meanwhile refuses the change that was made on the old version', async () => {
    const content = { percent: 20, noResultPercent: 40, minimumPerAgent: 2 };
    await admin.put('/v1/settings/loss-sample', { content });

    const late = await admin.put('/v1/settings/loss-sample', { content, version: 0 });

    expect(late.body).toMatchObject({ status: 409, code: 'setting-changed' });
  });

  test.each([
    [
      'a window that ends before it begins',
      'content.toMinute',
      { name: 'call-window', content: { ...window, toMinute: 60 } },
    ],
    ['an unknown field', 'content.zone', { name: 'call-window', content: { ...window, zone: 'UTC' } }],
    ['content of another setting', 'content.percent', { name: 'loss-sample', content: window }],
    ['a ladder whose percentages fall', 'content.rungs', { name: 'concession-ladder', content: ladderOf([8, 0]) }],
    [
      'a ladder that lets nobody give something away',
      'content.rungs',
      { name: 'concession-ladder', content: ladderOf([3, 8]) },
    ],
  ])('refuses %s', async (_what, path, { name, content }) => {
    const refused = await admin.put(`/v1/settings/${name}`, { content });

    expect(refused).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ path })]) },
    });
  });

  test('is changed by an admin only, and an unknown one is not found', async () => {
    const content = defaultLadder;

    expect((await api.as('north-manager').put('/v1/settings/concession-ladder', { content })).status).toBe(403);
    expect((await admin.get('/v1/settings/quiet-ours')).status).toBe(404);
  });
});

function ladderOf([first, second]: [number, number]) {
  const rungs = [
    { upToPercent: first, level: 'nobody', needsAttachedService: false },
    { upToPercent: second, level: 'specialist', needsAttachedService: false },
  ];
  return { ...defaultLadder, rungs };
}
