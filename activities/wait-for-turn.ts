import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Db } from '../src/db/connection.ts';
import type { MessageKey } from '../src/db/messages/message-records.ts';
import type { Turn } from '../src/db/messages/provider-pace.ts';
import { patienceMs, turnAt, turnBeforeClaim, type ProviderCaps } from '../src/messaging/pace.ts';
import type { ProvidersToAsk } from '../src/messaging/provider-choice.ts';
import { inCodes } from './in-codes.ts';

/**
 * Waits, before anything is claimed, until the provider that the message will go through may be asked; answers which one
 * that is. With too many before it, Temporal brings the message again, and the worker's place is free for others.
 */
export async function waitForTurn(
  db: Db,
  key: MessageKey,
  { providers, caps }: { providers: ProvidersToAsk; caps: ProviderCaps },
): Promise<string | undefined> {
  const turn = await inCodes(() => turnBeforeClaim(db, key, { providers, caps }));
  await come(turn);
  return turn.provider;
}

/** The same where the provider is known. */
export async function waitForTurnAt(db: Db, provider: string | undefined, caps: ProviderCaps): Promise<void> {
  await come(await inCodes(() => turnAt(db, provider, caps)));
}

async function come(turn: Turn): Promise<void> {
  if (turn.kind === 'crowded') throw comeAgain();
  if (turn.inMs > 0) await sleep(turn.inMs);
}

/** The turn of a claim that goes through another provider than it had waited for; false when that one is crowded. */
export async function waitAfterClaim(
  db: Db,
  { expected, provider, caps }: { expected: string | undefined; provider: string | null; caps: ProviderCaps },
): Promise<boolean> {
  if (provider === null || provider === expected) return true;
  const turn = await inCodes(() => turnAt(db, provider, caps));
  if (turn.kind === 'turn' && turn.inMs > 0) await sleep(turn.inMs);
  return turn.kind === 'turn';
}

function comeAgain(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'provider-at-capacity',
    message: 'The provider may not be asked more often now.',
    nextRetryDelay: patienceMs,
  });
}
