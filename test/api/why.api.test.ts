import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { journalise } from '../../src/db/journal/journal-records.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

const calendar = businessCalendar('Asia/Shanghai');

let api: RunningApi;
let asked: string;

beforeAll(async () => {
  api = await runApi();
  await publishDefaultPlan(api.db);
  await seedOrganisation(api.db);
  asked = await aCase(api.db, { number: 'WHY-1' });
  await anchorClock(api.db, { businessAt: Date.parse('2030-05-20T12:00:00+08:00'), speed: 1 });
  await planSms(asked);
  await claimMessage(api.db, { renewalId: asked, touch: 't-45', channel: 'sms' }, calendar);
});
afterAll(() => api.close());

async function planSms(renewalId: string): Promise<void> {
  const [policy] = await api.db
    .select({ customerId: policies.customerId })
    .from(policies)
    .innerJoin(renewals, eq(renewals.policyId, policies.id))
    .where(eq(renewals.id, renewalId));
  const due = { dueAt: new Date('2030-05-20T11:00:00+08:00'), latestAt: new Date('2030-05-21T11:00:00+08:00') };
  const touch = { touch: 't-45', channel: 'sms', template: 'expiry-near', state: 'planned' };
  await api.db
    .insert(messages)
    .values({ id: uuidv7(), renewalId, customerId: policy?.customerId ?? '', ...touch, ...due });
}

const journalOf = async (id: string, who = 'north-agent') => (await api.as(who).get(`/v1/renewals/${id}/journal`)).body;

describe('An agent who asks why an SMS did not go', () => {
  test('hears the rule, where it stands, the plan, what it rests on and what the calendar showed', async () => {
    const { items } = await journalOf(asked);
    expect(items.at(-1)).toMatchObject({ event: 'message-suppressed', reason: 'no-sms-consent' });
    expect(items.at(-1).explanation).toMatchObject({
      rule: 'no-sms-consent',
      source: expect.stringMatching(/^business\.md, Restraint/),
      planVersion: 1,
      inputs: { touch: 't-45', channel: 'sms', consented: false, hasAddress: true, optedOut: false },
      calendar: { zone: 'Asia/Shanghai', day: '2030-05-20', isWorkday: true, minuteOfDay: 720 },
    });
  });

  test('reads no phone, name or plate there', async () => {
    expect(JSON.stringify((await journalOf(asked)).items)).not.toMatch(/13800001234|王小明|A12345|@/);
  });

  test('hears the next three planned events of the case, each with its day and why', async () => {
    await aTask(api.db, { renewalId: asked, kind: 'call-back', startsAt: new Date('2030-05-25T02:00:00Z') });
    const { next } = await journalOf(asked);
    expect(next.map(({ what, on }: { what: string; on: string }) => `${what} on ${on}`)).toEqual([
      'task:call-back on 2030-05-25',
      'stage:intensive-chase on 2030-05-31',
      'touch:t-30 on 2030-05-31',
    ]);
    expect(next[1].because).toContain('opens the stage intensive-chase');
    expect((await api.as('north-agent').get(`/v1/renewals/${asked}`)).body.next).toEqual(next);
  });
});

describe('The journal', () => {
  test('says honestly that an older entry did not tell what it rests on', async () => {
    const id = await aCase(api.db, { number: 'WHY-2' });
    const entry = { chain: id, actor: 'system', event: 'escalated:supervisor', inputs: { stage: 'follow-up' } };
    await journalise(api.db, [{ ...entry, reason: 'no-effective-contact-in-follow-up' }]);
    expect((await journalOf(id)).items).toMatchObject([{ event: 'escalated:supervisor', explanation: null }]);
  });

  test('plans nothing more for a case that has closed', async () => {
    const id = await aCase(api.db, { number: 'WHY-3', outcome: 'lost', lossReason: 'price' });
    expect((await journalOf(id)).next).toEqual([]);
  });

  test('of a case of another branch is a missing one', async () => {
    const answer = await api.as('south-agent').get(`/v1/renewals/${asked}/journal`);
    expect(answer.status).toBe(404);
  });
});
