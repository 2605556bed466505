import { giveToOwner, type OwnerChange } from '../db/cases/single-owner.ts';
import type { CaseDeps } from './connect.ts';
import { notifyCase } from './notify-case.ts';

/** Gives a case another owner: first the books, then the case. Throws what the books refuse, and when Temporal is away. */
export async function changeOwner(deps: CaseDeps, change: OwnerChange): Promise<void> {
  await deps.db.transaction((tx) => giveToOwner(tx, change, deps.calendar));
  const notice = { key: `owner.${change.id}`, kind: 'owner-assigned', ownerId: change.ownerId } as const;
  await notifyCase(deps, change.renewalId, notice);
}
