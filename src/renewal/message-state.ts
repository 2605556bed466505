/** Where a message stands (promises.md, Sending a message). */
export const messageStates = [
  'planned',
  'claimed',
  'accepted',
  'delivered',
  'undelivered',
  'not-accepted',
  'unknown',
  'operator',
  'suppressed',
  'expired',
  'cancelled',
] as const;
export type MessageState = (typeof messageStates)[number];

/** What an operator makes of a message of which nobody can tell whether it went (api.md, Resources). */
export const settlements = ['sent', 'not-sent', 'dropped', 'resend'] as const;
export type Settlement = (typeof settlements)[number];

/** Whether nobody can tell what became of a message, so that an operator may decide. */
export function isUncertain(state: string): boolean {
  return state === 'unknown' || state === 'operator';
}
