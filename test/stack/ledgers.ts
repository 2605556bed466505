import { eq, inArray } from 'drizzle-orm';
import { journal } from '../../src/db/schema/journal.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import type { Season } from './a-season-of-cases.ts';

/** Compares cases, workflows, messages, the provider's messages and the journal of a season that is over. */
export async function agreement(season: Season): Promise<{ closed: number; disagreements: string[] }> {
  const rows = await season.deps.db.select().from(renewals);
  const found = await Promise.all(rows.map((row) => caseDisagreements(season, row)));
  return { closed: rows.length, disagreements: [...found.flat(), ...(await messageDisagreements(season))] };
}

type Row = typeof renewals.$inferSelect;

async function caseDisagreements({ deps }: Season, { id, outcome, lossReason }: Row): Promise<string[]> {
  const handle = deps.temporal.client.workflow.getHandle(id);
  const result = (await handle.result()) as { kind: string; reason?: string };
  const { status } = await handle.describe();
  const entries = await deps.db
    .select({ event: journal.event })
    .from(journal)
    .where(eq(journal.chain, id))
    .orderBy(journal.sequence);
  const closes = entries.filter(({ event }) => event.startsWith('closed:'));
  return [
    ...(status.name === 'COMPLETED' ? [] : [`${id} is ${status.name}`]),
    ...(result.kind === outcome && result.reason === (lossReason ?? undefined)
      ? []
      : [`${id} ended as ${result.kind}`]),
    ...(closes.length === 1 ? [] : [`${id} has ${closes.length} closing entries`]),
  ];
}

async function messageDisagreements(season: Season): Promise<string[]> {
  const { sms, mails } = await season.sent();
  const taken = inArray(messages.state, ['accepted', 'delivered']);
  const recorded = await season.deps.db.select().from(messages).where(taken);
  const written = {
    sms: recorded.filter(({ channel }) => channel === 'sms').map(({ address, body }) => `${address} ${body}`),
    email: recorded.filter(({ channel }) => channel === 'email').map(({ address, subject }) => `${address} ${subject}`),
  };
  return [...difference('sms', written.sms, sms), ...difference('email', written.email, mails)];
}

function difference(channel: string, recorded: readonly string[], provided: readonly string[]): string[] {
  const [ours, theirs] = [recorded.toSorted().join('\n'), provided.toSorted().join('\n')];
  if (ours === theirs) return [];
  return [`${channel}: ${recorded.length} recorded as accepted, ${provided.length} at the provider`];
}
