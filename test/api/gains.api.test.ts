import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { credits } from '../../src/db/schema/credits.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

describe('The page of a case', () => {
  test('shows whose a renewal is, what each part is worth and by which rule', async () => {
    const renewalId = await aCase(api.db, { number: 'CREDITED', outcome: 'renewed' });
    const creditedAt = new Date('2030-06-01T01:00:00Z');
    await api.db.insert(credits).values([
      { renewalId, part: 'caller', staffId: 'north-caller', rate: '0.5', rule: 'telesales-half', creditedAt },
      { renewalId, part: 'seller', staffId: 'north-agent', rate: '1', rule: 'owner-keeps', creditedAt },
    ]);
    const { body } = await api.as('north-agent').get(`/v1/renewals/${renewalId}`);
    expect(body.credits).toMatchObject([
      { part: 'caller', staffId: 'north-caller', rate: 0.5, amount: '10.00', rule: 'telesales-half' },
      { part: 'seller', staffId: 'north-agent', rate: 1, amount: '50.00', rule: 'owner-keeps' },
    ]);
  });

  test('shows the lost case that it wins back, with reason and rival', async () => {
    const lost = await aCase(api.db, { number: 'LOST', outcome: 'lost', lossReason: 'price' });
    const declined = { kind: 'contact', state: 'applied', result: 'declined', recordedBy: 'north-agent' };
    const rival = { rival: 'Ping An', rivalPremium: '4100.00', recordedAt: new Date('2029-06-01T01:00:00Z') };
    await api.db.insert(contactResults).values({ id: uuidv7(), renewalId: lost, ...declined, ...rival });
    const back = await aCase(api.db, { number: 'BACK', winBackOf: lost });
    const { body } = await api.as('north-agent').get(`/v1/renewals/${back}`);
    expect(body.winBack).toEqual({ renewalId: lost, lossReason: 'price', rival: 'Ping An', rivalPremium: '4100.00' });
    expect((await api.as('north-agent').get(`/v1/renewals/${lost}`)).body.winBack).toBeNull();
  });
});

test('Cases that win a customer back are listed apart', async () => {
  const lost = await aCase(api.db, { number: 'LOST-2', outcome: 'lost', lossReason: 'price' });
  const back = await aCase(api.db, { number: 'BACK-2', winBackOf: lost, expiresOn: '2033-01-01' });
  const listed = async (winBack: boolean): Promise<string[]> => {
    const { body } = await api.as('north-agent').get(`/v1/renewals?winBack=${winBack}&limit=200`);
    return body.items.map(({ id }: { id: string }) => id);
  };
  expect(await listed(true)).toContain(back);
  expect(await listed(true)).not.toContain(lost);
  expect(await listed(false)).toContain(lost);
  expect(await listed(false)).not.toContain(back);
});
