import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { absences } from '../../src/db/schema/organisation.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

const change = (id: string, set: Partial<typeof renewals.$inferInsert>) =>
  book.db.update(renewals).set(set).where(eq(renewals.id, id));
const open = async (id: string) => (await book.tasks(id)).filter(({ state }) => state === 'open');
const openKinds = async (id: string) => (await open(id)).map(({ kind }) => kind).toSorted();

/** A case in wrap-up that nobody was reached in, and whose expiry turns out to be six weeks later: T-50 again. */
async function backToPreparation({ takenBy }: { takenBy?: string } = {}): Promise<string> {
  await book.setTime(20);
  const id = await book.openCase();
  await book.setTime(9);
  await book.turn(id, 'entered');
  await book.setTime(6);
  await book.turn(id, 'calendar', { from: 'intensive-chase' });
  expect(await openKinds(id)).toEqual(['call-centre-case', 'last-offer']);
  if (takenBy) await book.db.update(tasks).set({ assigneeId: takenBy }).where(eq(tasks.renewalId, id));
  await change(id, { expiresOn: '2027-05-14', expiryRevision: 1 });
  await book.turn(id, 'expiry-corrected', { from: 'wrap-up' });
  return id;
}

describe('a case whose corrected expiry takes it back to an earlier stage', () => {
  test('keeps no work of the stages that are ahead again, and the call centre has it no more', async () => {
    const id = await backToPreparation();
    expect(await openKinds(id)).toEqual(['accept-entry', 'file-check', 'indicative-quote']);
    expect(await book.renewal(id)).toMatchObject({ stage: 'preparation', callCentreSince: null });
    expect(await book.events(id)).toContain('withdrawn-from-call-centre');
  });

  test('leaves it to somebody of the call centre who has taken it', async () => {
    const id = await backToPreparation({ takenBy: 'C1' });
    expect(await openKinds(id)).toContain('call-centre-case');
    expect((await book.renewal(id)).callCentreSince).not.toBeNull();
  });

  test('goes to the call centre again when the chase ends again without a contact', async () => {
    const id = await backToPreparation();
    await change(id, { stage: 'intensive-chase' });
    await book.setTime(-38);
    await book.turn(id, 'calendar', { from: 'intensive-chase' });
    expect(await openKinds(id)).toContain('call-centre-case');
    expect((await book.renewal(id)).callCentreSince).not.toBeNull();
  });

  test('gives no work that is late already, and passes over nobody for a leave that has ended', async () => {
    await book.db.insert(absences).values({
      id: uuidv7(),
      staffId: 'A1',
      fromOn: '2027-03-15',
      toOn: '2027-03-24',
      reason: null,
      recordedBy: 'S1',
      recordedAt: new Date(daysBeforeT(20)),
    });
    const id = await backToPreparation();
    for (const task of await open(id)) expect(task.dueAt.getTime()).toBeGreaterThan(task.createdAt.getTime());
    const accept = (await open(id)).find(({ kind }) => kind === 'accept-entry')!;
    expect(accept.assigneeId).toBe('A1');
    expect(shanghai.dayOf(accept.dueAt.getTime())).toBe('2027-03-30');
  });
});

describe('a task that somebody has', () => {
  test('stays as late as it is when its stage is planned again', async () => {
    const id = await book.openCase();
    await book.setTime(60);
    await book.turn(id, 'entered');
    const dueBefore = (await open(id)).find(({ kind }) => kind === 'file-check')!.dueAt;
    await book.setTime(50);
    await book.turn(id, 'replanned', { from: 'preparation' });
    expect((await open(id)).find(({ kind }) => kind === 'file-check')!.dueAt).toEqual(dueBefore);
  });
});

describe('a case that was never handed out and that nobody reached', () => {
  test('is one task of the call centre, and two entries in its journal', async () => {
    const id = await book.openCase();
    await book.setTime(50);
    await book.turn(id, 'entered');
    await book.setTime(45);
    await book.turn(id, 'calendar', { from: 'preparation' });
    await book.setTime(7);
    await change(id, { stage: 'intensive-chase' });
    await book.turn(id, 'calendar', { from: 'intensive-chase' });
    expect((await open(id)).filter(({ kind }) => kind === 'call-centre-case')).toHaveLength(1);
    expect((await book.events(id)).filter((event) => event === 'escalated:call-centre')).toHaveLength(2);
  });
});
