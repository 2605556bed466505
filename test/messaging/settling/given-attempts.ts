import { MockActivityEnvironment } from '@temporalio/testing';
import { desc, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { createSettleActivities, type SettledMessages } from '../../../activities/settle.ts';
import { readClock } from '../../../src/db/business-clock.ts';
import { attemptsOf, storeReceipt } from '../../../src/db/messages/attempt-records.ts';
import { markClaimed } from '../../../src/db/messages/message-records.ts';
import { journal } from '../../../src/db/schema/journal.ts';
import type { ClaimedMessage } from '../../../src/messaging/win-message.ts';
import type { DeliveryState, LookedUp, SmsPort } from '../../../src/messaging/provider-answer.ts';
import { recordVerdict } from '../../../src/messaging/record-verdict.ts';
import { applyStored } from '../../../src/messaging/stored-receipt.ts';
import type { Verdict } from '../../../src/messaging/verdict.ts';
import type { Channel } from '../../../src/renewal/stage-plan.ts';
import { calendar, type MessageBook } from '../message-book.ts';

/** What the claim would say. */
const because = { rule: 'test' } as unknown as Parameters<typeof markClaimed>[2]['sentBecause'];

export type Attempt = { renewalId: string; messageId: string; attemptId: string };

export const unknown: Verdict = { kind: 'unknown', code: 'ECONNRESET' };
export const accepted = ({ attemptId }: Attempt): Verdict => ({
  kind: 'accepted',
  providerId: sidOf(attemptId),
  code: 'http-201',
});

/** The id that the provider gives to an attempt. */
export const sidOf = (attemptId: string): string => `SM-${attemptId}`;

type Message = { template?: string; touch?: string; channel?: Channel };

/** A message of a case, one of its own unless told otherwise, with one attempt that has begun. */
export async function anAttempt(book: MessageBook, message: Message = {}, ofCase?: string): Promise<Attempt> {
  const renewalId = ofCase ?? (await book.addCase());
  const messageId = await book.plan(renewalId, message);
  return { renewalId, messageId, attemptId: await claimAgain(book, messageId) };
}

/** The claim of a planned message, without the rules that would let it go. */
export async function claimAgain({ db, findMessage }: MessageBook, messageId: string): Promise<string> {
  const message = await findMessage(messageId);
  const attemptId = uuidv7();
  const { now } = await readClock(db);
  const snapshot = { attemptId, provider: 'twilio', address: '+8613800000001', subject: '', body: '您的保单即将到期' };
  const written = { segments: 1, templateVersion: 1, rendering: { layout: 1, language: 'zh-CN', params: {} } };
  await markClaimed(db, message, { ...snapshot, ...written, sentBecause: because, at: now });
  return attemptId;
}

/** What the provider answered to the attempt, or that its answer was lost. */
export async function answerTo({ db, findMessage }: MessageBook, attempt: Attempt, verdict: Verdict) {
  const { touch, channel } = await findMessage(attempt.messageId);
  const claimed = { ...attempt, touch, channel, others: [], refusedJustNow: [] } as unknown as ClaimedMessage;
  return (await recordVerdict(db, { attempt: claimed, verdict }, calendar)).outcome;
}

/** What the provider calls to tell of an attempt, as the webhook takes it: a status, and an error code behind it. */
export async function callBack({ db }: MessageBook, attemptId: string, word: string): Promise<void> {
  const [status = '', errorCode = ''] = word.split(' ');
  const told = { attemptId, providerId: sidOf(attemptId), status, errorCode };
  const { id, isApplied } = await storeReceipt(db, told);
  if (!isApplied) await applyStored(db, { id, ...told }, calendar);
}

export type Asked = SmsPort & { times: number };

type Says =
  | Exclude<LookedUp, { kind: 'found' }>
  | { kind: 'found'; state: DeliveryState; errorCode?: string; providerId?: string };

/** A provider whose list says so of one attempt, whenever it is asked, and can tell nothing of others; or has no list. */
export function aProvider(says?: Says, about?: Attempt): Asked {
  const provider: Asked = { name: 'twilio', times: 0, send: () => Promise.reject(new Error('settling never sends')) };
  if (says === undefined) return provider;
  const answer = async ({ attemptId }: { attemptId: string }): Promise<LookedUp> => {
    if (attemptId !== about?.attemptId) return { kind: 'cannot-tell', code: 'another-test' };
    provider.times += 1;
    if (says.kind !== 'found') return says;
    const { state, errorCode, providerId = sidOf(attemptId) } = says;
    return {
      kind: 'found',
      delivery: { providerId, state, status: state, ...(errorCode === undefined ? {} : { errorCode }) },
    };
  };
  return Object.assign(provider, { lookUp: answer, fetch: answer });
}

/** One run of the settling, by default as if the settling time were over at once; answers what was sent again too. */
export async function settle(
  { db }: MessageBook,
  provider: SmsPort,
  settlingMs = 0,
): Promise<{ settled: SettledMessages; resent: string[] }> {
  const resent: string[] = [];
  const resend = async (messageId: string): Promise<void> => void resent.push(messageId);
  const parts = { db, calendar, providers: [provider], settlingMs, resend };
  const { settleMessages } = createSettleActivities(parts);
  const settled = (await new MockActivityEnvironment().run(settleMessages)) as SettledMessages;
  return { settled, resent };
}

export async function attemptStates({ db }: MessageBook, messageId: string): Promise<string[]> {
  return (await attemptsOf(db, messageId)).map(({ state }) => state);
}

/** The last entry of a case in its journal. */
export async function lastEntry({ db }: MessageBook, renewalId: string): Promise<string> {
  const [entry] = await db
    .select()
    .from(journal)
    .where(eq(journal.chain, renewalId))
    .orderBy(desc(journal.sequence))
    .limit(1);
  return entry ? `${entry.event} ${entry.reason}` : '';
}
