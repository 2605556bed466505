import { messageClassOf } from '../messaging/message-class.ts';
import type { Instant } from '../renewal/calendar.ts';
import type { MessageItem } from '../reporting/message-list.ts';
import { explainReason } from '../reporting/message-reason.ts';
import { masked } from './doors/masking.ts';

/** A message as operators see it at a business instant; addresses and texts only where they are revealed. */
export function messageAnswer(row: MessageItem, { now, reveal }: { now: Instant; reveal: boolean }) {
  const { message, branchId, policyNumber, since } = row;
  const { id, renewalId, touch, channel, template, state, reason, dueAt, latestAt, heldUntil } = message;
  const { attemptId, claimedAt, provider, providerId, settledAt, settledBy, resends } = message;
  const what = { id, renewalId, policyNumber, branchId, touch, channel, template, class: messageClassOf(template) };
  const standing = { state, reason, explanation: explainReason(reason), dueAt, latestAt, heldUntil };
  const attempt = { attemptId, claimedAt, provider, providerId, settledAt, settledBy, resends };
  return {
    ...what,
    ...standing,
    ...attempt,
    ageSeconds: Math.max(0, Math.floor((now - since.getTime()) / 1_000)),
    asked: askedOf(message, reveal),
    answered: { code: message.answer, errorCode: message.errorCode, status: message.providerStatus },
    revealed: reveal,
  };
}

function askedOf({ channel, address, subject, body }: MessageItem['message'], reveal: boolean) {
  if (reveal) return { address, subject, text: body };
  return { address: channel === 'sms' ? masked.phone(address) : masked.email(address), subject: null, text: null };
}
