import { eq, inArray } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { ConsentPurpose, ConsentSource, ConsentState } from '../../renewal/consent.ts';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { consents } from '../schema/consents.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

/** What somebody said about a channel; `evidence` is a code or number, never a text. */
export type ConsentWord = {
  channel: Channel;
  purposes: readonly ConsentPurpose[];
  state: ConsentState;
  source: ConsentSource;
  evidence?: string | undefined;
  renewalId?: string | undefined;
  recordedBy?: string | undefined;
};

/** `id` names the word of the first customer; the same again is not written twice. */
type SaidBy = { id?: string | undefined; customerIds: readonly string[] };
export type SaidWord = SaidBy & ConsentWord;

/** The same at a business instant. */
export type Taken = ConsentWord & { at: Date };

/** Adds a word to the history; answers the id of each customer's last one. */
export async function keepWords(tx: Db, { id, customerIds }: SaidBy, word: Taken): Promise<Map<string, string>> {
  const { purposes, ...kept } = word;
  const rows = customerIds.flatMap((customerId, place) =>
    purposes.map((purpose, turn) => {
      const named = place === 0 && turn === 0 ? id : undefined;
      return { id: named ?? uuidv7(), customerId, purpose, ...kept };
    }),
  );
  if (rows.length > 0) await tx.insert(consents).values(rows).onConflictDoNothing();
  return new Map(rows.map((row) => [row.customerId, row.id]));
}

type Concerned = { customerIds: readonly string[]; cases: readonly string[]; ids: ReadonlyMap<string, string> };

/** The evidence stays with the word: people may write anything into it. A customer without an open case has a chain of their own. */
export async function journaliseWord(tx: Db, { customerIds, cases, ids }: Concerned, word: ConsentWord): Promise<void> {
  const { channel, purposes, state, source, recordedBy } = word;
  const owners = cases.length === 0 ? [] : await ownersOf(tx, cases);
  const chains = customerIds.flatMap((customerId) => {
    const theirs = owners.filter((one) => one.customerId === customerId).map(({ chain }) => chain);
    return (theirs.length === 0 ? [`customer.${customerId}`] : theirs).map((chain) => ({ chain, customerId }));
  });
  await journalise(
    tx,
    chains.map(({ chain, customerId }) => ({
      chain,
      actor: recordedBy ?? 'customer',
      event: `consent-${state}`,
      reason: source,
      inputs: { consentId: ids.get(customerId), customerId, channel, purposes },
    })),
  );
}

function ownersOf(tx: Db, cases: readonly string[]) {
  return tx
    .select({ chain: renewals.id, customerId: policies.customerId })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(inArray(renewals.id, [...cases]))
    .orderBy(renewals.id);
}
