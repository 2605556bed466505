import { wallInstant } from '../db/business-clock.ts';
import type { CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { changeMessage, holdMessage, type MessageRow } from '../db/messages/message-records.ts';
import { minuteMs } from '../renewal/calendar.ts';
import { RenewalError } from '../renewal/errors.ts';

const misconfigured = 'sending-misconfigured';
const lookAgainMs = 15 * minuteMs;

/**
 * Keeps a message waiting, with its reason, whose text or provider is not set up well, so that neither it is lost nor its
 * case stands still. Any other error goes on.
 */
export async function awaitRepair(
  tx: Db,
  { clock }: CaseSituation,
  { message, error }: { message: MessageRow; error: unknown },
) {
  if (!(error instanceof RenewalError) || error.code !== misconfigured) throw error;
  const until = clock.now + lookAgainMs;
  if (message.reason !== misconfigured) {
    const inputs = { until: new Date(until).toISOString() };
    await changeMessage(tx, message, {
      change: { reason: misconfigured },
      event: 'message-held',
      reason: misconfigured,
      inputs,
    });
  }
  await holdMessage(tx, message.id, until);
  return { kind: 'waiting', until: wallInstant(clock, until), reason: misconfigured } as const;
}
