import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { claimMessage } from '../../src/messaging/claim.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { publish, withBoundary, withStage, withTouches } from '../support/given-plans.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterEach(() => publish(book.db, defaultStagePlan));
afterAll(() => book.close());

/** A case that has opened so many days before T, and goes by another plan a moment later. */
async function aCaseAt(daysBefore: number): Promise<string> {
  await book.setTime(daysBefore);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  await book.db
    .update(renewals)
    .set({ handedOutAt: new Date(0) })
    .where(eq(renewals.id, id));
  return id;
}

async function replanned(daysBefore: number, plan: StagePlan): Promise<string> {
  const id = await aCaseAt(daysBefore);
  await publish(book.db, plan);
  const { stage } = await book.renewal(id);
  await book.turn(id, 'replanned', { from: stage as 'preparation' });
  return id;
}

const openKinds = async (id: string): Promise<string[]> =>
  (await book.tasks(id)).flatMap(({ state, kind }) => (state === 'open' ? [kind] : [])).toSorted();
const sms = async (id: string): Promise<string[]> =>
  (await book.messages(id)).flatMap(({ touch, channel, state, reason, dueAt }) =>
    channel === 'sms' ? [`${touch} ${state === 'planned' ? shanghai.dayOf(dueAt.getTime()) : reason}`] : [],
  );

describe('a plan that ends the stage of a case at once', () => {
  const shorter = withBoundary('preparation', 'follow-up', 55);

  test('opens the stage of the new calendar, and its people are not escalated for days that they lost', async () => {
    const id = await replanned(50, shorter);
    expect(await book.renewal(id)).toMatchObject({
      stage: 'follow-up',
      escalated: false,
      armedPlanVersion: expect.any(Number),
    });
    expect(await openKinds(id)).toEqual(['accept-entry', 'file-check', 'first-contact']);
    expect(await book.events(id)).toContain('plan-followed');
  });

  test('escalates out of a stage whose own days were over, when the case comes to the plan that late', async () => {
    const id = await aCaseAt(50);
    await publish(book.db, shorter);
    await book.setTime(44);
    await book.turn(id, 'calendar', { from: 'preparation' });
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', escalated: true });
  });

  test('taken back by the older content, gives back the stage, its work, and the result that it had', async () => {
    const id = await aCaseAt(40);
    const result = {
      id: uuidv7(),
      renewalId: id,
      kind: 'contact',
      result: 'quoted',
      stage: 'follow-up',
      state: 'applied',
    };
    const recorded = { recordedBy: 'A1', recordedAt: new Date(daysBeforeT(40)), sentAt: new Date() };
    await book.db.insert(contactResults).values({ ...result, ...recorded });
    await publish(book.db, withBoundary('follow-up', 'intensive-chase', 42));
    await book.turn(id, 'replanned', { from: 'follow-up' });
    expect(await openKinds(id)).toContain('firm-quote');
    await publish(book.db, defaultStagePlan);
    const turned = await book.turn(id, 'replanned', { from: 'intensive-chase' });
    expect(turned).toMatchObject({ stage: 'follow-up', counted: true });
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', resultCounted: true });
    expect(await openKinds(id)).toEqual(['first-contact']);
  });
});

describe('a plan with other touches', () => {
  const later = withTouches('intensive-chase', (touches) =>
    touches.map((touch) => (touch.key === 't-15' ? { ...touch, daysBefore: 12 } : touch)),
  );

  test('moves what waits', async () => {
    expect(await sms(await replanned(20, later))).toEqual(['t-30 day-has-passed', 't-15 2027-03-19']);
  });

  test('lets fall what it does not have, and gives it back when it has it again', async () => {
    const id = await replanned(
      20,
      withTouches('intensive-chase', (touches) => touches.slice(0, 1)),
    );
    expect(await sms(id)).toContain('t-15 not-in-plan');
    await publish(book.db, defaultStagePlan);
    await book.turn(id, 'replanned', { from: 'intensive-chase' });
    expect(await sms(id)).toContain('t-15 2027-03-16');
  });

  test('adds what comes yet and lists what is late', async () => {
    const [first] = defaultStagePlan.stages[2]!.touches;
    const id = await replanned(
      20,
      withTouches('intensive-chase', (touches) => [
        ...touches,
        { ...first!, key: 'reminder', daysBefore: 18 },
        { ...first!, key: 'too-late', daysBefore: 25 },
      ]),
    );
    expect(await sms(id)).toEqual(expect.arrayContaining(['reminder 2027-03-13', 'too-late day-has-passed']));
  });

  test('holds for a message of a case that nobody has told of it yet', async () => {
    const id = await aCaseAt(20);
    await publish(book.db, later);
    await book.setTime(15);
    const claim = await claimMessage(book.db, { renewalId: id, touch: 't-15', channel: 'sms' }, shanghai);
    expect(claim).toMatchObject({ kind: 'answered', outcome: { kind: 'waiting', reason: 'not-due' } });
  });

  test('does not give back what its case had come to', async () => {
    const id = await aCaseAt(20);
    await book.db
      .update(messages)
      .set({ heldUntil: new Date(0) })
      .where(eq(messages.renewalId, id));
    await publish(
      book.db,
      withTouches('intensive-chase', () => []),
    );
    await book.turn(id, 'replanned', { from: 'intensive-chase' });
    await publish(book.db, defaultStagePlan);
    await book.turn(id, 'replanned', { from: 'intensive-chase' });
    expect(await sms(id)).toContain('t-15 not-in-plan');
  });
});

describe('a plan with other work', () => {
  test('takes away what it does not have, moves a deadline, and gives what is new', async () => {
    const id = await replanned(
      40,
      withStage('follow-up', { tasks: [{ kind: 'firm-quote' }, { kind: 'indicative-quote', dueWorkdays: 6 }] }),
    );
    expect(await openKinds(id)).toEqual(['firm-quote', 'indicative-quote']);
  });

  test('tells the case how many attempts it asks for before somebody gives up', async () => {
    const id = await aCaseAt(40);
    await publish(book.db, { ...defaultStagePlan, minimumAttempts: 2 });
    expect(await book.turn(id, 'replanned', { from: 'follow-up' })).toMatchObject({ kept: true, minimumAttempts: 2 });
  });
});

describe('a case that pauses', () => {
  test('stays in its stage while it is held, and goes by the new plan when the hold ends', async () => {
    const id = await aCaseAt(50);
    await book.db
      .update(renewals)
      .set({ heldUntil: new Date(daysBeforeT(48)) })
      .where(eq(renewals.id, id));
    await publish(book.db, withBoundary('preparation', 'follow-up', 55));
    await book.turn(id, 'replanned', { from: 'preparation' });
    expect(await book.renewal(id)).toMatchObject({ stage: 'preparation' });
    await book.setTime(47);
    await book.turn(id, 'hold-ended', { from: 'preparation', afterHold: true });
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', escalated: false });
  });
});

test('a step whose answer was lost is answered again as it was', async () => {
  const id = await aCaseAt(50);
  await publish(book.db, withBoundary('preparation', 'follow-up', 55));
  await book.turn(id, 'calendar', { from: 'preparation' });
  expect(await book.turn(id, 'calendar', { from: 'preparation' })).toMatchObject({
    kind: 'opened',
    stage: 'follow-up',
  });
});
