import { eq, inArray } from 'drizzle-orm';
import { createSendActivities } from '../../../activities/send.ts';
import { anchorClock } from '../../../src/db/business-clock.ts';
import { suppressAddress } from '../../../src/db/customers/suppressed-records.ts';
import { contactResults } from '../../../src/db/schema/contact-results.ts';
import { customers } from '../../../src/db/schema/customers.ts';
import { sending } from '../../../src/db/schema/operations.ts';
import { renewals } from '../../../src/db/schema/renewals.ts';
import { tasks } from '../../../src/db/schema/tasks.ts';
import { changeSetting } from '../../../src/db/settings-records.ts';
import type { ProviderAnswer } from '../../../src/messaging/provider-answer.ts';
import { dayMs, minuteMs } from '../../../src/renewal/calendar.ts';
import type { MessageBook } from '../message-book.ts';
import type { Stream } from './a-stream.ts';
import { begin, endPauses, happen, leave, shanghai, type Life, type Message } from './live-stream.ts';

/** A stream in the books: the rows of its customer, cases and messages, and what has been written of it. */
type Books = {
  book: MessageBook;
  life: Life;
  customerIds: readonly [string, string];
  caseIds: Map<string, string>;
  rows: Map<Message, string>;
  contacts: number;
};

/** Lets a stream happen in a real book, where the claim decides; answers what left us, and the ids of the rows. */
export async function liveInBooks(
  book: MessageBook,
  stream: Stream,
): Promise<{ life: Life; rows: Map<Message, string> }> {
  const books = await open(book, stream);
  for (const happening of stream.happenings) {
    await letPass(books, happening.afterMinutes * minuteMs);
    happen(books.life, happening);
    await write(books);
  }
  endPauses(books.life);
  await write(books);
  await letPass(books, 14 * dayMs);
  return books;
}

async function open(book: MessageBook, stream: Stream): Promise<Books> {
  const life = begin(stream, []);
  // Customers of other streams have the same addresses, and are not meant.
  await book.db.update(customers).set({ phone: null, email: null });
  // The lists have the customer twice, with every other case under another name.
  const customerIds = [await book.addCustomer(), await book.addCustomer({ name: '王 芳' })] as const;
  const caseIds = new Map<string, string>();
  for (const [turn, { id, plate }] of life.cases.entries()) {
    const customerId = customerIds[turn % 2 === 0 ? 0 : 1];
    caseIds.set(id, await book.addCase({ policy: { customerId, plate } }));
  }
  await book.db.transaction((tx) => changeSetting(tx, { name: 'caps', content: stream.caps, changedBy: 'admin' }));
  const books = { book, life, customerIds, caseIds, rows: new Map<Message, string>(), contacts: 0 };
  await write(books);
  return books;
}

async function letPass(books: Books, ms: number): Promise<void> {
  const { life } = books;
  const until = life.now + ms;
  for (let looks = 0; looks < 3_000; looks += 1) {
    const [next] = life.messages
      .filter(({ state, lookAt }) => state === 'planned' && lookAt <= until)
      .toSorted((one, other) => one.lookAt - other.lookAt);
    if (!next) {
      life.now = until;
      return;
    }
    life.now = Math.max(life.now, next.lookAt);
    await look(books, next);
  }
  throw new Error('a message is looked at for ever');
}

async function look(books: Books, message: Message): Promise<void> {
  const { book, life, caseIds, rows } = books;
  await anchorClock(book.db, { businessAt: life.now, speed: 1 });
  const of = life.cases.find(({ id }) => id === message.caseId)!;
  const send = async (): Promise<ProviderAnswer> => {
    const { answer, proved } = leave(life, message, of);
    if (proved) return { kind: 'http-answer', status: 429 };
    return answer === 'unknown'
      ? { kind: 'no-answer', code: 'ETIMEDOUT' }
      : { kind: 'http-answer', status: 201, id: 'SM1' };
  };
  const port = { name: 'provider', send };
  const parts = { db: book.db, calendar: shanghai, sms: [port], email: port, reportMisconfigured: () => {} };
  const question = { renewalId: caseIds.get(message.caseId) ?? '', touch: message.touch, stamp: '' };
  const activities = createSendActivities(parts);
  const told = await (message.channel === 'sms' ? activities.sendSms(question) : activities.sendEmail(question));
  const row = await book.findMessage(rows.get(message) ?? '');
  const { state, reason } = row;
  Object.assign(message, { state, reason, latestAt: row.latestAt.getTime() });
  if (told.kind !== 'waiting') return;
  life.held.push({ message: { ...message }, reason: told.reason });
  message.lookAt = Math.max(told.reason === row.reason ? (row.heldUntil?.getTime() ?? 0) : 0, life.now + 10 * minuteMs);
}

/** Writes what the stream says of the customer, the cases and what is planned. */
async function write(books: Books): Promise<void> {
  const { book, life, customerIds, caseIds, rows } = books;
  const { consents, optedOut, suppressed, doNotContactUntil, replyUnreadUntil, ...reached } = life.customer;
  const date = (at: number | null): Date | null => (at === null ? null : new Date(at));
  const [sms, email] = [consents.has('sms'), consents.has('email')];
  const consented = { smsConsent: sms, smsNoticeConsent: sms, emailConsent: email, emailNoticeConsent: email };
  const out = (channel: 'sms' | 'email'): Date | null => (optedOut.has(channel) ? new Date(0) : null);
  const opted = { smsOptedOutAt: out('sms'), emailOptedOutAt: out('email') };
  await book.db
    .update(customers)
    .set({ ...reached, ...consented, ...opted })
    .where(inArray(customers.id, [...customerIds]));
  // What one of the two said is not written to the other.
  await book.db
    .update(customers)
    .set({ doNotContactUntil: date(doNotContactUntil) })
    .where(eq(customers.id, customerIds[0]));
  for (const channel of suppressed) {
    const address = channel === 'sms' ? reached.phone : reached.email;
    for (const customerId of customerIds)
      await suppressAddress(book.db, { channel, address, customerId, reason: 'wrong-number' });
  }
  for (const { id, plate: _plate, orphaned, secondRoundRuns, heldUntil, ...facts } of life.cases) {
    const paused = { orphanedAt: date(orphaned ? 0 : null), secondRoundDueAt: date(secondRoundRuns ? life.now : null) };
    const change = { ...facts, ...paused, heldUntil: date(heldUntil) };
    await book.db
      .update(renewals)
      .set(change)
      .where(eq(renewals.id, caseIds.get(id) ?? ''));
  }
  await book.db.update(sending).set({ stopped: life.stopped }).where(eq(sending.id, 1));
  for (const message of life.messages) {
    if (rows.has(message)) continue;
    const { caseId, touch, channel, dueAt, latestAt } = message;
    const template = touch === 'renewal-confirmation' ? touch : 'expiry-near';
    const due = { dueAt: new Date(dueAt), latestAt: new Date(latestAt) };
    rows.set(message, await book.plan(caseIds.get(caseId) ?? '', { touch, channel, template, ...due }));
  }
  await recordContacts(books);
  if (replyUnreadUntil !== null) await giveReply(books, new Date(replyUnreadUntil - dayMs));
}

/** All in one case, where each is a conversation of its own. */
async function recordContacts(books: Books): Promise<void> {
  const { book, life, caseIds } = books;
  const renewalId = [...caseIds.values()][0] ?? '';
  for (const at of life.spokenWithAt.slice(books.contacts)) {
    const result = { kind: 'contact', state: 'applied', result: 'considering', recordedBy: 'A1' };
    await book.db
      .insert(contactResults)
      .values({ id: crypto.randomUUID(), renewalId, ...result, recordedAt: new Date(at) });
  }
  books.contacts = life.spokenWithAt.length;
}

/** One task to read the newest answer, which is due a day before the stream would have reminders go again at the earliest. */
async function giveReply({ book, caseIds, customerIds: [id] }: Books, dueAt: Date): Promise<void> {
  const renewalId = [...caseIds.values()][0] ?? '';
  const work = { kind: 'read-reply', role: 'specialist', state: 'open', branchId: '3701', createdAt: new Date(0) };
  await book.db
    .insert(tasks)
    .values({ id, key: id, renewalId, ...work, dueAt })
    .onConflictDoUpdate({ target: tasks.id, set: { dueAt } });
}
