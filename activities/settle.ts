import { heartbeat } from '@temporalio/activity';
import type { Db } from '../src/db/connection.ts';
import { inboundLeftOver } from '../src/db/customers/inbound-records.ts';
import { receiptsLeftOver } from '../src/db/messages/attempt-records.ts';
import {
  belongsToAnother,
  orderedResends,
  takeOpenAttempts,
  type OpenAttempt,
} from '../src/db/messages/open-attempts.ts';
import { applyReceipt } from '../src/messaging/apply-receipt.ts';
import { applyReply } from '../src/messaging/take-reply.ts';
import type { LookedUp, SmsPort } from '../src/messaging/provider-answer.ts';
import { applyStored } from '../src/messaging/stored-receipt.ts';
import { settleByClass, type SettledHow } from '../src/messaging/settle-unknown.ts';
import { firstAsks, longestDoubt, nextAskAfter } from '../src/messaging/settling-times.ts';
import type { ListSays } from '../src/messaging/unknown-rule.ts';
import type { Calendar } from '../src/renewal/calendar.ts';

/** How many of each kind a run dealt with. */
export type SettledMessages = {
  /** Receipts that were stored and not applied. */
  receipts: number;
  /** Attempts about which a provider was asked, or of which it has no list. */
  asked: number;
  /** Of those: the provider has it. */
  found: number;
  /** Provably never taken, and dropped. */
  notAccepted: number;
  /** Dropped without proof; still shown as unknown. */
  left: number;
  /** One more attempt was ordered. */
  sentAgain: number;
  /** For an operator to decide. */
  operator: number;
  /** Ordered attempts whose workflow was started, or runs. */
  resends: number;
};

export type SettleActivities = { settleMessages: () => Promise<SettledMessages> };

export type SettlingParts = {
  db: Db;
  calendar: Calendar;
  providers: readonly SmsPort[];
  /** Wall ms after which a provider's list has everything that it will have. */
  settlingMs: number;
  resend: (messageId: string) => Promise<void>;
};

const atMost = 500;
/** As many as a run surely gets through: an attempt that is taken counts as asked about. */
const askedAtMost = 100;
const atOnce = 10;

/** Finds out what became of messages of which nobody heard (promises.md, Settling an unknown). Nothing here sends. */
export function createSettleActivities(parts: SettlingParts): SettleActivities {
  return {
    async settleMessages() {
      const { db, calendar, settlingMs } = parts;
      const receipts = await each(await receiptsLeftOver(db, atMost), (row) => applyStored(db, row, calendar));
      await each(await inboundLeftOver(db, askedAtMost), (id) => applyReply(db, id, calendar));
      const waits = { first: firstAsks(settlingMs), next: nextAskAfter.bind(undefined, settlingMs) };
      const open = await takeOpenAttempts(db, waits, askedAtMost);
      const how: (Settled | undefined)[] = [];
      await each(open, async (one) => void how.push(await settle(parts, one)));
      const count = (kind: Settled): number => how.filter((one) => one === kind).length;
      return {
        receipts,
        asked: open.length,
        found: count('found'),
        notAccepted: count('not-accepted'),
        left: count('leave'),
        sentAgain: count('send-again'),
        operator: count('operator'),
        resends: await each(await orderedResends(db, atMost), parts.resend),
      };
    },
  };
}

type Settled = 'found' | SettledHow;

async function settle(parts: SettlingParts, { attempt, message }: OpenAttempt): Promise<Settled | undefined> {
  const looked = await ask(parts, { attempt, message });
  if (looked.kind === 'found') {
    const { delivery } = looked;
    await applyReceipt(parts.db, { attemptId: attempt.id, delivery, by: 'list' }, parts.calendar);
    return 'found';
  }
  if (attempt.state !== 'unknown') return undefined;
  if (looked.kind === 'cannot-tell' && attempt.asks < longestDoubt) return undefined;
  return settleByClass(parts.db, { attempt, renewalId: message.renewalId }, looked.kind);
}

type Heard = Extract<LookedUp, { kind: 'found' }> | { kind: ListSays };

/** What the attempt's provider says of it; an address or a text that is gone leaves nothing to look for. */
async function ask({ db, providers }: SettlingParts, { attempt, message }: OpenAttempt): Promise<Heard> {
  const provider = providers.find(({ name }) => name === (attempt.provider ?? providers[0]?.name));
  const { address, body } = message;
  if (message.channel !== 'sms' || !provider) return { kind: 'no-list' };
  if (message.attemptId !== attempt.id || address === null || body === null) return { kind: 'cannot-tell' };
  const past = { attemptId: attempt.id, to: address, text: body, triedAt: attempt.triedAt.getTime() };
  const { providerId, state } = attempt;
  if (state === 'accepted')
    return providerId === null ? { kind: 'no-list' } : fetched(provider, { ...past, providerId });
  if (!provider.lookUp) return { kind: 'no-list' };
  const looked = await provider.lookUp(past);
  if (looked.kind !== 'found') return { kind: looked.kind };
  const isAnother = await belongsToAnother(db, { attemptId: attempt.id, providerId: looked.delivery.providerId });
  return isAnother ? { kind: 'cannot-tell' } : looked;
}

async function fetched(provider: SmsPort, past: Parameters<NonNullable<SmsPort['fetch']>>[0]): Promise<Heard> {
  const looked = (await provider.fetch?.(past)) ?? { kind: 'no-list' as const };
  return looked.kind === 'found' ? looked : { kind: looked.kind };
}

/** Deals with all of them, some at a time; one that fails is left for its next turn and keeps no other back. */
async function each<Item>(items: readonly Item[], deal: (item: Item) => Promise<unknown>): Promise<number> {
  let dealt = 0;
  for (let from = 0; from < items.length; from += atOnce) {
    heartbeat();
    const done = await Promise.allSettled(items.slice(from, from + atOnce).map(deal));
    dealt += done.filter(({ status }) => status === 'fulfilled').length;
  }
  return dealt;
}
