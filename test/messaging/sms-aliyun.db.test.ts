import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SmsMessage, SmsPort } from '../../src/messaging/provider-answer.ts';
import { aliyunSms } from '../../src/messaging/sms-aliyun.ts';
import { judge } from '../../src/messaging/verdict.ts';
import { startAliyunStandIn, type AliyunStandIn } from './aliyun-stand-in.ts';

const keys = { accessKeyId: 'LTAI5tStandIn', accessKeySecret: 'a secret of the stand-in' };
const attemptId = '0193b6a0-0000-7000-8000-000000000001';

let standIn: AliyunStandIn;
let sms: SmsPort;

const connected = (changed: Partial<typeof keys> = {}): SmsPort =>
  aliyunSms({ ...keys, ...changed, signName: '续保提醒', endpoint: standIn.url });
const aMessage = (changed: Partial<SmsMessage> = {}): SmsMessage => ({
  attemptId,
  to: '+8613800000001',
  templateKey: 'expiry-near',
  templateCode: 'SMS_154950909',
  language: 'zh-CN',
  params: { name: "王芳 (O'Hara)*!~", remaining: '15 天', newPremium: '' },
  renderedText: '王芳您好,您的商业险 15 天后到期',
  validForSeconds: 3_600,
  ...changed,
});
const asked = { attemptId, to: '+8613800000001', text: 'not compared', triedAt: Date.now() };

beforeAll(async () => {
  standIn = await startAliyunStandIn(keys);
});
beforeEach(() => {
  standIn.taken.length = 0;
  sms = connected();
});
afterAll(() => standIn.stop());

describe('An SMS through Aliyun', () => {
  test('goes as signature, approved template and parameters, under our attempt’s id, never as free text', async () => {
    const answer = await sms.send(aMessage());
    expect(judge(answer)).toMatchObject({ kind: 'accepted', providerId: standIn.taken[0]?.bizId });
    expect(standIn.taken).toMatchObject([
      {
        outId: attemptId,
        phone: '13800000001',
        signName: '续保提醒',
        templateCode: 'SMS_154950909',
        params: { name: "王芳 (O'Hara)*!~", remaining: '15 天' },
      },
    ]);
    expect(JSON.stringify(standIn.taken)).not.toContain('到期');
  });

  test('keeps the calling code of a number outside mainland China', async () => {
    await sms.send(aMessage({ to: '+85291234567' }));
    expect(standIn.taken[0]?.phone).toBe('85291234567');
  });

  test('is signed: with another secret the stand-in refuses it, and that is named a misconfiguration', async () => {
    const answer = await connected({ accessKeySecret: 'another' }).send(aMessage());
    expect(judge(answer)).toMatchObject({ kind: 'try-later', misconfigured: true });
    expect(standIn.refusedSignatures().at(-1)).toBe('SignatureDoesNotMatch');
    expect(judge(await connected({ accessKeyId: 'nobody' }).send(aMessage()))).toMatchObject({ misconfigured: true });
    expect(standIn.taken).toEqual([]);
  });

  test('without an approved template asks nobody and says that something is missing', async () => {
    const before = standIn.requests();
    expect(judge(await sms.send(aMessage({ templateCode: null })))).toMatchObject({
      kind: 'try-later',
      code: 'no-template-code',
      misconfigured: true,
    });
    expect(standIn.requests()).toBe(before);
  });

  test('is not handed over shortly before the window closes, since Aliyun would carry it into the quiet hours', async () => {
    const before = standIn.requests();
    expect(judge(await sms.send(aMessage({ validForSeconds: 599 })))).toMatchObject({ code: 'window-closes' });
    expect(standIn.requests()).toBe(before);
  });

  test.each([
    ['reset-before-accept', 'unknown'],
    ['reset-after-accept', 'unknown'],
    ['5xx-after-accept', 'unknown'],
  ] as const)('is asked for once however it fails: %s is %s', async (kind, verdict) => {
    const before = standIn.requests();
    standIn.next({ kind });
    expect(judge(await sms.send(aMessage())).kind).toBe(verdict);
    expect(standIn.requests()).toBe(before + 1);
  });

  test.each([
    [{ code: 'isv.BUSINESS_LIMIT_CONTROL' }, 'try-later'],
    [{ code: 'isv.MOBILE_NUMBER_ILLEGAL' }, 'not-accepted'],
    [{ code: 'isv.AMOUNT_NOT_ENOUGH' }, 'try-later'],
    [{ code: 'isv.BLACK_KEY_CONTROL_LIMIT' }, 'not-accepted'],
    [{ code: 'Throttling.User', status: 400 }, 'try-later'],
    [{ code: 'ServiceUnavailable', status: 503 }, 'unknown'],
  ] as const)('that is answered with $code is asked for once', async (answer, verdict) => {
    const before = standIn.requests();
    standIn.next({ kind: 'code', ...answer });
    const seen = await sms.send(aMessage());
    expect(judge(seen).kind).toBe(verdict);
    expect(JSON.stringify(seen)).not.toContain('138');
    expect(standIn.requests()).toBe(before + 1);
  });

  test('to nobody who listens is proven not to have gone', async () => {
    const gone = await startAliyunStandIn(keys);
    await gone.stop();
    const answer = await aliyunSms({ ...keys, signName: '续保', endpoint: gone.url }).send(aMessage());
    expect(answer).toEqual({ kind: 'not-connected', code: 'ECONNREFUSED' });
  });
});

describe('What became of an SMS at Aliyun', () => {
  test('is found by our attempt’s id in the list of its number and day, beyond the first page', async () => {
    await sms.send(aMessage());
    const [ours] = standIn.taken;
    const others = Array.from({ length: 60 }, (_, index) => ({ ...ours, outId: `other-${index}` }) as typeof ours);
    standIn.taken.unshift(...others.filter((one) => one !== undefined));
    expect(await sms.lookUp?.(asked)).toMatchObject({ kind: 'found', delivery: { state: 'sent' } });
    expect(await sms.lookUp?.({ ...asked, attemptId: 'of nobody' })).toEqual({ kind: 'not-found' });
  });

  test('follows the carrier’s receipt, with its code when it was not delivered', async () => {
    await sms.send(aMessage());
    const [taken] = standIn.taken;
    if (!taken) throw new Error('nothing was taken');
    Object.assign(taken, { sendStatus: 2, errCode: 'MOBILE_NOT_ON_SERVICE' });
    expect(await sms.fetch?.({ ...asked, providerId: taken.bizId })).toEqual({
      kind: 'found',
      delivery: {
        providerId: taken.bizId,
        state: 'undelivered',
        status: 'send-status-2',
        errorCode: 'MOBILE_NOT_ON_SERVICE',
      },
    });
    taken.sendStatus = 3;
    expect(await sms.fetch?.({ ...asked, providerId: taken.bizId })).toMatchObject({
      delivery: { state: 'delivered' },
    });
  });

  test('cannot be told when the list cannot be read', async () => {
    const answer = await connected({ accessKeySecret: 'another' }).lookUp?.(asked);
    expect(answer).toEqual({ kind: 'cannot-tell', code: 'SignatureDoesNotMatch' });
  });
});
