import { and, desc, eq, sql } from 'drizzle-orm';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { onlyRow } from '../only-row.ts';
import { prepareOnce } from '../prepare-once.ts';
import { customers } from '../schema/customers.ts';
import { messages } from '../schema/messages.ts';
import { branches, staff } from '../schema/organisation.ts';
import { policies } from '../schema/policies.ts';
import type { MessageKey } from './message-records.ts';

/** Where an SMS would go as the customer stands now, and who refused it for good. */
export async function readDestination(
  db: Db,
  { renewalId, touch, channel }: MessageKey,
): Promise<{ phone: string; refusedBy: string[] } | undefined> {
  const [row] = await db
    .select({ phone: customers.phone, refusedBy: messages.refusedBy })
    .from(messages)
    .innerJoin(customers, eq(customers.id, messages.customerId))
    .where(and(eq(messages.renewalId, renewalId), eq(messages.touch, touch), eq(messages.channel, channel)));
  return row ? { phone: row.phone ?? '', refusedBy: row.refusedBy } : undefined;
}

/** The name of `ownerId`, or of the branch `branchId` when there is no such person; null where only a number is known. */
export function signature(db: Db) {
  const branchId = sql`${sql.placeholder('branchId')}::text`;
  const named = sql`case when ${staff.id} is null then ${branches.name} else ${staff.name} end`;
  const numbered = sql`coalesce(${staff.id}, ${branchId})`;
  return db
    .select({ name: sql<string | null>`nullif(${named}, ${numbered})` })
    .from(sql`(values (true)) as one`)
    .leftJoin(staff, eq(staff.id, sql.placeholder('ownerId')))
    .leftJoin(branches, eq(branches.id, branchId));
}

const signatureOf = prepareOnce('signature', signature);

/** Who signs a message: the owner now, or the branch when nobody owns the case; null where their name is unknown. */
export async function readContact(tx: Db, { renewal: { ownerId, branchId } }: CaseSituation): Promise<string | null> {
  return onlyRow(await signatureOf(tx, { ownerId, branchId })).name;
}

/** The premium of the policy that renews this one, once a list brought it. */
export async function readNewPremium(tx: Db, { renewal }: CaseSituation): Promise<string | null> {
  if (renewal.newPolicyNumber === null) return null;
  const [term] = await tx
    .select({ premium: policies.premium, startsOn: policies.startsOn })
    .from(policies)
    .where(eq(policies.policyNumber, renewal.newPolicyNumber))
    .orderBy(desc(policies.startsOn))
    .limit(1);
  // A book that keeps the number through the years has the old term under it too.
  return term && term.startsOn >= renewal.expiresOn ? term.premium : null;
}
