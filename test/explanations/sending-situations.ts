import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { createSendActivities } from '../../activities/send.ts';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { suppressAddress } from '../../src/db/customers/suppressed-records.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { sending } from '../../src/db/schema/operations.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { stagePlans } from '../../src/db/schema/stage-plans.ts';
import { changeSetting } from '../../src/db/settings-records.ts';
import type { ProviderAnswer } from '../../src/messaging/provider-answer.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { Channel } from '../../src/renewal/stage-plan.ts';
import type { MessageBook } from '../messaging/message-book.ts';

/** Things that may stand against a message, alone or together. */
const obstacles = [
  'closed',
  'late',
  'past-expiry',
  'refused',
  'opted-out',
  'no-address',
  'suppressed',
  'no-consent',
  'companion-written',
  'renewed-elsewhere',
  'refusal-to-take',
  'answered',
  'held',
  'orphan',
  'second-round',
  'stopped',
] as const;
type Obstacle = (typeof obstacles)[number];

const minutes = [0, 539, 540, 541, 720, 719, 900, 1_259, 1_260, 1_439];
const days = ['2027-03-14', '2027-03-16', '2027-03-28', '2027-03-29', '2027-03-31'];

const aContact = fc.record({
  hoursAgo: fc.constantFrom(1, 5, 23, 25, 60, 120, 170),
  of: fc.constantFrom('this-case', 'companion', 'other-vehicle'),
  how: fc.constantFrom('t-30', 't-15', 'spoken', 'not-reached', 'renewal-confirmation'),
  channel: fc.constantFrom<Channel>('sms', 'email'),
});

/** Where recipients live: mostly where the business is, or where a list or the country of the phone says. */
const recipients = fc.constantFrom<Recipient>(
  ...Array.from({ length: 8 }, () => ({ of: 'business' as const })),
  { of: 'list', timeZone: 'America/New_York' },
  { of: 'list', timeZone: 'Asia/Kolkata' },
  { of: 'phone', phone: '+8613800000001' },
  { of: 'phone', phone: '+34612345678' },
  { of: 'phone', phone: '+12025550143' },
  { of: 'phone', phone: '+862161321234' },
);
type Recipient = { of: 'business' } | { of: 'list'; timeZone: string } | { of: 'phone'; phone: string };

export const sendingSituation = fc.record({
  recipient: recipients,
  zone: fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/Berlin'),
  day: fc.constantFrom(...days),
  minute: fc.oneof(fc.constant(720), fc.constant(720), fc.constantFrom(...minutes)),
  isConfirmation: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
  channel: fc.constantFrom<Channel>('sms', 'email'),
  dueHoursAgo: fc.constantFrom(0, 0, 1, 20, 60),
  obstacles: fc.oneof(
    fc.constant<Obstacle[]>([]),
    fc.subarray<Obstacle>([...obstacles], { maxLength: 1 }),
    fc.subarray<Obstacle>([...obstacles]),
  ),
  contacts: fc.oneof(fc.constant([]), fc.array(aContact, { maxLength: 6 }), fc.array(aContact, { maxLength: 6 })),
  caps: fc.constantFrom(
    { touchesPerDay: 1, contactsPerWeek: 3 },
    { touchesPerDay: 1, contactsPerWeek: 3 },
    { touchesPerDay: 1, contactsPerWeek: 1 },
  ),
  answer: fc.constantFrom<ProviderAnswer>(
    { kind: 'http-answer', status: 201, id: 'SM1' },
    { kind: 'http-answer', status: 429 },
    { kind: 'http-answer', status: 503 },
    { kind: 'not-connected', code: 'ECONNREFUSED' },
  ),
  planVersion: fc.constantFrom(1, 1, 2),
});
export type SendingSituation = typeof sendingSituation extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const hour = 3_600_000;
/** The zones of some countries share no hour of its window. */
const content = { ...defaultStagePlan, sendingWindow: { fromMinute: 600, toMinute: 780 } };
const narrowPlan = { version: 2, state: 'draft', content, segment: 'key-customer' } as const;

/** Writes a situation to the books and lets the case come to its message; answers the id of the case. */
export async function sendInSituation(book: MessageBook, drawn: SendingSituation): Promise<string> {
  const calendar = businessCalendar(drawn.zone);
  const now = calendar.instantOf(drawn.day, drawn.minute);
  // Whoever came before has the same addresses, and is not meant.
  await book.db.update(customers).set({ phone: null, email: null });
  await publishNarrowPlan(book);
  const renewalId = await writeCase(book, drawn, now);
  await anchorClock(book.db, { businessAt: now, speed: 1 });
  await book.db
    .update(sending)
    .set({ stopped: has(drawn, 'stopped') })
    .where(eq(sending.id, 1));
  await book.db.transaction((tx) => changeSetting(tx, { name: 'caps', content: drawn.caps, changedBy: 'admin' }));
  const port = { name: 'twilio', send: async () => drawn.answer };
  const parts = { db: book.db, calendar, sms: [port], email: port, reportMisconfigured: () => {} };
  const activities = createSendActivities(parts);
  const question = { renewalId, touch: touchOf(drawn), stamp: '' };
  await (drawn.channel === 'sms' ? activities.sendSms(question) : activities.sendEmail(question));
  return renewalId;
}

async function publishNarrowPlan({ db }: MessageBook): Promise<void> {
  const drafted = await db.insert(stagePlans).values(narrowPlan).onConflictDoNothing().returning();
  const published = { state: 'published', inForce: true, publishedAt: new Date() } as const;
  if (drafted.length > 0) await db.update(stagePlans).set(published).where(eq(stagePlans.version, 2));
}

function has({ obstacles: against }: SendingSituation, one: Obstacle): boolean {
  return against.includes(one);
}

function touchOf({ isConfirmation }: SendingSituation): string {
  return isConfirmation ? 'renewal-confirmation' : 't-15';
}

async function writeCase(book: MessageBook, drawn: SendingSituation, now: number): Promise<string> {
  const customerId = await book.addCustomer(customerOf(drawn, now));
  const plate = `鲁B${crypto.randomUUID().slice(0, 5)}`;
  const renewedAs = has(drawn, 'renewed-elsewhere') ? 'N-1' : null;
  const renewalId = await book.addCase({ policy: { customerId, plate, renewedAs }, renewal: renewalOf(drawn, now) });
  const dueAt = now - drawn.dueHoursAgo * hour;
  const latestAt = has(drawn, 'late') ? now - 1 : dueAt + 72 * hour;
  const touch = touchOf(drawn);
  const template = drawn.isConfirmation ? touch : 'expiry-near';
  if (has(drawn, 'suppressed')) await suppress(book, drawn.channel, customerId);
  const due = { dueAt: new Date(dueAt), latestAt: new Date(latestAt) };
  await book.plan(renewalId, { touch, template, channel: drawn.channel, ...due });
  if (has(drawn, 'refusal-to-take')) await refuse(book, renewalId, now);
  if (has(drawn, 'answered')) await leaveUnread(book, renewalId, now);
  await writeContacts(book, drawn, { now, renewalId, customerId, plate });
  return renewalId;
}

/** Recorded a moment ago, and not taken by the case yet. */
async function refuse(book: MessageBook, renewalId: string, now: number): Promise<void> {
  const result = { kind: 'contact', state: 'received', result: 'refused-contact', recordedBy: 'A1' };
  await book.db
    .insert(contactResults)
    .values({ id: crypto.randomUUID(), renewalId, ...result, recordedAt: new Date(now - 1_000) });
}

/** An answer by SMS that somebody should have read by now, or soon. */
async function leaveUnread(book: MessageBook, renewalId: string, now: number): Promise<void> {
  const id = crypto.randomUUID();
  const work = { kind: 'read-reply', role: 'specialist', state: 'open', branchId: '3701' };
  const [dueAt, createdAt] = [new Date(now + hour), new Date(now - 20 * hour)];
  await book.db.insert(tasks).values({ id, key: id, renewalId, ...work, dueAt, createdAt });
}

function customerOf(drawn: SendingSituation, now: number) {
  const isSms = drawn.channel === 'sms';
  return {
    ...livesOf(drawn),
    ...(has(drawn, 'refused') ? { doNotContactUntil: new Date(now + 1_000 * hour) } : {}),
    ...(has(drawn, 'opted-out') ? { [isSms ? 'smsOptedOutAt' : 'emailOptedOutAt']: new Date(now - hour) } : {}),
    ...(has(drawn, 'no-address') ? { [isSms ? 'phone' : 'email']: null } : {}),
    ...(has(drawn, 'no-consent') ? withoutConsent(isSms) : {}),
  };
}

/** Neither to reminders nor to notices. */
function withoutConsent(isSms: boolean) {
  return isSms ? { smsConsent: false, smsNoticeConsent: false } : { emailConsent: false, emailNoticeConsent: false };
}

function livesOf({ recipient, zone }: SendingSituation): { timeZone?: string; phone?: string } {
  switch (recipient.of) {
    case 'business':
      return { timeZone: zone };
    case 'list':
      return { timeZone: recipient.timeZone };
    case 'phone':
      return { phone: recipient.phone };
  }
}

/** Of one customer only, so that the next ones, who have the same address, are written to. */
async function suppress(book: MessageBook, channel: Channel, customerId: string): Promise<void> {
  const [customer] = await book.db.select().from(customers).where(eq(customers.id, customerId));
  const address = channel === 'sms' ? customer?.phone : customer?.email;
  if (address) await suppressAddress(book.db, { channel, address, customerId, reason: 'wrong-number' });
}

function renewalOf(drawn: SendingSituation, now: number) {
  const outcome: 'lost' | 'renewed' | null = has(drawn, 'closed') ? 'lost' : drawn.isConfirmation ? 'renewed' : null;
  return {
    planVersion: drawn.planVersion,
    segment: drawn.planVersion === 2 ? 'key-customer' : 'claim-free',
    outcome,
    expiresOn: has(drawn, 'past-expiry') ? '2027-03-13' : '2027-03-31',
    heldUntil: has(drawn, 'held') ? new Date(now + 24 * hour) : null,
    orphanedAt: has(drawn, 'orphan') ? new Date(now - hour) : null,
    ownerId: has(drawn, 'orphan') ? null : 'A1',
    secondRoundDueAt: has(drawn, 'second-round') ? new Date(now + 24 * hour) : null,
  };
}

type Place = { now: number; renewalId: string; customerId: string; plate: string };

async function writeContacts(book: MessageBook, drawn: SendingSituation, place: Place): Promise<void> {
  const { now, renewalId, customerId, plate } = place;
  const addOther = (vehicle: object) => book.addCase({ policy: { customerId, ...vehicle } });
  const companion = { hoursAgo: 2, of: 'companion', how: 't-15', channel: drawn.channel };
  const contacts = has(drawn, 'companion-written') ? [companion, ...drawn.contacts] : drawn.contacts;
  const taken = new Set([`${touchOf(drawn)}/${drawn.channel}`]);
  for (const { hoursAgo, of, how, channel } of contacts) {
    const isOwn = of === 'this-case';
    const caseId = isOwn ? renewalId : await addOther(of === 'companion' ? { plate } : {});
    const at = new Date(now - hoursAgo * hour);
    if (how === 'spoken' || how === 'not-reached') {
      const result = { kind: 'contact', state: 'applied', result: how === 'spoken' ? 'considering' : how };
      await book.db
        .insert(contactResults)
        .values({ id: crypto.randomUUID(), renewalId: caseId, ...result, recordedBy: 'A1', recordedAt: at });
    } else if (!isOwn || !taken.has(`${how}/${channel}`)) {
      if (isOwn) taken.add(`${how}/${channel}`);
      await book.plan(caseId, { touch: how, channel, state: 'accepted', claimedAt: at });
    }
  }
}
