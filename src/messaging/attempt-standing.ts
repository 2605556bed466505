/** What is known of one attempt of a message. @internal */
export type AttemptState = 'claimed' | 'accepted' | 'delivered' | 'undelivered' | 'unknown' | 'not-accepted';

/** From what the customer surely has to what surely never left. */
const order: readonly AttemptState[] = ['delivered', 'accepted', 'claimed', 'unknown', 'undelivered', 'not-accepted'];

/**
 * The attempt that says how its message stands: a message was delivered when any of its attempts was, and is uncertain
 * while one is. Among equals the later one, `attempts` being in the order of their claims; undefined without any.
 */
export function decidingAttempt<Attempt extends { state: string }>(attempts: readonly Attempt[]): Attempt | undefined {
  const certainty = ({ state }: Attempt): number => order.indexOf(state as AttemptState);
  return attempts.reduce<Attempt | undefined>(
    (best, next) => (best === undefined || certainty(next) <= certainty(best) ? next : best),
    undefined,
  );
}
