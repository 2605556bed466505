import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import type { Db } from '../connection.ts';
import { customers } from '../schema/customers.ts';
import { takeConsentWord } from './consent-records.ts';

/** The language of a customer, undefined for somebody who is not known. */
export async function readLanguage(db: Db, customerId: string): Promise<string | undefined> {
  const [row] = await db.select({ language: customers.language }).from(customers).where(eq(customers.id, customerId));
  return row?.language;
}

/** No more reminders by e-mail to the mailbox of a customer, whoever else has it too; a second time changes nothing. */
export async function unsubscribe(db: Db, customerId: string, calendar: Calendar): Promise<void> {
  await db.transaction(async (tx) => {
    const mailbox = sql`(select lower(email) from customers where id = ${customerId})`;
    const isTheirs = sql`(${customers.id} = ${customerId} or lower(${customers.email}) = ${mailbox})`;
    const subscribed = await tx
      .select({ id: customers.id })
      .from(customers)
      .where(and(isTheirs, isNull(customers.emailOptedOutAt)))
      .orderBy(customers.id);
    const customerIds = subscribed.map(({ id }) => id);
    const how = { channel: 'email', state: 'opted-out', source: 'unsubscribe-link' } as const;
    await takeConsentWord(tx, { customerIds, purposes: ['renewal-reminder'], ...how }, calendar);
  });
}
