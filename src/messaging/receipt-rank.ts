import type { DeliveryState } from './provider-answer.ts';

/** What a provider says of an attempt that it took; `status` and `errorCode` are its own codes. */
export type Receipt = { state: DeliveryState; status: string; errorCode: string | null };

/**
 * In the order of their ranks. `undelivered` and `delivered` are both an end, and only a provider that contradicts itself
 * says both: then the customer has the message, whichever word came first.
 */
const ranks = ['queued', 'sending', 'sent', 'undelivered', 'delivered'] as const satisfies readonly DeliveryState[];

/**
 * The one of two receipts that counts. They come doubled, late and out of order (promises.md, Callbacks), so it depends on
 * neither the order nor the number: the higher rank, and between equal ranks the same one of the two each time.
 */
export function furtherReceipt(one: Receipt, other: Receipt): Receipt {
  return compareReceipts(one, other) >= 0 ? one : other;
}

function compareReceipts(one: Receipt, other: Receipt): number {
  return (
    ranks.indexOf(one.state) - ranks.indexOf(other.state) ||
    compareText(one.status, other.status) ||
    compareText(one.errorCode ?? '', other.errorCode ?? '')
  );
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** What a receipt makes of an attempt: whoever reports on it has taken it. */
export function stateOfReceipt({ state }: Receipt): 'accepted' | 'delivered' | 'undelivered' {
  switch (state) {
    case 'queued':
    case 'sending':
    case 'sent':
      return 'accepted';
    case 'undelivered':
      return 'undelivered';
    case 'delivered':
      return 'delivered';
  }
}

/** Whether nothing more is to be expected of an attempt. */
export function isEnd(state: DeliveryState): boolean {
  return state === 'delivered' || state === 'undelivered';
}
