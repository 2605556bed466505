import type { Db } from '../db/connection.ts';
import { readDestination } from '../db/messages/message-facts.ts';
import type { MessageKey } from '../db/messages/message-records.ts';
import { takeTurn, type Turn } from '../db/messages/provider-pace.ts';
import { readSetting } from '../db/settings-records.ts';
import { candidates, orderFor, type ProvidersToAsk } from './provider-choice.ts';

/** Attempts a second at each provider that has a cap, over all workers. */
export type ProviderCaps = Readonly<Record<string, number>>;

/** How long a worker holds a place for a message; who would wait longer comes again (wall ms). */
export const patienceMs = 5_000;

/**
 * The turn of a message at the provider through which its claim will go, taken before the claim so that nothing that waits
 * here is out of the stop switch's reach. A turn of a message that then does not go is lost.
 */
export async function turnBeforeClaim(
  db: Db,
  key: MessageKey,
  { providers, caps }: { providers: ProvidersToAsk; caps: ProviderCaps },
): Promise<Turn & { provider?: string | undefined }> {
  if (!providers.configured.some((name) => name in caps)) return { kind: 'turn', inMs: 0 };
  const destination = await readDestination(db, key);
  if (!destination) return { kind: 'turn', inMs: 0 };
  const { content } = await readSetting(db, 'sms-providers');
  const able = candidates(orderFor(destination.phone, content), providers, destination.refusedBy);
  const provider = able.find((name) => !providers.refusedJustNow.includes(name));
  return { ...(await turnAt(db, provider, caps)), provider };
}

/** The turn at a provider; at once where it has no cap. */
export async function turnAt(db: Db, provider: string | undefined, caps: ProviderCaps): Promise<Turn> {
  const perSecond = provider === undefined ? undefined : caps[provider];
  if (provider === undefined || perSecond === undefined) return { kind: 'turn', inMs: 0 };
  return takeTurn(db, { provider, perSecond, patienceMs });
}
