import { createRequire } from 'node:module';
import { QuerySendDetailsRequest, SendSmsRequest } from '@alicloud/dysmsapi20170525';
import type dysms from '@alicloud/dysmsapi20170525';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import { failureCode } from './failure-code.ts';
import {
  answerOfFailure,
  type LookedUp,
  type PastAttempt,
  type ProviderAnswer,
  type SmsMessage,
  type SmsPort,
} from './provider-answer.ts';

/** `endpoint` is a host, or a URL to aim the client at a stand-in. */
export type AliyunSettings = { accessKeyId: string; accessKeySecret: string; signName: string; endpoint: string };

const connectingMs = 10_000;
const timeoutMs = 15_000;
/** Aliyun knows no validity period: nothing is handed over so late that a queue there would carry it into the quiet hours. */
const needsSeconds = 600;
const pageSize = 50;
const mostPages = 20;

// The SDK is CommonJS with a default export, which loaders unwrap differently; `require` does not unwrap at all.
const { default: Dysmsapi } = createRequire(import.meta.url)('@alicloud/dysmsapi20170525') as typeof dysms;
type Client = InstanceType<typeof Dysmsapi>;

/**
 * Sends to mainland China through Aliyun's short message service: a signature and an approved template with its parameters,
 * one attempt each. The SDK puts the number into the URL, so neither its errors nor its requests are ever logged.
 */
export function aliyunSms(settings: AliyunSettings): SmsPort {
  const client = connect(settings);
  return {
    name: 'aliyun',
    send: (message) => send(client, settings, message),
    lookUp: (attempt) => ask(client, attempt),
    fetch: ({ providerId, ...attempt }) => ask(client, attempt, providerId),
  };
}

/** The SDK tries once, as long as no retry options are given; and no connection is used twice (see sms-twilio.ts). */
function connect({ accessKeyId, accessKeySecret, endpoint }: AliyunSettings): Client {
  const { host, protocol } = new URL(endpoint.includes('://') ? endpoint : `https://${endpoint}`);
  const config = new $OpenApiUtil.Config({
    accessKeyId,
    accessKeySecret,
    endpoint: host,
    protocol: protocol.replace(':', ''),
    connectTimeout: connectingMs,
    readTimeout: timeoutMs,
    globalParameters: new $OpenApiUtil.GlobalParameters({ headers: { connection: 'close' } }),
  });
  return new Dysmsapi(config);
}

async function send(client: Client, { signName }: AliyunSettings, message: SmsMessage): Promise<ProviderAnswer> {
  const { attemptId, to, templateCode, validForSeconds } = message;
  if (templateCode === null) return { kind: 'not-tried', code: 'no-template-code', misconfigured: true };
  if (validForSeconds < needsSeconds) return { kind: 'not-tried', code: 'window-closes', misconfigured: false };
  const request = new SendSmsRequest({
    phoneNumbers: numberAsWritten(to),
    signName,
    templateCode,
    templateParam: JSON.stringify(givenParams(message)),
    outId: attemptId,
  });
  try {
    const { statusCode, body } = await client.sendSms(request);
    return answer({ status: statusCode, code: body?.code, id: body?.bizId });
  } catch (error) {
    return answerOf(error);
  }
}

/** A variable without a value is refused; a template does without it or is not used. */
function givenParams({ params }: SmsMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''));
}

/** Mainland numbers without the calling code, all others with it and without the plus. */
function numberAsWritten(number: string): string {
  return number.startsWith('+86') ? number.slice(3) : number.slice(1);
}

function answer(seen: {
  status: number | undefined;
  code: string | undefined;
  id: string | undefined;
}): ProviderAnswer {
  const { status, code, id } = seen;
  if (status === undefined) return { kind: 'no-answer', code: 'no-status' };
  return { kind: 'aliyun-answer', status, code: inCode(code), ...(id ? { id } : {}) };
}

/** Never more than a code: a message of the provider may quote the number. */
function inCode(code: string | undefined): string {
  return code !== undefined && /^[\w.]{1,80}$/.test(code) ? code : 'no-code';
}

/** The SDK throws what was answered (with a status) and what kept it from being answered (with a system code). */
function answerOf(error: unknown): ProviderAnswer {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number') return answerOfFailure(failureCode(error));
  return answer({ status: statusCode, code: typeof code === 'string' ? code : undefined, id: undefined });
}

/** Reads the list of what went to a number on the day of the attempt, in which our id stands as OutId. */
async function ask(client: Client, attempt: PastAttempt, bizId?: string): Promise<LookedUp> {
  for (const sendDate of daysOf(attempt.triedAt)) {
    const found = await askDay(client, attempt, { sendDate, bizId });
    if (found.kind !== 'not-found') return found;
  }
  return { kind: 'not-found' };
}

type Day = { sendDate: string; bizId: string | undefined };

async function askDay(client: Client, { attemptId, to }: PastAttempt, { sendDate, bizId }: Day): Promise<LookedUp> {
  const about = { phoneNumber: numberAsWritten(to), sendDate, pageSize, ...(isBizId(bizId) ? { bizId } : {}) };
  for (let currentPage = 1; currentPage <= mostPages; currentPage += 1) {
    const page = await readPage(client, new QuerySendDetailsRequest({ ...about, currentPage }));
    if (page.kind === 'cannot-tell') return page;
    const detail = page.details.find(({ outId }) => outId === attemptId);
    if (detail) return { kind: 'found', delivery: deliveryOf(detail, bizId ?? attemptId) };
    if (page.details.length < pageSize) return { kind: 'not-found' };
  }
  return { kind: 'cannot-tell', code: 'too-many-pages' };
}

type Detail = { outId?: string; sendStatus?: number; errCode?: string };
type Page = { kind: 'page'; details: Detail[] } | { kind: 'cannot-tell'; code: string };

async function readPage(client: Client, request: QuerySendDetailsRequest): Promise<Page> {
  try {
    const { body } = await client.querySendDetails(request);
    if (body?.code !== 'OK') return { kind: 'cannot-tell', code: inCode(body?.code) };
    return { kind: 'page', details: body.smsSendDetailDTOs?.smsSendDetailDTO ?? [] };
  } catch (error) {
    const seen = answerOf(error);
    return { kind: 'cannot-tell', code: 'code' in seen ? String(seen.code) : seen.kind };
  }
}

const statuses = { 1: 'sent', 2: 'undelivered', 3: 'delivered' } as const;

/** The list does not say the receipt's id; our own finds the row again. */
function deliveryOf({ sendStatus, errCode }: Detail, providerId: string) {
  const state = statuses[sendStatus as keyof typeof statuses] ?? 'queued';
  const errorCode = state === 'undelivered' && errCode !== undefined ? { errorCode: inCode(errCode) } : {};
  return { providerId, state, status: `send-status-${sendStatus ?? 0}`, ...errorCode };
}

/** Receipts’ ids hold a caret; one of ours, which stands in for an unknown receipt, does not. */
function isBizId(providerId: string | undefined): boolean {
  return providerId?.includes('^') ?? false;
}

const chinaTime = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' });
const nightMs = 5 * 60_000;

/** The day of the attempt in China, and the next one when it was made just before midnight (`yyyymmdd`). */
function daysOf(triedAt: number): string[] {
  const days = [triedAt, triedAt + nightMs].map((instant) => chinaTime.format(instant).replaceAll('-', ''));
  return [...new Set(days)];
}
