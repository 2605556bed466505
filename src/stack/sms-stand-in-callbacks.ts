import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import twilio from 'twilio';
import { present } from '../config/config.ts';
import type { TakenMessage } from './sms-stand-in-messages.ts';

export const callbackFaults = ['doubled', 'late', 'shuffled', 'never', 'wrongly-signed'] as const;

export type Caller = ReturnType<typeof openCaller>;
export type Form = Record<string, string>;
/** How a call to us was answered; nothing when nobody answered. */
export type CallAnswer = { status: number; body: string } | undefined;

const retryWaitsMs = [300, 1_500];
const patienceMs = 15_000;

/** Calls webhooks as Twilio does: form-encoded, signed with the account's token, tried again when nobody answers or at a 5xx. */
export function openCaller({ authToken, signal }: { authToken: string; signal: AbortSignal }) {
  const count = { answered: 0, refused: 0, lost: 0 };
  async function post(url: string, form: Form, headers: Form): Promise<CallAnswer> {
    const request = { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' } as const;
    const limits = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    try {
      const response = await fetch(url, { ...request, signal: limits });
      return { status: response.status, body: await response.text() };
    } catch {
      return undefined;
    }
  }
  return {
    count: () => ({ ...count }),
    call: async (url: string, form: Form, { wronglySigned = false } = {}): Promise<CallAnswer> => {
      const token = wronglySigned ? `not ${authToken}` : authToken;
      const headers = {
        'x-twilio-signature': twilio.getExpectedTwilioSignature(token, url, form),
        'i-twilio-idempotency-token': randomUUID(),
        'user-agent': 'TwilioProxy/1.1',
      };
      let answer = await post(url, form, headers);
      for (const waitMs of retryWaitsMs) {
        if (signal.aborted || (answer && answer.status < 500)) break;
        await sleep(waitMs, undefined, { signal, ref: false }).catch(() => {});
        answer = await post(url, form, headers);
      }
      if (!answer || answer.status >= 500) count.lost += 1;
      else if (answer.status >= 400) count.refused += 1;
      else count.answered += 1;
      return answer;
    },
  };
}

/** How the status callbacks of a message go wrong. */
export type CallingBack = { callbacks: readonly (typeof callbackFaults)[number][]; lateMs: number };

/** Tells the message's StatusCallback of its status as it is now, with the faults that are asked for. */
export async function callBack(
  { caller, signal }: { caller: Caller; signal: AbortSignal },
  message: TakenMessage,
  { callbacks, lateMs }: CallingBack,
): Promise<void> {
  const { statusCallback } = message;
  if (statusCallback === undefined || callbacks.includes('never')) return;
  const form = statusForm(message);
  if (callbacks.includes('late')) await sleep(lateMs, undefined, { signal, ref: false }).catch(() => {});
  if (signal.aborted) return;
  const how = { wronglySigned: callbacks.includes('wrongly-signed') };
  await caller.call(statusCallback, form, how);
  if (callbacks.includes('doubled')) await caller.call(statusCallback, form, how);
}

function statusForm(message: TakenMessage): Form {
  const { sid, status, to, from, accountSid, messagingServiceSid, errorCode } = message;
  return present({
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    ErrorCode: errorCode === undefined ? undefined : String(errorCode),
    From: from,
    MessageSid: sid,
    MessageStatus: status,
    MessagingServiceSid: messagingServiceSid,
    SmsSid: sid,
    SmsStatus: status,
    To: to,
  });
}
