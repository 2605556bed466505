import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { providerPaces } from '../../src/db/schema/operations.ts';
import { staffMessages } from '../../src/db/schema/staff-messages.ts';
import { addTask } from '../support/given-work.ts';
import { at, openStaffBook, type StaffBook } from './staff-book.ts';

let book: StaffBook;

beforeAll(async () => {
  book = await openStaffBook({ caps: { twilio: 50 } });
  await book.clockAt('2026-11-30T10:00');
  const renewalId = await book.openCase();
  const [dueAt, createdAt] = [new Date(at('2026-11-30T18:00')), new Date(at('2026-11-20T09:00'))];
  await addTask(book.db, { assigneeId: 'X1', renewalId, dueAt, createdAt });
});
beforeEach(async () => {
  await book.db.delete(staffMessages);
  await book.db.delete(providerPaces);
  book.mails.length = 0;
  book.texts.length = 0;
  await book.reach('X1', { email: 'x1@example.com', phone: '+8613900000001', digestSms: true });
  await book.plan('morning-digest', '2026-11-30T07:30');
});
afterAll(() => book.close());

const idOf = async (channel: string): Promise<string> => {
  const [row] = await book.db.select().from(staffMessages).where(eq(staffMessages.channel, channel));
  return row!.id;
};
/** Others have taken the turns of the next hour. */
const crowd = (provider: string) =>
  book.db.insert(providerPaces).values({ provider, nextAt: new Date(Date.now() + 3_600_000) });

describe('The cap of a provider', () => {
  test('gives an SMS to staff its turn as it does one to a customer', async () => {
    await book.sends.sendStaffSms({ messageId: await idOf('sms') });
    expect(book.texts).toHaveLength(1);
    expect(await book.db.select({ provider: providerPaces.provider }).from(providerPaces)).toEqual([
      { provider: 'twilio' },
    ]);
  });

  test('sends one that would wait too long away, with nothing claimed, and e-mails go on', async () => {
    await crowd('twilio');
    const [text, mail] = [await idOf('sms'), await idOf('email')];

    await expect(book.sends.sendStaffSms({ messageId: text })).rejects.toMatchObject({ type: 'provider-at-capacity' });
    await book.sends.sendStaffEmail({ messageId: mail });

    expect(book.texts).toEqual([]);
    expect(book.mails).toHaveLength(1);
    expect(await book.rows()).toContain('2026-11-30 morning-digest X1 sms planned');
  });
});
