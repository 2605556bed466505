import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSituation } from '../../../src/db/cases/case-situation.ts';
import { stopPending } from '../../../src/db/customers/stopped-messages.ts';
import { followMessages } from '../../../src/db/messages/follow-messages.ts';
import { cancelMessages, expireMessages, planMessages } from '../../../src/db/messages/planned-messages.ts';
import { withdrawConfirmation } from '../../../src/db/messages/reopened-messages.ts';
import { settleMessage } from '../../../src/db/messages/settle-message.ts';
import { silenceCustomer } from '../../../src/db/results/refuse-contact.ts';
import { customers } from '../../../src/db/schema/customers.ts';
import { journal } from '../../../src/db/schema/journal.ts';
import { claimMessage } from '../../../src/messaging/claim.ts';
import { listMessages } from '../../../src/reporting/message-list.ts';
import { readLiveCounts } from '../../../src/reporting/live-counts.ts';
import type { CaseSituation } from '../../../src/db/cases/case-situation.ts';
import type { Db } from '../../../src/db/connection.ts';
import { confirmationTouch } from '../../../src/renewal/stage-plan.ts';
import { at, calendar, openMessageBook, type MessageBook } from '../message-book.ts';
import { anAttempt, answerTo, aProvider, attemptStates, settle, unknown, type Attempt } from './given-attempts.ts';

const confirmation = { template: confirmationTouch, touch: confirmationTouch };

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
beforeEach(() => book.setTime('2027-03-16T12:00'));
afterAll(() => book.close());

/** A message whose first attempt is uncertain and for which an operator ordered another one. */
async function orderedAgain(message: { touch?: string; template?: string } = {}): Promise<Attempt> {
  const attempt = await anAttempt(book, message);
  await answerTo(book, attempt, unknown);
  const settled = { id: crypto.randomUUID(), messageId: attempt.messageId, as: 'resend', by: 'A1' } as const;
  await book.db.transaction((tx) =>
    settleMessage(tx, { ...settled, providerId: undefined, note: undefined }, calendar),
  );
  return attempt;
}

const customerOf = async ({ messageId }: Attempt) => (await book.findMessage(messageId)).customerId;
async function entryOf({ renewalId, messageId }: Attempt, event: string) {
  const isThis = and(eq(journal.chain, renewalId), eq(journal.event, event));
  const entries = await book.db.select().from(journal).where(isThis);
  return entries.find(({ inputs }) => (inputs as { messageId?: string }).messageId === messageId);
}
const uncertain = async (): Promise<string[]> => {
  const viewer = { id: 'M1', roles: ['admin'], branchId: '3701', teamId: null };
  const request = { filters: { state: 'unknown' as const }, descending: true, limit: 500 };
  return (await listMessages(book.db, { viewer: viewer as never, ...request })).map(({ message }) => message.id);
};

describe('An attempt that was ordered for an uncertain message, and that a rule drops', () => {
  test('leaves the message as uncertain as it was, on the list and in the figures', async () => {
    const attempt = await orderedAgain();
    await book.setTime('2027-03-16T12:10');
    const optedOut = { smsOptedOutAt: new Date(at('2027-03-16T12:05')) };
    await book.db
      .update(customers)
      .set(optedOut)
      .where(eq(customers.id, await customerOf(attempt)));

    const key = { renewalId: attempt.renewalId, touch: 't-15', channel: 'sms', resend: 1 } as const;
    const claim = await claimMessage(book.db, key, calendar);

    expect(claim).toMatchObject({ outcome: { kind: 'suppressed', reason: 'sms-opted-out' } });
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'unknown', reason: 'ECONNRESET' });
    expect(await uncertain()).toContain(attempt.messageId);
    expect((await readLiveCounts(book.db)).oldestUncertainSeconds).toBeGreaterThanOrEqual(600);
    const entry = await entryOf(attempt, 'message-suppressed');
    expect(entry).toMatchObject({ reason: 'sms-opted-out', inputs: { stands: 'unknown' } });
  });

  test('is settled like any other uncertain message', async () => {
    const attempt = await orderedAgain();
    await stop(attempt);
    await settle(book, aProvider({ kind: 'not-found' }, attempt));
    expect(await attemptStates(book, attempt.messageId)).toEqual(['not-accepted']);
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'not-accepted', settledBy: 'list' });
  });

  test('counts for nothing where the first attempt is proved not to have gone', async () => {
    const attempt = await orderedAgain();
    await settle(book, aProvider({ kind: 'not-found' }, attempt));
    await stop(attempt);
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'suppressed', reason: 'sms-opted-out' });
  });
});

const stop = async (attempt: Attempt): Promise<void> => {
  const pending = { customerIds: [await customerOf(attempt)], channel: 'sms', purposes: ['renewal-reminder'] } as const;
  const why = { reason: 'opted-out', at: new Date(at('2027-03-16T12:05')) } as const;
  await book.db.transaction((tx) => stopPending(tx, { ...pending, ...why }, calendar));
};

type Step = (tx: Db, situation: CaseSituation) => Promise<unknown>;
const touchOf = ({ plan }: CaseSituation) => plan.touches.filter(({ key }) => key === 't-15');

describe('A message that was ordered again stays uncertain', () => {
  test.each<[string, Step, string]>([
    ['when its case closes', (tx, situation) => cancelMessages(tx, situation, 'lost'), 'message-cancelled'],
    ['when its day has passed', (tx, situation) => expireMessages(tx, situation, 'stage-ended'), 'message-expired'],
    [
      'when its stage is planned again too late for it',
      (tx, situation) => planMessages(tx, { ...situation, openedOn: '2027-03-20' }, touchOf(situation)),
      'message-expired',
    ],
    [
      'when another plan has no such touch',
      (tx, situation) =>
        followMessages(tx, { ...situation, plan: { ...situation.plan, touches: [] } }, 'intensive-chase'),
      'message-cancelled',
    ],
    [
      'when another plan has it too late',
      (tx, situation) => followMessages(tx, { ...situation, openedOn: '2027-03-20' }, 'intensive-chase'),
      'message-expired',
    ],
    [
      'when its customer wants no contact',
      (tx, { policy }) =>
        silenceCustomer(
          tx,
          { customerId: policy.customerId, refusedAt: new Date(), by: { inboundId: crypto.randomUUID() } },
          calendar,
        ),
      'message-suppressed',
    ],
  ])('%s', async (_when, step, event) => {
    const attempt = await orderedAgain();
    await book.setTime('2027-03-18T12:00');
    await book.db.transaction(async (tx) => step(tx, await readSituation(tx, attempt.renewalId, calendar)));
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'unknown', reason: 'ECONNRESET' });
    expect(await entryOf(attempt, event)).toMatchObject({ inputs: { stands: 'unknown' } });
  });

  test('when the renewal that it confirms was none', async () => {
    const attempt = await anAttempt(book, confirmation);
    await answerTo(book, attempt, unknown);
    expect((await settle(book, aProvider())).resent).toContain(attempt.messageId);
    await book.db.transaction(async (tx) =>
      withdrawConfirmation(tx, await readSituation(tx, attempt.renewalId, calendar), null),
    );
    expect(await book.findMessage(attempt.messageId)).toMatchObject({ state: 'unknown', reason: 'ECONNRESET' });
    expect(await entryOf(attempt, 'message-expired')).toMatchObject({ reason: 'result-corrected' });
  });
});
