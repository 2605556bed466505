import { and, eq, lt, ne, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { dayMs } from '../../renewal/calendar.ts';
import type { PlannedTouch } from '../../renewal/case-plan.ts';
import type { Outcome } from '../../renewal/loss.ts';
import { notInPlan, planTouchAt } from '../../renewal/plan-change.ts';
import { channels, confirmationTouch, type Channel } from '../../renewal/stage-plan.ts';
import { mayBeWrittenTo, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { messages } from '../schema/messages.ts';
import { obstacleOn, waysToConfirm, type Ways } from './confirmation-ways.ts';
import { asDropped, decidedAs } from './dropped-messages.ts';
import { becauseOf, journaliseMessages, planningFacts, type Because } from './journal-messages.ts';

type NewMessage = typeof messages.$inferInsert;

/** As `changeMessages` has it: what was late or had no touch in the plan, and its case never came to, may have its day again. */
const mayComeBack = sql`${messages.heldUntil} is null and ${messages.cameToAt} is null and (${messages.state} = 'expired' or
  (${messages.state} = 'cancelled' and ${messages.reason} = ${notInPlan}))`;

/** Of a confirmation that nobody could get, or that confirmed nothing, each later renewal decides anew. */
const isConfirmedAnew = sql`${messages.touch} = ${confirmationTouch} and ${messages.claimedAt} is null and ${messages.heldUntil} is null
  and ${messages.cameToAt} is null and ${messages.state} in ('expired', 'suppressed')`;

/**
 * Plans the messages of a stage's touches, or moves those still planned. What is late already is never sent, nor what
 * would reach a customer who refused contact. A corrected expiry may give an expired one its day back.
 */
export async function planMessages(tx: Db, situation: CaseSituation, touches: readonly PlannedTouch[]): Promise<void> {
  const rows = touches.flatMap((touch) => touch.channels.map((channel) => messageRow(situation, touch, channel)));
  if (rows.length > 0) await writeMessages(tx, rows, becauseOf(situation, 'planning', planningFacts(situation)));
}

async function writeMessages(tx: Db, rows: readonly NewMessage[], because: Because): Promise<void> {
  const dropped = asDropped({ state: sql`excluded.state`, reason: sql`excluded.reason` });
  const changed = await tx
    .insert(messages)
    .values([...rows])
    .onConflictDoUpdate({
      target: [messages.renewalId, messages.touch, messages.channel, messages.recipient],
      set: {
        state: sql`case when excluded.state = 'planned' then 'planned' else ${dropped.state} end`,
        reason: sql`case when excluded.state <> 'planned' then ${dropped.reason} end`,
        dueAt: sql`excluded.due_at`,
        latestAt: sql`excluded.latest_at`,
      },
      setWhere: sql`${messages.state} = 'planned' or (excluded.state = 'planned' and ${mayComeBack}) or (${isConfirmedAnew})`,
    })
    .returning();
  const unsent = rows.flatMap(({ touch, channel, state, reason }) =>
    changed
      .filter((message) => message.touch === touch && message.channel === channel && message.state !== 'planned')
      .map((message) => decidedAs(message, { state, reason: reason ?? state })),
  );
  await journaliseMessages(tx, unsent, because);
}

function messageRow(situation: CaseSituation, touch: PlannedTouch, channel: Channel): NewMessage {
  return {
    id: uuidv7(),
    renewalId: situation.renewal.id,
    touch: touch.key,
    channel,
    customerId: situation.policy.customerId,
    template: touch.template,
    ...stateOf(situation, touch),
    dueAt: new Date(touch.dueAt),
    latestAt: new Date(touch.latestAt),
  };
}

function stateOf(situation: CaseSituation, touch: PlannedTouch): { state: string; reason?: string } {
  const { clock, openedOn, renewal } = situation;
  const touchesFrom = renewal.touchesFrom?.getTime();
  const mayBeWritten = (at: number): boolean => mayBeWrittenTo(situation, at);
  switch (planTouchAt(touch, { now: clock.now, openedOn, touchesFrom, mayBeWrittenTo: mayBeWritten })) {
    case 'planned':
      return { state: 'planned' };
    case 'late':
      return { state: 'expired', reason: 'day-has-passed' };
    case 'left-alone':
      return { state: 'suppressed', reason: 'do-not-contact' };
  }
}

/** What a stage left planned is not sent any more once its touches lie in the past. */
export async function expireMessages(tx: Db, situation: CaseSituation, reason: string): Promise<void> {
  const dropped = { state: 'expired', reason };
  const expired = await tx
    .update(messages)
    .set(asDropped(dropped))
    .where(
      and(
        eq(messages.renewalId, situation.renewal.id),
        eq(messages.state, 'planned'),
        lt(messages.latestAt, new Date(situation.clock.now)),
      ),
    )
    .returning();
  await journaliseMessages(
    tx,
    expired.map((message) => decidedAs(message, dropped)),
    becauseOf(situation, 'passing'),
  );
}

/** Renewed means silence, and so does every other close (business.md, Restraint). */
export async function cancelMessages(tx: Db, situation: CaseSituation, outcome: Outcome['kind']): Promise<void> {
  const { id } = situation.renewal;
  const dropped = { state: 'cancelled', reason: `case-closed:${outcome}` };
  const cancelled = await tx
    .update(messages)
    .set(asDropped(dropped))
    .where(and(eq(messages.renewalId, id), eq(messages.state, 'planned'), ne(messages.touch, confirmationTouch)))
    .returning();
  await journaliseMessages(
    tx,
    cancelled.map((message) => decidedAs(message, dropped)),
    becauseOf(situation, 'closing', () => ({ outcome })),
  );
}

/**
 * Plans the one confirmation after a renewal: by SMS where such a notice reaches the customer by SMS, else by e-mail. Where
 * neither does, it is suppressed with the reason.
 */
export async function planConfirmation(tx: Db, situation: CaseSituation): Promise<void> {
  const { now } = situation.clock;
  const ways = await waysToConfirm(tx, situation.policy.customerId);
  const channel = wayOfConfirming(ways);
  const planned = confirmationRow(situation, channel, { dueAt: now, latestAt: now + 3 * dayMs });
  const reason = obstacleOn(channel, ways[channel]);
  if (planned.state !== 'planned' || reason === undefined) {
    await writeMessages(tx, [planned], becauseOf(situation, 'planning', planningFacts(situation)));
    return;
  }
  const because = becauseOf(situation, 'confirming', () => ({ ways }));
  await writeMessages(tx, [{ ...planned, state: 'suppressed', reason }], because);
}

/**
 * A renewal that comes to light after its case was lost is not confirmed, because that would come days late
 * (docs/decisions/0014). It is shown as missed at the close, which ought to have confirmed it.
 */
export async function missConfirmation(tx: Db, situation: CaseSituation): Promise<void> {
  const { renewal, clock, policy } = situation;
  const dueAt = renewal.closedAt?.getTime() ?? clock.now;
  const channel = wayOfConfirming(await waysToConfirm(tx, policy.customerId));
  const missed = confirmationRow(situation, channel, { dueAt, latestAt: dueAt });
  await writeMessages(tx, [missed], becauseOf(situation, 'planning', planningFacts(situation)));
}

function confirmationRow(
  situation: CaseSituation,
  channel: Channel,
  valid: Pick<PlannedTouch, 'dueAt' | 'latestAt'>,
): NewMessage {
  const touch = { key: confirmationTouch, template: confirmationTouch, channels: [channel], stage: 'wrap-up' } as const;
  return messageRow(situation, { ...touch, ...valid, dueOn: situation.openedOn }, channel);
}

/** Without a way, that of the address there is: its reason is the one that somebody can do something about. */
function wayOfConfirming(ways: Ways): Channel {
  const isOpen = (channel: Channel): boolean => obstacleOn(channel, ways[channel]) === undefined;
  const hasAddress = (channel: Channel): boolean => ways[channel].hasAddress;
  return channels.find(isOpen) ?? channels.find(hasAddress) ?? 'sms';
}

/** The channels on which the confirmation still waits to go out. */
export async function plannedConfirmations(tx: Db, renewalId: string): Promise<Channel[]> {
  const rows = await tx
    .select({ channel: messages.channel })
    .from(messages)
    .where(
      and(eq(messages.renewalId, renewalId), eq(messages.touch, confirmationTouch), eq(messages.state, 'planned')),
    );
  return rows.map((row) => row.channel as Channel);
}
