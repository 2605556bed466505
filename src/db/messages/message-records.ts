import { and, eq, getTableColumns, gte, isNull, ne, sql } from 'drizzle-orm';
import type { Instant } from '../../renewal/calendar.ts';
import type { Explained } from '../../renewal/explanation.ts';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { comparedAddress, reachedAlike } from '../customers/reached-alike.ts';
import { prepareOnce } from '../prepare-once.ts';
import { entryOf } from '../journal/journal-records.ts';
import { customers } from '../schema/customers.ts';
import { messageAttempts } from '../schema/message-attempts.ts';
import { messages } from '../schema/messages.ts';
import { sending } from '../schema/operations.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';
import { changeOf, updateRow, writeTogether, type Write } from '../write-together.ts';

export type MessageRow = typeof messages.$inferSelect;
export type CustomerRow = typeof customers.$inferSelect;
export type MessageKey = { renewalId: string; touch: string; channel: Channel };

/** Of a message that was claimed: whether the customer got it or may have got it, whatever became of it after that. */
export const maybeSent = ne(messages.state, 'not-accepted');
const customerLock = 11;
const addressLock = 12;

const lockTouch = prepareOnce('lock_touch', (db) =>
  db
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.renewalId, sql.placeholder('renewalId')),
        eq(messages.touch, sql.placeholder('touch')),
        eq(messages.channel, sql.placeholder('channel')),
        eq(messages.recipient, 'customer'),
      ),
    )
    .for('update'),
);

/** The one row of a touch on a channel, locked until the transaction ends. */
export async function lockMessage(tx: Db, key: MessageKey): Promise<MessageRow | undefined> {
  const [row] = await lockTouch(tx, key);
  return row;
}

// A locked row is read as it is when its lock is had, and that comes after the turn that the join waits for. Their addresses
// are theirs until the transaction ends, so their turn comes after that, in the order of its numbers.
const shareCustomer = prepareOnce('share_customer', (db) => {
  const turn = sql`pg_advisory_xact_lock(hashtextextended(${sql.placeholder('customerId')}::text, ${sql.raw(`${customerLock}`)}))`;
  const held = db.$with('held').as(
    db
      .select(getTableColumns(customers))
      .from(customers)
      .innerJoin(sql`turn`, sql`true`)
      .where(eq(customers.id, sql.placeholder('customerId')))
      .for('share', { of: customers }),
  );
  const addresses = sql`select hashtextextended('sms ' || phone, ${sql.raw(`${addressLock}`)}) as place from held
    union select hashtextextended('email ' || lower(email), ${sql.raw(`${addressLock}`)}) from held order by place`;
  return db
    .with(db.$with('turn', {}).as(sql`select ${turn}`), held)
    .select()
    .from(held)
    .where(sql`(select count(pg_advisory_xact_lock(place)) from (${addresses}) as addresses) >= 0`);
});

/**
 * Makes claims for one customer wait for each other, over all of the customer's policies, and those for everybody who shares
 * the phone or the mailbox; then reads the customer.
 */
export async function lockCustomer(tx: Db, customerId: string): Promise<CustomerRow> {
  const [row] = await shareCustomer(tx, { customerId });
  if (!row) throw new Error('a message names a customer who does not exist');
  return row;
}

/** The one row of the stop switch. */
export function stopSwitchOf(db: Db) {
  return db.select({ stopped: sending.stopped }).from(sending);
}

const stopSwitch = prepareOnce('stop_switch', stopSwitchOf);

export async function isSendingStopped(tx: Db): Promise<boolean> {
  const [row] = await stopSwitch(tx, {});
  return row?.stopped ?? false;
}

export type SentRow = { renewalId: string; touch: string; channel: string; claimedAt: Instant } & VehicleKey;
export type VehicleKey = { plate: string | null; vin: string | null };

/** The messages of whoever is reached alike, but `messageId`, that were claimed `since` and may have been sent. */
export function sentToCustomer(db: Db) {
  return db
    .select({
      renewalId: messages.renewalId,
      touch: messages.touch,
      channel: messages.channel,
      claimedAt: messages.claimedAt,
      plate: policies.plate,
      vin: policies.vin,
    })
    .from(messages)
    .innerJoin(renewals, eq(renewals.id, messages.renewalId))
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(
      and(
        sql`${messages.customerId} = any(${reachedAlike})`,
        ne(messages.id, sql.placeholder('messageId')),
        gte(messages.claimedAt, sql.placeholder('since')),
        maybeSent,
      ),
    )
    .orderBy(messages.claimedAt, messages.id);
}

/**
 * Another open case of whoever is reached alike that somebody may work, with what its stage planned for the same touch and
 * channel.
 */
export type OtherCase = VehicleKey & {
  renewalId: string;
  coverType: string;
  expiresOn: string;
  openedAt: Date;
  /** Both null until the stage of the touch opens in that case. */
  state: string | null;
  dueAt: Date | null;
};

/** The open cases of whoever is reached alike beside `renewalId`, each with its `touch` on the `channel`. */
export function openCasesBeside(db: Db) {
  const sameTouch = and(
    eq(messages.renewalId, renewals.id),
    eq(messages.touch, sql.placeholder('touch')),
    eq(messages.channel, sql.placeholder('channel')),
  );
  return db
    .select({
      renewalId: renewals.id,
      plate: policies.plate,
      vin: policies.vin,
      coverType: policies.coverType,
      expiresOn: renewals.expiresOn,
      openedAt: renewals.openedAt,
      state: messages.state,
      dueAt: messages.dueAt,
    })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .leftJoin(messages, sameTouch)
    .where(
      and(
        sql`${policies.customerId} = any(${reachedAlike})`,
        ne(renewals.id, sql.placeholder('renewalId')),
        isNull(renewals.outcome),
        isNull(renewals.orphanedAt),
      ),
    );
}

const otherCases = prepareOnce('open_cases_beside', openCasesBeside);

/**
 * The other open cases of whoever has the address, however far they are: one whose stage turns minutes later has planned
 * nothing yet.
 */
export async function otherCasesOf(
  tx: Db,
  { renewalId, customerId, touch, channel }: Pick<MessageRow, 'renewalId' | 'customerId' | 'touch' | 'channel'>,
  address: string | null,
): Promise<OtherCase[]> {
  return otherCases(tx, { renewalId, customerId, touch, channel, address: comparedAddress(channel, address) });
}

export type Snapshot = {
  attemptId: string;
  provider: string | null;
  address: string;
  subject: string;
  body: string;
  segments: number | null;
  templateVersion: number;
  /** What the text was made of: the number of the layout, the language and the variables. */
  rendering: { layout: number; language: string; params: Readonly<Record<string, string>> };
  sentBecause: Explained;
};

/** The claim itself: from here on this attempt, and no other, may send. With it goes what else the claim changes. */
export async function markClaimed(
  tx: Db,
  message: MessageRow,
  { besides = [], ...claim }: Snapshot & { at: Instant; besides?: readonly Write[] },
): Promise<void> {
  const { at, ...snapshot } = claim;
  const fresh = { answer: null, providerId: null, providerStatus: null, errorCode: null };
  const claimedAt = new Date(at);
  const change = { ...snapshot, ...fresh, state: 'claimed', reason: null, claimedAt, settledBy: null };
  const { id: messageId, resends } = message;
  const attempt = { attemptId: claim.attemptId, messageId, resends, provider: claim.provider, claimedAt };
  const begun: Write = { name: 'attempt', query: insertAttempt, values: attempt };
  await writeTogether(tx, [changeOf(messages, { id: message.id, change }), begun, ...besides]);
}

function insertAttempt(db: Db) {
  return db.insert(messageAttempts).values({
    id: sql.placeholder('attemptId'),
    messageId: sql.placeholder('messageId'),
    resends: sql.placeholder('resends'),
    provider: sql.placeholder('provider'),
    claimedAt: sql.placeholder('claimedAt'),
    askAt: sql`clock_timestamp()`,
  });
}

/** Why the attempt of a message was made, for the inputs of a journal entry; nothing where its claim did not say. */
export function whySent({ sentBecause }: MessageRow): Partial<Explained> {
  return sentBecause ?? {};
}

export type MessageChange = Partial<Omit<MessageRow, 'id' | 'renewalId'>>;

type NewsOfMessage = {
  change: MessageChange;
  event: string;
  reason: string;
  inputs?: object;
  /** What else changes by it. */
  besides?: readonly Write[];
};

/** Changes a message and says why in the journal of its case. */
export async function changeMessage(
  tx: Db,
  message: MessageRow,
  { change, event, reason, inputs, besides = [] }: NewsOfMessage,
): Promise<void> {
  const { id, renewalId, touch, channel } = message;
  const about = { messageId: id, touch, channel, ...inputs };
  const entry = entryOf({ chain: renewalId, actor: 'system', event, reason, inputs: about });
  await writeTogether(tx, [...besides, changeOf(messages, { id, change }), entry]);
}

/** Remembers that its case has had an answer about a message that is not sent: it does not ask again. */
export async function markCameTo(tx: Db, { id, cameToAt, claimedAt }: MessageRow, now: number): Promise<void> {
  if (cameToAt !== null || claimedAt !== null) return;
  await updateRow(tx, messages, { id, change: { cameToAt: new Date(now) } });
}

/** Remembers until when (business ms) a rule holds a message back. */
export async function holdMessage(tx: Db, id: string, until: number): Promise<void> {
  await updateRow(tx, messages, { id, change: { heldUntil: new Date(until) } });
}
