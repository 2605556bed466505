import { and, eq, ne, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { changeMessages, notInPlan, type KnownMessage, type MessageChange } from '../../renewal/plan-change.ts';
import { confirmationTouch, type Channel, type Stage } from '../../renewal/stage-plan.ts';
import { mayBeWrittenTo, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { messages } from '../schema/messages.ts';
import { asDropped, decidedAs, type DecidedMessage } from './dropped-messages.ts';
import { becauseOf, followingFacts, journaliseMessages } from './journal-messages.ts';

type MessageRow = typeof messages.$inferSelect;

/**
 * Brings the messages of a case to the plan now in force, as of the stage in which it stands: some are added or given back,
 * some move, some fall away. Answers what changed; a second time changes nothing.
 */
export async function followMessages(
  tx: Db,
  situation: CaseSituation,
  stage: Stage | undefined,
): Promise<MessageChange[]> {
  const { renewal, plan, clock, openedOn } = situation;
  const touchesFrom = renewal.touchesFrom?.getTime();
  const moment = {
    now: clock.now,
    openedOn,
    touchesFrom,
    mayBeWrittenTo: (at: number) => mayBeWrittenTo(situation, at),
  };
  const changes = changeMessages(await readKnownMessages(tx, renewal.id), { plan, stage }, moment);
  const unsent: DecidedMessage[] = [];
  for (const change of changes) {
    const row = await write(tx, situation, change);
    if (row && row.state !== 'planned') unsent.push(asDecided(row, change));
  }
  await journaliseMessages(tx, unsent, becauseOf(situation, 'following', followingFacts(situation)));
  return changes;
}

/** The messages of a case that its stage plan has or had touches for. */
export async function readKnownMessages(tx: Db, renewalId: string): Promise<KnownMessage[]> {
  const isOfPlan = and(eq(messages.renewalId, renewalId), ne(messages.touch, confirmationTouch));
  return (await tx.select().from(messages).where(isOfPlan)).map(knownMessage);
}

/** A row as the pure rules see it. */
export function knownMessage(row: Omit<KnownRow, 'channel'> & { channel: string }): KnownMessage {
  const { touch, template, state, reason, dueAt, latestAt, heldUntil, cameToAt } = row;
  return {
    touch,
    channel: row.channel as Channel,
    template,
    state,
    reason,
    dueAt: dueAt.getTime(),
    latestAt: latestAt.getTime(),
    cameTo: heldUntil !== null || cameToAt !== null,
  };
}

type KnownRow = Pick<
  MessageRow,
  'touch' | 'channel' | 'template' | 'state' | 'reason' | 'dueAt' | 'latestAt' | 'heldUntil' | 'cameToAt'
>;

async function write(tx: Db, situation: CaseSituation, change: MessageChange): Promise<MessageRow | undefined> {
  const [row] = change.kind === 'dropped' ? await drop(tx, situation, change) : await upsert(tx, situation, change);
  return row;
}

function drop(tx: Db, { renewal }: CaseSituation, { touch, channel }: MessageChange) {
  const isThis = and(eq(messages.renewalId, renewal.id), eq(messages.touch, touch), eq(messages.channel, channel));
  return tx
    .update(messages)
    .set(asDropped(droppedBy.dropped))
    .where(and(isThis, eq(messages.state, 'planned')))
    .returning();
}

function upsert(tx: Db, { renewal, policy }: CaseSituation, change: Exclude<MessageChange, { kind: 'dropped' }>) {
  const { touch, channel, planned } = change;
  const isPlanned = change.kind === 'added' || change.kind === 'moved';
  const state = isPlanned ? { state: 'planned', reason: null } : droppedBy[change.kind];
  const { template, dueAt, latestAt } = planned;
  const touched = { template, dueAt: new Date(dueAt), latestAt: new Date(latestAt) };
  const key = { renewalId: renewal.id, touch, channel, customerId: policy.customerId };
  return tx
    .insert(messages)
    .values({ id: uuidv7(), ...key, ...state, ...touched })
    .onConflictDoUpdate({
      target: [messages.renewalId, messages.touch, messages.channel, messages.recipient],
      set: { ...touched, ...(isPlanned ? state : asDropped(droppedBy[change.kind])) },
      setWhere: sql`${messages.state} in ('planned', 'expired', 'cancelled')`,
    })
    .returning();
}

/** What becomes of a message by a change that plans it no more. */
const droppedBy = {
  dropped: { state: 'cancelled', reason: notInPlan },
  late: { state: 'expired', reason: 'day-has-passed' },
  'left-alone': { state: 'suppressed', reason: 'do-not-contact' },
} as const;

function asDecided(row: MessageRow, { kind }: MessageChange): DecidedMessage {
  return kind === 'added' || kind === 'moved' ? row : decidedAs(row, droppedBy[kind]);
}
