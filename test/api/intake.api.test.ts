import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { intakeRuns } from '../../src/db/schema/operations.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

const id = '019a8f0e-5f5c-7c52-8f6e-0f5c2a4b9d10';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  const startedAt = new Date('2030-06-03T01:00:00Z');
  const counts = { opened: 200, alreadyOpen: 19, leftOut: { cancelled: 3 } };
  await api.db
    .insert(intakeRuns)
    .values({ id, state: 'running', businessDay: '2030-06-03', requestedBy: 'admin', ...counts, startedAt });
});
afterAll(() => api.close());

describe('A run of the intake that took longer than its answer', () => {
  test('is read by its id, with what it has done so far', async () => {
    const run = await api.as('north-manager').get(`/v1/intake/${id}`);
    expect(run).toMatchObject({
      status: 200,
      body: { id, state: 'running', opened: 200, alreadyOpen: 19, leftOut: { cancelled: 3 } },
    });
  });

  test('is nobody’s without the right to start one, and a run that is not there is a 404', async () => {
    expect((await api.as('north-agent').get(`/v1/intake/${id}`)).status).toBe(403);
    expect((await api.as('admin').get('/v1/intake/019a8f0e-5f5c-7c52-8f6e-0f5c2a4b9d11')).status).toBe(404);
    expect((await api.as('admin').get('/v1/intake/none')).status).toBe(404);
  });
});
