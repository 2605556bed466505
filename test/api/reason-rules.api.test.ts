import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { lossChecks } from '../../src/db/schema/loss-checks.ts';
import { defaultSettings, type LossReasonRules } from '../../src/renewal/settings.ts';
import { aCase, aTask, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let id: string;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  id = await aCase(api.db, { number: 'REASONS' });
  const content = rulesWith({
    'rival-gift': { offered: false, needsNote: false, needsEvidence: false },
    price: { offered: true, needsNote: true, needsEvidence: false },
    'claims-experience': { offered: true, needsNote: false, needsEvidence: true },
    'sold-or-scrapped': { offered: false, needsNote: false, needsEvidence: false },
  });
  await api.as('admin').put('/v1/settings/loss-reasons', { content });
});
afterAll(() => api.close());

type Rule = LossReasonRules['reasons'][number];

function rulesWith(changed: Partial<Record<Rule['reason'], Omit<Rule, 'reason'>>>): LossReasonRules {
  const { reasons } = defaultSettings['loss-reasons'];
  return { reasons: reasons.map((rule) => ({ ...rule, ...changed[rule.reason] })) };
}

const agent = () => api.as('north-agent');
const record = (body: object) => agent().post(`/v1/renewals/${id}/results`, body);
const declined = (body: object) => ({ result: 'declined', ...body });

async function aMistake(): Promise<string> {
  const row = { id: uuidv7(), renewalId: id, kind: 'contact', state: 'applied', result: 'not-reached' };
  const recorded = { recordedBy: 'north-agent', recordedAt: new Date('2030-06-01T02:00:00Z') };
  await api.db.insert(contactResults).values({ ...row, ...recorded });
  return row.id;
}

/** A case lost for the price, drawn for a call-back. */
async function aCallBack(): Promise<string> {
  const lost = { outcome: 'lost', lossReason: 'price', closedAt: new Date('2030-05-20T01:00:00Z') } as const;
  const renewalId = await aCase(api.db, { number: 'CALLED-BACK', ...lost });
  const draw = { id: uuidv7(), renewalId, month: '2030-05', seed: '2030-05.north', branchId: 'north' };
  const drawn = { drawnAt: new Date('2030-06-02T22:00:00Z'), dueAt: new Date('2030-06-11T16:00:00Z') };
  await api.db.insert(lossChecks).values({ ...draw, ...drawn, lossReason: 'price', state: 'open' });
  return draw.id;
}

const refused: [string, object, string][] = [
  ['is switched off', { lossReason: 'rival-gift' }, 'lossReason'],
  ['needs a note and has none', { lossReason: 'price' }, 'note'],
  ['needs a note and has one that says nothing', { lossReason: 'price', note: '客户不要' }, 'note'],
  ['needs a note and has one in its own words alone', { lossReason: 'price', note: '价格太高' }, 'note'],
  ['needs a proof and has none', { lossReason: 'claims-experience' }, 'evidence'],
];

describe('A loss reason', () => {
  test.each(refused)('that %s is refused and named', async (_why, body, path) => {
    expect(await record(declined(body))).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  // Without Temporal a result that passes its rules is kept and answered 503.
  test.each([
    ['that is explained', { lossReason: 'price', note: 'The rival asks 900 less for the same cover.' }],
    ['that is proved', { lossReason: 'claims-experience', evidence: { kind: 'chat', reference: 'W-17' } }],
    ['of which nothing more is asked', { lossReason: 'moved-away' }],
  ])('%s is recorded', async (_what, body) => {
    expect((await record(declined(body))).status).toBe(503);
  });

  test('that is switched off is still what the product sets for a vehicle that is gone', async () => {
    const gone = { result: 'not-renewable', evidence: 'De-registration paper' };

    expect((await record({ ...gone, lossReason: 'sold-or-scrapped' })).status).toBe(422);
    expect((await record(gone)).status).toBe(503);
  });

  test('is judged in the same way when a task is completed with it', async () => {
    const facts = { kind: 'first-contact', role: 'agent', renewalId: id, branchId: 'north', assigneeId: 'north-agent' };
    const taskId = await aTask(api.db, facts);

    const answer = await agent().post(`/v1/tasks/${taskId}/complete`, declined({ lossReason: 'rival-gift' }));

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'lossReason' }] } });
  });

  test('is judged in the same way when it replaces a mistaken one', async () => {
    const resultId = await aMistake();
    const replacement = declined({ lossReason: 'rival-gift' });

    const answer = await agent().post(`/v1/renewals/${id}/results/${resultId}/correction`, {
      reason: 'Entered for the wrong customer.',
      replacement,
    });

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'replacement.lossReason' }] } });
  });

  test('that is switched off is no finding of a call-back either', async () => {
    const checkId = await aCallBack();
    const note = 'A rival gave a dash camera.';
    const found = { confirmed: false, actualReason: 'rival-gift', note };

    const answer = await api.as('north-manager').post(`/v1/callbacks/${checkId}/finding`, found);

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'actualReason' }] } });
  });

  test('recorded before it was switched off is not judged again when its request is repeated', async () => {
    const admin = api.as('admin');
    const { body: before } = await admin.get('/v1/settings/loss-reasons');
    const key = { 'idempotency-key': crypto.randomUUID() };
    const send = () => agent().post(`/v1/renewals/${id}/results`, declined({ lossReason: 'moved-away' }), key);

    const first = await send();
    const off = { offered: false, needsNote: false, needsEvidence: false };
    await admin.put('/v1/settings/loss-reasons', { content: rulesWith({ 'moved-away': off }) });
    const again = await send();
    await admin.put('/v1/settings/loss-reasons', { content: before.content });

    expect([first.status, again.status]).toEqual([503, 503]);
  });
});

describe('The setting of loss reasons', () => {
  const off = { offered: false, needsNote: true, needsEvidence: false };
  const { reasons } = defaultSettings['loss-reasons'];
  const none = { reasons: reasons.map(({ reason }) => ({ reason, ...off })) };

  test.each([
    [
      'a reason that the product sets itself',
      { reasons: [...reasons.slice(1), { reason: 'unreachable', ...off }] },
      'content.reasons.7.reason',
    ],
    ['a list that misses a reason', { reasons: reasons.slice(1) }, 'content.reasons'],
    ['no reason on offer', none, 'content.reasons'],
    ['other without a note', rulesWith({ other: { ...off, needsNote: false } }), 'content.reasons.7.needsNote'],
  ])('refuses %s', async (_what, content, path) => {
    const answer = await api.as('admin').put('/v1/settings/loss-reasons', { content });

    expect(answer).toMatchObject({ status: 422 });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });
});
