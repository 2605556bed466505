import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { staff } from '../../src/db/schema/organisation.ts';
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
