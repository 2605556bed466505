import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeSending } from '../../src/db/messages/stop-switch.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;
beforeAll(async () => {
  book = await openMessageBook();
});
afterAll(() => book.close());
beforeEach(async () => {
  await book.setTime('2027-03-16T10:00');
  await turn(true);
});

const turn = (stopped: boolean) =>
  book.db.transaction((tx) =>
    changeSending(tx, { id: randomUUID(), stopped, reason: 'Shown in a test.', by: 'admin' }),
  );

/** Due on 2027-03-16 at 09:30, and not a day later. */
async function aDueMessage() {
  const renewalId = await book.addCase();
  const messageId = await book.plan(renewalId);
  return { messageId, ask: () => claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar) };
}

describe('A message that comes due while everything is stopped', () => {
  test('waits, is looked at again a quarter of an hour later, and goes after the start', async () => {
    const { messageId, ask } = await aDueMessage();
    expect(await ask()).toMatchObject({ kind: 'answered', outcome: { kind: 'waiting', reason: 'sending-stopped' } });
    const { heldUntil, state, latestAt } = await book.findMessage(messageId);
    expect([state, heldUntil?.getTime(), latestAt.getTime()]).toEqual([
      'planned',
      expect.closeTo(at('2027-03-16T10:15'), -4),
      at('2027-03-17T09:30'),
    ]);
    await turn(false);
    expect((await ask()).kind).toBe('won');
  });

  test('goes in no quiet hours when the start comes at night', async () => {
    const { messageId, ask } = await aDueMessage();
    await ask();
    await book.setTime('2027-03-16T23:00');
    await turn(false);
    expect(await ask()).toMatchObject({ kind: 'answered', outcome: { kind: 'waiting', reason: 'quiet-hours' } });
    expect((await book.findMessage(messageId)).heldUntil).toEqual(new Date(at('2027-03-17T09:00')));
  });

  test('is not sent late when the stop outlasts its day', async () => {
    const { messageId, ask } = await aDueMessage();
    await ask();
    await book.setTime('2027-03-18T10:00');
    await turn(false);
    expect(await ask()).toMatchObject({ kind: 'answered', outcome: { kind: 'expired', reason: 'day-has-passed' } });
    expect((await book.findMessage(messageId)).state).toBe('expired');
  });
});
