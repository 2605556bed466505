import { eq } from 'drizzle-orm';
import { consents } from '../../src/db/schema/consents.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { takeReply } from '../../src/messaging/take-reply.ts';
import { calendar, type MessageBook } from './message-book.ts';

let turn = 0;

/** A phone that no other test has. */
export function aPhone(): string {
  turn += 1;
  return `+86139${String(turn).padStart(8, '0')}`;
}

/** An id of the provider that no other message has. */
function aSid(): string {
  turn += 1;
  return `SM${String(turn).padStart(32, '0')}`;
}

/** The provider calls in what a phone wrote; answers the provider's id. */
export async function wrote({ db }: MessageBook, sender: string, text: string | { id: string; body: string }) {
  const { id, body } = typeof text === 'string' ? { id: aSid(), body: text } : text;
  await takeReply(db, { id, provider: 'twilio', sender, recipient: '+15005550006', body }, calendar);
  return id;
}

export async function customerOf({ db }: MessageBook, id: string) {
  const [row] = await db.select().from(customers).where(eq(customers.id, id));
  if (!row) throw new Error('there is no such customer');
  return row;
}

/** The words on a customer's consents, as `channel purpose state source`, in the order of purposes. */
export async function wordsOf({ db }: MessageBook, customerId: string): Promise<string[]> {
  const rows = await db.select().from(consents).where(eq(consents.customerId, customerId)).orderBy(consents.at);
  return rows.map(({ channel, purpose, state, source }) => `${channel} ${purpose} ${state} ${source}`).toSorted();
}

/** The open tasks of a case. */
export async function openTasksOf({ db }: MessageBook, renewalId: string): Promise<string[]> {
  const rows = await db.select().from(tasks).where(eq(tasks.renewalId, renewalId)).orderBy(tasks.kind);
  return rows.filter(({ state }) => state === 'open').map(({ kind }) => kind);
}
