import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inboundMessages } from '../../src/db/schema/consents.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { startAliyunStandIn, type AliyunStandIn } from '../messaging/aliyun-stand-in.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { aliyunReportSecret, runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
let aliyun: AliyunStandIn;
let turn = 0;

beforeAll(async () => {
  api = await runApi();
  aliyun = await startAliyunStandIn({ accessKeyId: 'id', accessKeySecret: 'secret' });
  await seedOrganisation(api.db);
});
afterAll(async () => {
  await aliyun.stop();
  await api.close();
});

/** A case whose customer has this phone, in E.164. */
async function aCustomer(phone: string) {
  const renewalId = await aCase(api.db, { number: `REPLY-${(turn += 1)}` });
  const [row] = await api.db
    .select({ id: policies.customerId })
    .from(policies)
    .innerJoin(renewals, eq(renewals.policyId, policies.id))
    .where(eq(renewals.id, renewalId));
  const customerId = row?.id ?? '';
  await api.db.update(customers).set({ phone }).where(eq(customers.id, customerId));
  return { renewalId, customerId };
}

function answers(phone: string, content: string, { sequenceId = `${(turn += 1)}`, secret = aliyunReportSecret } = {}) {
  const address = `${api.url}/v1/webhooks/aliyun/sms-replies/${secret}`;
  return aliyun.pushReply(address, { phone, content, sequenceId });
}

async function optedOutAt(customerId: string): Promise<Date | null | undefined> {
  const [row] = await api.db.select().from(customers).where(eq(customers.id, customerId));
  return row?.smsOptedOutAt;
}

describe('What a customer answers through Aliyun', () => {
  test.each([
    { phone: '13800120001', number: '+8613800120001' },
    { phone: '85251234567', number: '+85251234567' },
  ])(
    'stops SMS to $number, which Aliyun writes as $phone, and is answered as it expects',
    async ({ phone, number }) => {
      const { customerId } = await aCustomer(number);
      const response = await answers(phone, 'T');
      expect([response.status, await response.json()]).toEqual([200, { code: 0, msg: 'OK' }]);
      expect(await optedOutAt(customerId)).toBeInstanceOf(Date);
    },
  );

  test('has one effect however often it is pushed', async () => {
    const { renewalId } = await aCustomer('+8613800120003');
    for (const _time of [1, 2]) await answers('13800120003', '我的车什么时候到期', { sequenceId: 'twice' });
    const read = await api.db.select().from(tasks).where(eq(tasks.renewalId, renewalId));
    expect(read.filter(({ kind }) => kind === 'read-reply')).toHaveLength(1);
    const kept = await api.db.select().from(inboundMessages).where(eq(inboundMessages.sender, '+8613800120003'));
    expect(kept.map(({ provider, recipient }) => `${provider} ${recipient}`)).toEqual(['aliyun 4545']);
  });

  test('changes nothing under another secret', async () => {
    const { customerId } = await aCustomer('+8613800120004');
    expect((await answers('13800120004', '退订', { secret: 'guessed' })).status).toBe(404);
    expect(await optedOutAt(customerId)).toBeNull();
  });

  test('is refused when it comes from no number', async () => {
    expect((await answers('nobody', '退订')).status).toBe(422);
  });
});
