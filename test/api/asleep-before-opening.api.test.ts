import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { addDays } from '../../src/renewal/calendar.ts';
import { publish, withStage } from '../support/given-plans.ts';
import { aPolicy, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
const today = new Date().toISOString().slice(0, 10);
const term = { startsOn: addDays(today, -310), expiresOn: addDays(today, 55) };

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  await publish(api.db, withStage('preparation', { opensDaysBefore: 50 }));
  worker = await runWorker(api.db, temporalAddress);
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

/** A case that has five days to sleep before its first stage opens; answers its path. */
async function aSleepingCase(number: string): Promise<string> {
  const people = { agentId: 'north-agent', supervisorId: 'north-lead' };
  await aPolicy(api.db, { number, ...term, ...people, plate: number, vin: number.padEnd(17, '0') });
  await api.as('admin').post('/v1/intake', {});
  const { body } = await api.as('admin').get(`/v1/renewals?policyNumber=${number}`);
  expect(body.items).toMatchObject([{ stage: null, outcome: null }]);
  return `/v1/renewals/${body.items[0].id}`;
}

const report = (number: string, notice: object) =>
  api.as('core-system').post('/v1/webhooks/core/policies', {
    key: number,
    policyNumber: number,
    startsOn: term.startsOn,
    ...notice,
  });
const read = async (path: string) => (await api.as('admin').get(path)).body;

describe('A case that sleeps until its first stage opens', () => {
  test('closes at once when the core system reports its policy as renewed', async () => {
    const path = await aSleepingCase('ASLEEP1');
    expect((await report('ASLEEP1', { kind: 'renewed', newPolicyNumber: 'NEXT' })).status).toBe(202);
    await expect.poll(async () => (await read(path)).outcome, { timeout: 20_000 }).toBe('renewed');
  });

  test('opens at once when its expiry turns out to be earlier', async () => {
    const path = await aSleepingCase('ASLEEP2');
    const notice = { kind: 'expiry-corrected', expiresOn: addDays(today, 40) };
    expect((await report('ASLEEP2', notice)).status).toBe(202);
    await expect.poll(async () => (await read(path)).stage, { timeout: 20_000 }).toBe('follow-up');
  });
});
