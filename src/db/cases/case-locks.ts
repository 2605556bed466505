import { and, eq, inArray, isNull, or, type SQL } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { hasCarriedRefusalOf } from '../customers/carried-refusals.ts';
import { customers } from '../schema/customers.ts';
import { fleets } from '../schema/fleets.ts';
import { policies } from '../schema/policies.ts';
import { renewals } from '../schema/renewals.ts';

// The one order in which rows are locked stands in docs/architecture.md, Locks. Nobody changes a key, and rows that refer
// to a case or a fleet are written by others who hold its neighbours: so no lock here is a full one.

/** Locks the cases of a condition in the order of their ids until the transaction ends; answers the ids. */
export async function lockCasesWhere(tx: Db, condition: SQL | undefined): Promise<string[]> {
  const locked = await tx
    .select({ id: renewals.id })
    .from(renewals)
    .where(condition)
    .orderBy(renewals.id)
    .for('no key update');
  return locked.map((row) => row.id);
}

/** Locks those cases of a condition that nobody else has locked, and waits for none; answers their ids. */
export async function lockFreeCasesWhere(tx: Db, condition: SQL | undefined): Promise<string[]> {
  const locked = await tx
    .select({ id: renewals.id })
    .from(renewals)
    .where(condition)
    .orderBy(renewals.id)
    .for('no key update', { skipLocked: true });
  return locked.map((row) => row.id);
}

/** Locks the case that something belongs to, if it belongs to one. */
export async function lockCase(tx: Db, renewalId: string | null): Promise<void> {
  if (renewalId !== null) await lockCasesWhere(tx, eq(renewals.id, renewalId));
}

/** Locks a case with every open case of its customer, all of whom a refusal of contact is about. */
async function lockCasesOfCustomer(tx: Db, renewalId: string): Promise<void> {
  const [customer] = await tx
    .select({ id: policies.customerId })
    .from(policies)
    .innerJoin(renewals, eq(renewals.policyId, policies.id))
    .where(eq(renewals.id, renewalId));
  if (!customer) return;
  const person = tx.select({ id: customers.id }).from(customers).where(hasCarriedRefusalOf(customer.id));
  const theirs = tx.select({ id: policies.id }).from(policies).where(inArray(policies.customerId, person));
  const open = and(isNull(renewals.outcome), inArray(renewals.policyId, theirs));
  await lockCasesWhere(tx, or(eq(renewals.id, renewalId), open));
}

/** Locks what the cases of a fleet do once for all of them; comes after the case. */
export async function lockFleet(tx: Db, fleetId: string | null): Promise<void> {
  if (fleetId !== null) await lockFleetsWhere(tx, eq(fleets.id, fleetId));
}

/** Locks the fleets of a condition in the order of their ids; answers the ids. */
export async function lockFleetsWhere(tx: Db, condition: SQL): Promise<string[]> {
  const locked = await tx
    .select({ id: fleets.id })
    .from(fleets)
    .where(condition)
    .orderBy(fleets.id)
    .for('no key update');
  return locked.map((row) => row.id);
}

/**
 * Locks what a result is about before the result itself: its case, for a refusal of contact the other open cases of the
 * customer too, and what its fleet does once.
 */
export async function lockCasesOfResult(
  tx: Db,
  { renewalId, results }: { renewalId: string; results: readonly (string | undefined)[] },
): Promise<void> {
  if (results.includes('refused-contact')) await lockCasesOfCustomer(tx, renewalId);
  else await lockCase(tx, renewalId);
  const ofCase = tx.select({ id: renewals.fleetId }).from(renewals).where(eq(renewals.id, renewalId));
  await lockFleetsWhere(tx, inArray(fleets.id, ofCase));
}
