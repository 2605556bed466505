import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fleets } from '../../src/db/schema/fleets.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { branches, staff } from '../../src/db/schema/organisation.ts';
import { openBook, type Book } from '../support/given-book.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
  await book.db.insert(branches).values({ id: 'HQ', name: '山东省分公司' });
  await book.db.update(branches).set({ parentId: 'HQ' }).where(eq(branches.id, 'B01'));
});
afterAll(() => book.close());
beforeEach(() => book.setTime(59));

const notesOf = async (id: string) =>
  (await book.db.select().from(journal).where(eq(journal.chain, id)).orderBy(journal.sequence)).map(
    ({ event, reason }) => [event, reason],
  );
const hire = (id: string, role: string, branchId: string | null) =>
  book.db.insert(staff).values({ id, name: id, roles: [role], branchId });

describe('the manager in charge of a premium of 50,000', () => {
  test('is nobody, with a note in the journal, while the branch tree has no manager', async () => {
    const id = await book.openCase({ premium: '50000.00' });
    expect((await book.renewal(id)).managerId).toBeNull();
    expect(await notesOf(id)).toContainEqual(['manager-in-charge-missing', 'nobody-in-the-branch-tree']);
  });

  test('is a general manager, then the channel manager of the branch above, then the one of the branch', async () => {
    const joined: (string | null)[] = [];
    for (const [manager, role, branchId] of [
      ['G1', 'general-manager', null],
      ['M2', 'channel-manager', 'HQ'],
      ['M1', 'channel-manager', 'B01'],
    ] as const) {
      await hire(manager, role, branchId);
      joined.push((await book.renewal(await book.openCase({ premium: '50000.00' }))).managerId);
    }
    expect(joined).toEqual(['G1', 'M2', 'M1']);
  });

  test('is nobody who has left', async () => {
    await book.db.update(staff).set({ departedOn: '2027-01-31' }).where(eq(staff.id, 'M1'));
    const id = await book.openCase({ premium: '50000.00' });
    expect((await book.renewal(id)).managerId).toBe('M2');
  });

  test('does not join below it', async () => {
    expect((await book.renewal(await book.openCase({ premium: '49999.99' }))).managerId).toBeNull();
  });
});

describe('a policy that telesales wrote', () => {
  test('is the specialist’s with all of its agent’s tasks', async () => {
    const id = await book.openCase({ channel: '电销' });
    await book.turn(id, 'entered');
    expect(await book.renewal(id)).toMatchObject({ ownerId: 'X1', callCentreSince: null });
    const ofTheAgent = (await book.tasks(id)).filter(({ role }) => role === 'agent');
    expect(ofTheAgent.length).toBeGreaterThan(0);
    expect(new Set(ofTheAgent.map(({ assigneeId }) => assigneeId))).toEqual(new Set(['X1']));
  });

  test('is the call centre’s at once when it has no specialist', async () => {
    const id = await book.openCase({ channel: 'Telesales', specialistId: null });
    expect(await book.renewal(id)).toMatchObject({ ownerId: null, orphanedAt: null });
    expect((await book.renewal(id)).callCentreSince).not.toBeNull();
    expect(await book.tasks(id)).toMatchObject([{ kind: 'call-centre-case', role: 'call-centre', state: 'open' }]);
    expect(await notesOf(id)).toContainEqual(['handed-to-call-centre', 'telesales-born']);
  });

  test('has one call-centre task however often nobody answers in preparation', async () => {
    const id = await book.openCase({ channel: '电销', specialistId: null });
    await book.turn(id, 'entered');
    await book.setTime(45);
    await book.turn(id, 'calendar', { from: 'preparation' });
    const calls = (await book.tasks(id)).filter(({ kind }) => kind === 'call-centre-case');
    expect(calls).toHaveLength(1);
  });
});

test('the vehicles of a fleet are one group with a case each', async () => {
  const first = await book.openCase({ fleetNumber: 'TD-1' });
  const second = await book.openCase({ fleetNumber: 'TD-1' });
  const alone = await book.openCase();
  expect((await book.renewal(first)).fleetId).toBe('fleet:B01:TD-1');
  expect((await book.renewal(second)).fleetId).toBe('fleet:B01:TD-1');
  expect((await book.renewal(alone)).fleetId).toBeNull();
  expect(await book.db.select().from(fleets)).toMatchObject([{ branchId: 'B01', number: 'TD-1', negotiatorId: null }]);
});
