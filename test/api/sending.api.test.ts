import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

const stop = { stopped: true, reason: 'A template names the wrong hotline of 李雷.' };

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const entries = () => api.db.select().from(journal).where(eq(journal.chain, 'sending')).orderBy(journal.sequence);

describe('The stop switch', () => {
  test('shows whether it is on, since when, by whom and why', async () => {
    const before = await api.as('auditor').get('/v1/sending');
    expect(before.body).toEqual({ stopped: false, reason: null, changedBy: null, changedAt: null });
    expect((await api.as('north-manager').post('/v1/sending', stop)).status).toBe(200);
    const { body } = await api.as('north-agent').get('/v1/sending');
    expect(body).toMatchObject({ ...stop, changedBy: 'north-manager', changedAt: expect.any(String) as string });
  });

  test('is journalled once for a request however often it comes, without its words', async () => {
    const known = (await entries()).length;
    const headers = { 'idempotency-key': crypto.randomUUID() };
    for (let time = 0; time < 3; time += 1) {
      expect((await api.as('admin').post('/v1/sending', { stopped: false }, headers)).status).toBe(200);
    }
    const written = (await entries()).slice(known);
    expect(written).toMatchObject([{ actor: 'admin', event: 'sending-started', reason: 'asked-by-person' }]);
    expect(JSON.stringify(await entries())).not.toContain('李雷');
  });

  test('needs a reason to stop, and is for admins and channel managers alone', async () => {
    const { status, body } = await api.as('admin').post('/v1/sending', { stopped: true });
    expect([status, body.errors]).toEqual([422, [{ path: 'reason', message: 'A stop says why' }]]);
    expect((await api.as('north-agent').post('/v1/sending', stop)).status).toBe(403);
    expect((await api.as('auditor').post('/v1/sending', stop)).status).toBe(403);
  });

  test('is seen from outside: on the home page and in the figures', async () => {
    const seen = async () => {
      const metrics = await (await fetch(`${api.url}/metrics`)).text();
      return metrics.match(/^xubao_sending_stopped \d$/m)?.[0];
    };
    expect(await seen()).toBe('xubao_sending_stopped 0');
    await api.as('admin').post('/v1/sending', stop);
    expect(await (await fetch(api.url)).text()).toContain('stopped 已停发');
    await api.as('admin').post('/v1/sending', { stopped: false });
    expect(await (await fetch(api.url)).text()).not.toContain('stopped 已停发');
  });
});
