import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { callBack, type Caller, type CallingBack } from './sms-stand-in-callbacks.ts';
import type { MessageNews, TakenMessage, TakenMessages } from './sms-stand-in-messages.ts';

const outcomes = ['delivered', 'undelivered', 'failed', 'sent'] as const;

export const deliverySchema = z.strictObject({
  /** `sent` stays there: the network never says whether the phone got it. */
  status: z.enum(outcomes).default('delivered'),
  /** Twilio's code of why it did not arrive, such as 30003. */
  errorCode: z.int().optional(),
  /** From the taking to the last status. */
  afterMs: z.int().nonnegative().default(300),
});

export type Delivery = z.output<typeof deliverySchema>;

const unreachableHandset = 30003;
const validityExpired = 30036;

type Step = { afterMs: number; news: MessageNews & { status: string } };
type Network = { messages: TakenMessages; caller: Caller; signal: AbortSignal };
type Fate = CallingBack & { delivery: Delivery };

/** Lets a taken message go its way and calls back at each status of which Twilio tells. */
export async function deliver(network: Network, message: TakenMessage, fate: Fate): Promise<void> {
  const { messages, signal } = network;
  const shuffled: TakenMessage[] = [];
  const begun = Date.now();
  const tell = (): void => {
    // Twilio does not call back about `sending`.
    if (message.status === 'sending') return;
    if (fate.callbacks.includes('shuffled')) shuffled.unshift({ ...message });
    else void callBack(network, message, fate);
  };
  if (!(await reachesQueue(network, message))) return;
  tell();
  for (const { afterMs, news } of stepsOf(message, fate.delivery)) {
    if (!(await waited(begun + afterMs - Date.now(), signal))) return;
    messages.change(message, news);
    tell();
  }
  // The worst order there is: the last word first.
  for (const told of shuffled) await callBack(network, told, fate);
}

/** False when a scheduled message was cancelled, or the stand-in stops, before its time. */
async function reachesQueue({ messages, signal }: Network, message: TakenMessage): Promise<boolean> {
  if (message.status !== 'scheduled') return true;
  const isTime = await waited(Date.parse(message.sendAt ?? message.at) - Date.now(), signal);
  if (!isTime || (message.status as string) === 'canceled') return false;
  messages.change(message, { status: 'queued' });
  return true;
}

async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms > 0) await sleep(ms, undefined, { signal, ref: false }).catch(() => {});
  return !signal.aborted;
}

function stepsOf({ validityPeriod }: TakenMessage, { status, errorCode, afterMs }: Delivery): Step[] {
  const sending: Step = { afterMs: afterMs / 3, news: { status: 'sending' } };
  const sent: Step = {
    afterMs: (afterMs * 2) / 3,
    news: { status: 'sent', sentAt: new Date(Date.now() + (afterMs * 2) / 3).toISOString() },
  };
  const validMs = (validityPeriod ?? Number.POSITIVE_INFINITY) * 1_000;
  if (sent.afterMs > validMs) return [{ afterMs: validMs, news: { status: 'failed', errorCode: validityExpired } }];
  const code = errorCode ?? unreachableHandset;
  switch (status) {
    case 'sent':
      return [sending, sent];
    case 'delivered':
      return [sending, sent, { afterMs, news: { status } }];
    case 'undelivered':
      return [sending, sent, { afterMs, news: { status, errorCode: code } }];
    case 'failed':
      return [sending, { afterMs, news: { status, errorCode: code } }];
  }
}
