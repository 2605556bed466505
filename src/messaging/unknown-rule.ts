import type { MessageClass } from './message-class.ts';

/**
 * What the provider's list said of an attempt whose answer was lost. `no-list` is a provider that has none, as for e-mail;
 * `not-found` was asked after a settling time longer than the list's lag.
 */
export type ListSays = 'not-found' | 'cannot-tell' | 'no-list';

/** `not-accepted` is proved; `leave` stays unknown, shown and never sent again; the others are as they say. */
export type Settlement =
  | { kind: 'not-accepted'; by: 'list' }
  | { kind: 'send-again'; by: 'class' }
  | { kind: 'leave'; by: 'class' }
  | { kind: 'operator'; by: 'class' };

/**
 * What becomes of an unknown that no callback and no list proves to have been taken (promises.md, Settling an unknown).
 * A reminder is dropped and shown; a service notice gets one more attempt, and `resends` says whether it had it; of what the
 * law asks for an operator decides.
 */
export function settleUnknown(
  messageClass: MessageClass,
  { listSays, resends }: { listSays: ListSays; resends: number },
): Settlement {
  switch (messageClass) {
    case 'reminder':
      return dropped(listSays);
    case 'service-notice':
      return resends === 0 ? { kind: 'send-again', by: 'class' } : dropped(listSays);
    case 'legal':
      return { kind: 'operator', by: 'class' };
  }
}

/** Only a list that has no such message proves that it never went; without proof it counts as one that may have. */
function dropped(listSays: ListSays): Settlement {
  return listSays === 'not-found' ? { kind: 'not-accepted', by: 'list' } : { kind: 'leave', by: 'class' };
}
