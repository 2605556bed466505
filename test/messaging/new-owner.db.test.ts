import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseSituation } from '../../src/db/cases/case-situation.ts';
import { readContact } from '../../src/db/messages/message-facts.ts';
import { branches, staff } from '../../src/db/schema/organisation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { monday, openHandoverBook, type HandoverBook } from '../support/given-handover.ts';
import { shanghai } from '../support/given-plan.ts';

let book: HandoverBook;
beforeAll(async () => {
  book = await openHandoverBook();
  await book.db.update(staff).set({ name: '赵新主' }).where(eq(staff.id, 'A2'));
});
afterAll(() => book.close());

test('an unsent message of an orphan waits for the new owner and carries their name', async () => {
  const { handoverId, ids, agentId } = await book.departureOf(1);
  const renewalId = ids[0]!;
  await book.db.update(staff).set({ name: '钱旧主' }).where(eq(staff.id, agentId));
  await book.at(monday, 16 * 60);
  await book.turn(renewalId, 'entered');
  const [planned] = await book.messages(renewalId);
  const key = { renewalId, touch: planned!.touch, channel: 'sms' as const };
  expect(await claimMessage(book.db, key, shanghai)).toMatchObject({ kind: 'answered', outcome: { kind: 'waiting' } });
  await book.decide(handoverId, { kind: 'assign', agentId: 'A2' });
  const claim = await claimMessage(book.db, key, shanghai);
  const body = claim.kind === 'won' ? claim.message.text.body : '';
  expect(body).toContain('赵新主');
  expect(body).not.toContain('钱旧主');
});

test('A number of the staff or of a branch is no name that a customer reads', async () => {
  const { ids, agentId } = await book.departureOf(1);
  const signed = async (ownerId: string | null, branchId: string) =>
    readContact(book.db, { renewal: { ownerId, branchId } } as CaseSituation);
  await book.db.update(staff).set({ name: agentId }).where(eq(staff.id, agentId));
  const [row] = await book.db.select().from(renewals).where(eq(renewals.id, ids[0]!));
  const branchId = row!.branchId;
  await book.db.update(branches).set({ name: '济南分公司' }).where(eq(branches.id, branchId));

  expect([await signed(agentId, branchId), await signed('A2', branchId)]).toEqual([null, '赵新主']);
  expect(await signed(null, branchId)).toBe('济南分公司');
  await book.db.update(branches).set({ name: branchId }).where(eq(branches.id, branchId));
  expect(await signed(null, branchId)).toBeNull();
});
