import { eq, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { RenewalError } from '../../renewal/errors.ts';
import { momentOfCase, type CaseMoment } from '../cases/case-situation.ts';
import { isInForce, planAndClockFields, planAndClockOf } from '../cases/plan-records.ts';
import type { Db } from '../connection.ts';
import { onlyRow } from '../only-row.ts';
import { prepareOnce } from '../prepare-once.ts';
import { dateFrom, rowsAsJson } from '../rows-as-json.ts';
import { messages } from '../schema/messages.ts';
import { businessClock } from '../schema/operations.ts';
import { renewals } from '../schema/renewals.ts';
import { stagePlans } from '../schema/stage-plans.ts';
import { attemptsOfMessage, type AttemptsOfMessage } from './attempt-records.ts';

// The message waits for the join, which waits for the lock of the case; both are read as they are when they are locked.
const lockCaseThenMessage = prepareOnce('lock_case_then_message', (db) => {
  const held = db.$with('held').as(
    db
      .select({
        id: renewals.id,
        expiresOn: renewals.expiresOn,
        graceFrom: renewals.graceFrom,
        expiryRevision: renewals.expiryRevision,
        branchId: renewals.branchId,
        segment: renewals.segment,
      })
      .from(renewals)
      .where(eq(renewals.id, sql.placeholder('renewalId')))
      .for('no key update'),
  );
  const { id, expiresOn, graceFrom, expiryRevision, branchId, segment } = held;
  return db
    .with(held)
    .select({ renewal: { id, expiresOn, graceFrom, expiryRevision, branchId, segment }, message: messages })
    .from(held)
    .innerJoin(messages, eq(messages.renewalId, held.id))
    .where(eq(messages.id, sql.placeholder('messageId')))
    .for('no key update', { of: messages });
});

const attemptsAtTheMoment = prepareOnce('attempts_at_the_moment', (db) =>
  db
    .select({ ...planAndClockFields, attempts: rowsAsJson(attemptsOfMessage(db)) })
    .from(businessClock)
    .leftJoin(stagePlans, isInForce)
    .where(eq(businessClock.id, 1)),
);

/** Locks a case and its message until the transaction ends; answers its attempts and the moment. Throws `renewal-unknown`. */
export async function lockAttemptsInCase(
  tx: Db,
  key: { renewalId: string; messageId: string },
  calendar: Calendar,
): Promise<{ known: AttemptsOfMessage; moment: CaseMoment }> {
  const { renewalId, messageId } = key;
  const [locked] = await lockCaseThenMessage(tx, { renewalId, messageId });
  if (!locked) throw new RenewalError('renewal-unknown', 'No case has a message with this id.');
  const { renewal, message } = locked;
  const { branchId, segment } = renewal;
  const read = onlyRow(await attemptsAtTheMoment(tx, { messageId, branchId, segment }));
  const attempts = read.attempts.map((row) => ({
    ...row,
    claimedAt: new Date(row.claimedAt),
    triedAt: new Date(row.triedAt),
    settledAt: dateFrom(row.settledAt),
    askAt: dateFrom(row.askAt),
  }));
  return { known: { message, attempts }, moment: momentOfCase(renewal, planAndClockOf(read), calendar) };
}
