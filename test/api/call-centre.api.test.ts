import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { closingListItems } from '../../src/renewal/contact-result.ts';
import { addDays, dayMs } from '../../src/renewal/calendar.ts';
import { scriptSteps } from '../../src/renewal/call-script.ts';
import { shanghai } from '../support/given-plan.ts';
import { aPolicy, aTask, seedOrganisation } from './a-book.ts';
import { runWorker } from './a-working-stack.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let caller: Asker;

const today = '2030-06-10';
const term = { startsOn: addDays(today, -325), expiresOn: addDays(today, 40) };
const noon = shanghai.instantOf(today, 12 * 60);
const setClock = (businessAt: number) => anchorClock(api.db, { businessAt, speed: 1 });

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  await setClock(noon);
  worker = await runWorker(api.db, temporalAddress);
  caller = api.as('north-caller');
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

/** A case of north's agent in follow-up that the call centre was given; answers its id. */
async function aHandedOverCase(number: string): Promise<string> {
  const owners = { agentId: 'north-agent', supervisorId: 'north-lead' };
  await aPolicy(api.db, { number, ...term, ...owners, plate: number, vin: number.padEnd(17, '0') });
  await api.as('admin').post('/v1/intake', {});
  const found = await api.as('admin').get(`/v1/renewals?policyNumber=${number}`);
  const { id } = found.body.items[0] as { id: string };
  await api.db
    .update(renewals)
    .set({ callCentreSince: new Date(noon) })
    .where(eq(renewals.id, id));
  return id;
}

const says = (id: string, body: object) => caller.post(`/v1/renewals/${id}/results`, { channel: 'phone', ...body });
const renewed = { result: 'renewed', newPolicyNumber: 'NEW-1', closing: closingListItems };
const listed = async () =>
  (await caller.get('/v1/call-list')).body.items as { id: string; callBackAt: string | null }[];

describe('The call centre', () => {
  test('sells only what it explained: the steps it read are kept with the renewal, the credit is half', async () => {
    const id = await aHandedOverCase('SOLD');
    expect(await says(id, { ...renewed, script: ['greeting-identification', 'exclusions'] })).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: 'script', message: 'Still to be read: cover-read-back, disclosure-checklist, payment-before-issue' },
        ],
      },
    });
    const sold = await says(id, { ...renewed, script: scriptSteps });
    expect(sold).toMatchObject({ status: 201, body: { id } });
    await expect.poll(async () => (await caller.get(`/v1/renewals/${id}`)).body.outcome).toBe('renewed');
    expect((await caller.get(`/v1/renewals/${id}`)).body.credits).toMatchObject([
      { part: 'caller', staffId: 'north-caller', amount: '10.00' },
      { part: 'lead', staffId: 'north-lead', amount: '10.00' },
      { part: 'seller', staffId: 'north-agent', amount: '50.00', rule: 'owner-keeps' },
    ]);
    const [kept] = await api.db.select().from(contactResults).where(eq(contactResults.renewalId, id));
    expect(kept?.script).toEqual([...scriptSteps]);
    expect((await listed()).map((item) => item.id)).not.toContain(id);
  });

  test('calls an undecided customer back at the same time on the next day', async () => {
    const id = await aHandedOverCase('UNDECIDED');
    expect((await says(id, { result: 'considering' })).status).toBe(201);
    const item = (await listed()).find((one) => one.id === id);
    expect(Math.round((Date.parse(item?.callBackAt ?? '') - noon) / dayMs)).toBe(1);
    expect((await listed()).at(-1)?.id).toBe(id);
  });

  test('completes its task with the same rules', async () => {
    const renewalId = await aHandedOverCase('BY-TASK');
    const task = await aTask(api.db, { kind: 'call-centre-case', role: 'call-centre', renewalId });
    const complete = (body: object) => caller.post(`/v1/tasks/${task}/complete`, body);
    expect(await complete({ ...renewed, script: ['purpose'] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'script' }] },
    });
    expect((await complete({ result: 'quoted' })).status).toBe(200);
    expect((await api.db.select().from(tasks).where(eq(tasks.id, task)))[0]?.state).toBe('completed');
  });

  test('tells in the journal of a call outside the legal window, not of one that took place inside it', async () => {
    const id = await aHandedOverCase('AT-NIGHT');
    await setClock(shanghai.instantOf(today, 22 * 60));
    const outside = async () => {
      const entries = (await api.as('admin').get(`/v1/renewals/${id}/journal`)).body.items as { event: string }[];
      return entries.filter(({ event }) => event === 'called-outside-window').length;
    };
    expect((await says(id, { result: 'not-reached' })).status).toBe(201);
    expect(await outside()).toBe(1);
    expect((await says(id, { result: 'not-reached', channel: 'wechat' })).status).toBe(201);
    const atEight = new Date(shanghai.instantOf(today, 20 * 60)).toISOString();
    expect((await says(id, { result: 'not-reached', occurredAt: atEight })).status).toBe(201);
    const agent = await api.as('north-agent').post(`/v1/renewals/${id}/results`, { result: 'not-reached' });
    expect(agent).toMatchObject({ status: 201, body: { attempts: 4 } });
    expect(await outside()).toBe(1);
  });
});
