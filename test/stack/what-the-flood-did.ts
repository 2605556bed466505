import { eq, inArray, sql } from 'drizzle-orm';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { tokenFor } from '../api/running-api.ts';
import type { Flood } from './a-flood-of-sends.ts';

/** A message in our books, with the address that its customer has. */
export type Booked = {
  id: string;
  channel: string;
  to: string;
  state: string;
  settledBy: string | null;
  /** It was unknown at some time. */
  wasUnknown: boolean;
};

/** A message that a stand-in took. The flood has one of each channel for an address. */
export type Taken = { channel: string; to: string };

export async function readBooked({ deps: { db } }: Pick<Flood, 'deps'>): Promise<Booked[]> {
  const rows = await db
    .select({ message: messages, phone: customers.phone, email: customers.email })
    .from(messages)
    .innerJoin(customers, eq(customers.id, messages.customerId));
  const unknowns = await db
    .select({ id: sql<string>`${journal.inputs} ->> 'messageId'` })
    .from(journal)
    .where(inArray(journal.event, ['message-unknown']));
  const wereUnknown = new Set(unknowns.map(({ id }) => id));
  return rows.map(({ message: { id, channel, state, settledBy }, phone, email }) => ({
    id,
    channel,
    state,
    settledBy,
    to: (channel === 'sms' ? phone : email) ?? '',
    wasUnknown: wereUnknown.has(id),
  }));
}

export async function readTaken({ stack, mails }: Pick<Flood, 'stack' | 'mails'>): Promise<Taken[]> {
  const texts = (await (await fetch(`${stack.urls.sms}/messages`)).json()) as { to: string }[];
  const sms = texts.map(({ to }) => ({ channel: 'sms', to }));
  return [...sms, ...mails.taken.map(takenMail)];
}

function takenMail(raw: string): Taken {
  return { channel: 'email', to: /^To: .*?<?([^<>\s]+)>?\r$/im.exec(raw)?.[1] ?? '' };
}

/** What a provider has more than once, in whatever words, each further one named. */
export function doubledAmong(taken: readonly Taken[]): string[] {
  const seen = new Set<string>();
  return taken.map(({ channel, to }) => `${channel} ${to}`).filter((one) => seen.size === seen.add(one).size);
}

const mayHaveGone = ['accepted', 'delivered', 'undelivered', 'unknown', 'operator'];

/** What a provider has and our books do not show as gone, or as perhaps gone; and what the books say went and did not. */
export function lostFromSight(taken: readonly Taken[], booked: readonly Booked[]): string[] {
  const states = new Map(booked.map(({ channel, to, state }) => [`${channel} ${to}`, state]));
  const had = new Set(taken.map(({ channel, to }) => `${channel} ${to}`));
  const unseen = [...had].filter((one) => !mayHaveGone.includes(states.get(one) ?? 'no row'));
  const untrue = booked
    .filter(({ state }) => ['accepted', 'delivered', 'undelivered'].includes(state))
    .filter(({ channel, to }) => !had.has(`${channel} ${to}`));
  return [
    ...unseen.map((one) => `${one} was taken and is ${states.get(one) ?? 'no row'}`),
    ...untrue.map(({ channel, to, state }) => `${channel} ${to} is ${state} and was not taken`),
  ];
}

/** Messages of which an operator is shown that nobody can tell whether they went. */
export async function listedAsUnknown({ stack }: Flood): Promise<Set<string>> {
  const headers = { authorization: `Bearer ${await tokenFor(stack.urls.api, 'admin')}` };
  const listed = new Set<string>();
  let cursor: string | null = null;
  do {
    const page = new URLSearchParams({ state: 'unknown', limit: '200', ...(cursor === null ? {} : { cursor }) });
    const answer = await fetch(`${stack.urls.api}/v1/messages?${page.toString()}`, { headers });
    const body = (await answer.json()) as { items: { id: string }[]; nextCursor: string | null };
    for (const { id } of body.items) listed.add(id);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return listed;
}

export function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
