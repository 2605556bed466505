import { readClock, type ClockReading } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import {
  changeStaffMessage,
  lockStaffMessage,
  type StaffMessageChange,
  type StaffMessageRow,
} from '../db/staff-messages/staff-message-records.ts';
import { minuteMs } from '../renewal/calendar.ts';
import type { ClaimedStaffMessage } from './staff-claim.ts';
import type { Verdict } from './verdict.ts';

/** Business time between two attempts of a message that was provably not accepted. */
const backOffMs = 10 * minuteMs;
/** Wall time that a fast business clock must not undercut, or a provider that is down would be asked without pause. */
const shortestBackOffMs = 1_000;

type Judged = { attempt: ClaimedStaffMessage; verdict: Verdict; provider: string };

/**
 * Writes what became of an attempt, with a journal entry, in one transaction; doing it twice changes nothing. An attempt that
 * was declared unknown meanwhile still takes its proof, but is never planned again.
 */
export async function recordStaffVerdict(db: Db, { attempt, verdict, provider }: Judged): Promise<void> {
  await db.transaction(async (tx) => {
    const message = await lockStaffMessage(tx, attempt.messageId);
    if (!message || message.attemptId !== attempt.attemptId) return;
    const isOpen = message.state === 'claimed' || (message.state === 'unknown' && verdict.kind !== 'unknown');
    if (!isOpen) return;
    const change = changeFor(message, verdict, await readClock(tx));
    const event = `staff-message-${change.state === 'planned' ? 'planned-again' : change.state}`;
    const inputs = { attemptId: attempt.attemptId, provider, answer: verdict.code };
    const told = { ...change, provider, answer: verdict.code };
    await changeStaffMessage(tx, message, { change: told, event, reason: verdict.kind, inputs });
  });
}

function changeFor(
  message: StaffMessageRow,
  verdict: Verdict,
  clock: ClockReading,
): StaffMessageChange & { state: string } {
  const [settledAt, settledBy] = [new Date(clock.now), 'answer'];
  switch (verdict.kind) {
    case 'accepted':
      return { state: 'accepted', reason: null, providerId: verdict.providerId, settledAt, settledBy };
    case 'unknown':
      return { state: 'unknown', reason: verdict.code };
    case 'not-accepted':
      return { state: 'not-accepted', reason: verdict.code, settledAt, settledBy };
    case 'try-later': {
      const dueAt = new Date(clock.now + Math.max(backOffMs, shortestBackOffMs * clock.speed));
      if (message.state === 'unknown' || dueAt > message.latestAt) {
        return { state: 'not-accepted', reason: verdict.code, settledAt, settledBy };
      }
      // The attempt's id stays until the next claim, so that recording the same verdict again finds its own work.
      return { state: 'planned', reason: verdict.code, claimedAt: null, dueAt };
    }
  }
}
