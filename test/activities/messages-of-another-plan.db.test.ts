import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { followPlanInBooks } from '../../activities/follow-plan.ts';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { Following } from '../../src/renewal/follow-plan.ts';
import type { StagePlan, Touch } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { publish, withTouches } from '../support/given-plans.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterEach(() => publish(book.db, defaultStagePlan));
afterAll(() => book.close());

async function aCaseAt(daysBefore: number): Promise<string> {
  await book.setTime(daysBefore);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  return id;
}

/** What a roll-out does to the case and says of it. */
const rollOut = (renewalId: string): Promise<Following> =>
  book.db.transaction(async (tx) => {
    const followed = await followPlanInBooks(tx, await readSituation(tx, renewalId, shanghai));
    if (followed.kind !== 'follows') throw new Error(followed.kind);
    return followed.following;
  });

const claim = (renewalId: string) => claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, shanghai);
const stateOf = async (id: string, touch: string) =>
  (await book.messages(id)).find((row) => row.touch === touch && row.channel === 'sms')?.state;

const chaseWith = (change: (touches: readonly Touch[]) => readonly Touch[]): StagePlan =>
  withTouches('intensive-chase', change);
const without15 = chaseWith((touches) => touches.filter(({ key }) => key !== 't-15'));
const on12 = chaseWith((touches) => touches.map((one) => (one.key === 't-15' ? { ...one, daysBefore: 12 } : one)));
const withReminder = chaseWith((touches) => [
  ...touches,
  { ...touches[0]!, key: 'reminder', daysBefore: 18, late: { kind: 'send-if-within', days: 3 } },
]);

describe('a message that its case came to', () => {
  test('after its plan had dropped it does not come back with the next plan', async () => {
    const id = await aCaseAt(20);
    await publish(book.db, without15);
    await rollOut(id);
    await book.setTime(15);
    expect(await claim(id)).toMatchObject({ outcome: { kind: 'suppressed', reason: 'not-in-plan' } });

    await publish(book.db, on12);
    const following = await rollOut(id);

    expect(following.messages.filter(({ touch, channel }) => touch === 't-15' && channel === 'sms')).toEqual([]);
    expect(await stateOf(id, 't-15')).toBe('cancelled');
  });
});

describe('a message that a plan makes due at once', () => {
  test('asks for a word to its case until the case has it, also when the first word was lost', async () => {
    const id = await aCaseAt(20);
    await book.setTime(17);
    await publish(book.db, withReminder);
    expect((await rollOut(id)).nudge).toBe(true);

    expect((await rollOut(id)).nudge).toBe(true);

    await book.turn(id, 'replanned', { from: 'intensive-chase' });
    await expect(rollOut(id)).rejects.toThrow('follows-already');
  });
});

describe('a touch of days on which its case was held', () => {
  test('is missed, whatever a later plan says of it', async () => {
    const id = await aCaseAt(20);
    await book.db
      .update(renewals)
      .set({ heldUntil: new Date(daysBeforeT(17)) })
      .where(eq(renewals.id, id));
    await book.setTime(16);
    await book.turn(id, 'hold-ended', { from: 'intensive-chase', afterHold: true });
    await publish(book.db, withReminder);

    const following = await rollOut(id);

    expect(following).toMatchObject({ nudge: false });
    expect(await stateOf(id, 'reminder')).toBe('expired');
  });
});

describe('a message that has gone', () => {
  test('is not what the case does next, wherever a plan puts its day', async () => {
    const id = await aCaseAt(20);
    await book.setTime(15);
    await claim(id);
    await claimMessage(book.db, { renewalId: id, touch: 't-15', channel: 'email' }, shanghai);
    await publish(book.db, on12);

    const following = await rollOut(id);

    expect(following.after.what).toBe('stage:wrap-up');
    expect(await book.renewal(id)).toMatchObject({ nextAction: 'stage:wrap-up' });
  });
});
