import { desc, eq } from 'drizzle-orm';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { branches, staff } from '../schema/organisation.ts';
import { policies } from '../schema/policies.ts';

/** Who signs a message: the owner now, or the branch when nobody owns the case. */
export async function readContact(tx: Db, { renewal }: CaseSituation): Promise<string> {
  const [owner] = renewal.ownerId
    ? await tx.select({ name: staff.name }).from(staff).where(eq(staff.id, renewal.ownerId))
    : [];
  if (owner) return owner.name;
  const [branch] = await tx.select({ name: branches.name }).from(branches).where(eq(branches.id, renewal.branchId));
  return branch?.name ?? renewal.branchId;
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
