import type { DeliveryState } from './provider-answer.ts';

/** How far a message is by Twilio's word for it; undefined for a word that says nothing of that. */
export function twilioState(status: string): DeliveryState | undefined {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
      return 'queued';
    case 'sending':
    case 'sent':
      return status;
    case 'delivered':
    case 'read':
      return 'delivered';
    case 'undelivered':
    case 'failed':
    case 'canceled':
      return 'undelivered';
    default:
      return undefined;
  }
}
