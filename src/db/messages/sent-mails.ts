import { and, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { messages } from '../schema/messages.ts';

/** An e-mail of ours that a mail server took, or may have taken. */
export type SentMail = { messageId: string; attemptId: string; providerId: string };

/** How long a mail system may try before it gives a mail up: RFC 5321 asks for four to five days. */
export const stillTried = sql`business_now() - interval '7 days'`;

/** The mail whose Message-ID begins with this id. */
export async function findMailById(db: Db, id: string): Promise<SentMail | undefined> {
  const [row] = await db
    .select()
    .from(messages)
    .where(and(isSentMail(), eq(messages.id, id)));
  return row && sentMail(row);
}

/** States in which a mail server is known to have taken a mail; it cannot give up any other. */
export const knownTaken = ['accepted', 'delivered', 'undelivered'];

/** The last mail to an address that a mail system took and may still give up. */
export async function newestMailTo(db: Db, address: string): Promise<SentMail | undefined> {
  const isTo = and(
    sql`lower(${messages.address}) = ${address.toLowerCase()}`,
    sql`${messages.claimedAt} > ${stillTried}`,
    inArray(messages.state, knownTaken),
  );
  const [row] = await db
    .select()
    .from(messages)
    .where(and(isSentMail(), isTo))
    .orderBy(desc(messages.claimedAt))
    .limit(1);
  return row && sentMail(row);
}

function isSentMail() {
  return and(eq(messages.channel, 'email'), isNotNull(messages.attemptId), isNotNull(messages.claimedAt));
}

function sentMail({ id, attemptId, providerId }: typeof messages.$inferSelect): SentMail {
  return { messageId: id, attemptId: attemptId ?? '', providerId: providerId ?? id };
}
