import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { handovers } from '../../src/db/schema/handovers.ts';
import { absences, staff, teams } from '../../src/db/schema/organisation.ts';
import { monday, openHandoverBook, type HandoverBook } from '../support/given-handover.ts';
import { addLeave, addPerson } from '../support/given-work.ts';

let book: HandoverBook;
let leaders = 0;

beforeAll(async () => {
  book = await openHandoverBook();
});
beforeEach(async () => {
  await book.db.delete(absences);
  await book.at(monday);
});
afterAll(() => book.close());

/** A leader of a team of their own, who owns a case. */
async function aLeader(): Promise<{ leaderId: string; teamId: string }> {
  leaders += 1;
  const [leaderId, teamId] = [`LEAD${leaders}`, `LT${leaders}`];
  await book.db.insert(teams).values({ id: teamId, branchId: 'B01', supervisorId: leaderId });
  await addPerson(book.db, { id: leaderId, role: 'supervisor', teamId });
  await book.openCase({ agentId: leaderId });
  return { leaderId, teamId };
}

/** Who is asked about what a leader leaves, by the task and by the hand-over. */
async function askedWhenLeaves(leaderId: string) {
  const { id } = await book.leaves(leaderId);
  const [task] = await book.handoverTasks(id!);
  const [handover] = await book.db.select().from(handovers).where(eq(handovers.id, id!));
  expect(handover?.supervisorId).toBe(task?.assigneeId);
  return task?.assigneeId;
}

const gone = (id: string) => book.db.update(staff).set({ departedOn: '2027-02-01' }).where(eq(staff.id, id));
const away = (staffId: string) => addLeave(book.db, { staffId, fromOn: '2027-02-20', toOn: '2027-04-20' });

describe('The hand-over of a leader who owned cases', () => {
  test('is for another supervisor of the branch, never for who left', async () => {
    const { leaderId } = await aLeader();
    await away('S1');
    expect(await askedWhenLeaves(leaderId)).toBe('S2');
  });

  test('is for the team’s next leader where it has one already', async () => {
    const { leaderId, teamId } = await aLeader();
    await book.db.update(teams).set({ supervisorId: 'S1' }).where(eq(teams.id, teamId));
    expect(await askedWhenLeaves(leaderId)).toBe('S1');
  });

  test('is for the channel manager where no supervisor of the branch is there, else for the queue', async () => {
    const [one, other] = [await aLeader(), await aLeader()];
    await addPerson(book.db, { id: 'M1', role: 'channel-manager' });
    await gone('S1');
    await away('S2');
    await away(other.leaderId);
    expect(await askedWhenLeaves(one.leaderId)).toBe('M1');
    await away('M1');
    expect(await askedWhenLeaves(other.leaderId)).toBeNull();
    await book.db.update(staff).set({ departedOn: null }).where(eq(staff.id, 'S1'));
  });
});

test('a leader who leaves hands on the hand-overs that waited for them', async () => {
  const { leaderId, teamId } = await aLeader();
  await addPerson(book.db, { id: 'LA1', role: 'agent', teamId });
  await book.openCase({ agentId: 'LA1' });
  const { id } = await book.leaves('LA1');
  expect((await book.handoverTasks(id!)).map(({ assigneeId }) => assigneeId)).toEqual([leaderId]);
  await away('S1');
  await book.leaves(leaderId);
  expect(await book.handoverTasks(id!)).toMatchObject([{ assigneeId: 'S2', state: 'open' }]);
});
