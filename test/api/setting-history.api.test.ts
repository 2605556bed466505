import { setTimeout } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { lockPlans } from '../../src/db/plans/plan-rows.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { settingNames } from '../../src/renewal/settings.ts';
import { publish } from '../support/given-plans.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  admin = api.as('admin');
  for (const contactsPerWeek of [4, 5, 6]) {
    const content = { touchesPerDay: 1, contactsPerWeek };
    await admin.put('/v1/settings/caps', { content, reason: `Up to ${contactsPerWeek}.` });
  }
});
afterAll(() => api.close());

describe('The history of a setting', () => {
  test('gives every version as it was, the default as version 0', async () => {
    const asked = [0, 1, 3].map((version) => admin.get(`/v1/settings/caps?version=${version}`));
    const contacts = (await Promise.all(asked)).map(({ body }) => body.content.contactsPerWeek);

    expect(contacts).toEqual([3, 4, 6]);
    expect(await admin.get('/v1/settings/caps?version=4')).toMatchObject({ status: 404 });
  });

  test('lists who changed it and why, the newest first, page by page', async () => {
    const first = await api.as('north-agent').get('/v1/settings/caps/versions?limit=2');
    const rest = await admin.get(`/v1/settings/caps/versions?limit=2&cursor=${first.body.nextCursor}`);

    expect(first.body.items).toMatchObject([
      { version: 3, changedBy: 'admin', reason: 'Up to 6.' },
      { version: 2, changedBy: 'admin', reason: 'Up to 5.' },
    ]);
    expect(rest.body).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
  });

  test('has a line for each name with the version in force', async () => {
    const { body } = await admin.get('/v1/settings');

    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([...settingNames]);
    expect(body.items).toContainEqual(expect.objectContaining({ name: 'caps', version: 3, changedBy: 'admin' }));
    expect(body.items).toContainEqual({ name: 'benefits', version: 0, changedBy: null, changedAt: null });
  });

  test('stands in the journal by version and hash alone, and the hash is that of the stored content', async () => {
    const entries = await api.db
      .select()
      .from(journal)
      .where(eq(journal.chain, 'settings.caps'))
      .orderBy(journal.sequence);
    const { body } = await admin.get('/v1/settings/caps/versions');
    const listed = body.items.map(({ version, contentHash }: { version: number; contentHash: string }) => {
      return { version, contentHash };
    });

    expect(entries.map(({ inputs }) => inputs).toReversed()).toEqual(listed);
    expect(new Set(listed.map(({ contentHash }: { contentHash: string }) => contentHash)).size).toBe(3);
  });
});

describe('Caps', () => {
  test('warn of a plan in force that allows less', async () => {
    expect((await admin.get('/v1/settings/caps?version=0')).body.warnings).toEqual([]);
    const raised = await admin.get('/v1/settings/caps');
    expect(raised.body.warnings).toEqual(['Stage plan 1 allows 1 a day and 3 a week; the lower holds']);
  });
});

describe('Quiet hours', () => {
  test('wait for a plan that is just being published, and are refused when they leave it no time', async () => {
    const content = { ...defaultStagePlan, sendingWindow: { fromMinute: 540, toMinute: 600 }, spreadMinutes: 0 };
    const change = await api.db.transaction(async (tx) => {
      await lockPlans(tx);
      await publish(tx, content, { segment: 'one-claim' });
      const asked = admin.put('/v1/settings/quiet-hours', { content: { fromMinute: 1_260, toMinute: 600 } });
      await Promise.race([asked, setTimeout(1_000)]);
      return { asked };
    });

    expect(await change.asked).toMatchObject({ status: 422, body: { errors: [{ path: 'content' }] } });
  });

  test('that leave a stage plan in force no time to send are refused', async () => {
    const content = { ...defaultStagePlan, sendingWindow: { fromMinute: 540, toMinute: 600 }, spreadMinutes: 0 };
    const version = await publish(api.db, content, { segment: 'fleet' });

    const refused = await admin.put('/v1/settings/quiet-hours', { content: { fromMinute: 1_260, toMinute: 600 } });
    const taken = await admin.put('/v1/settings/quiet-hours', { content: { fromMinute: 1_260, toMinute: 599 } });

    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'content' }] } });
    expect(refused.body.detail).toContain(`${version}`);
    expect(taken).toMatchObject({ status: 200, body: { version: 1 } });
  });

  test('warn when a plan in force puts touches into them', async () => {
    const early = await admin.put('/v1/settings/quiet-hours', { content: { fromMinute: 960, toMinute: 540 } });
    const usual = await admin.put('/v1/settings/quiet-hours', { content: { fromMinute: 1_260, toMinute: 540 } });

    const ofPlan1 = ({ body }: typeof early) =>
      body.warnings.filter((warning: string) => warning.startsWith('Stage plan 1 '));
    expect(ofPlan1(early)).toEqual([expect.stringContaining('plans its touches from minute 540 to 1019')]);
    expect(ofPlan1(usual)).toEqual([]);
  });

  test('warn that a plan in force does not use what they set free', async () => {
    const short = await admin.put('/v1/settings/quiet-hours', { content: { fromMinute: 1_320, toMinute: 480 } });

    expect(short.body.warnings).toContain('Stage plan 1 writes from minute 540 to 1260 only; that holds');
  });

  test('lie over midnight', async () => {
    const refused = await admin.put('/v1/settings/quiet-hours', { content: { fromMinute: 720, toMinute: 840 } });

    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'content.toMinute' }] } });
  });
});
