import { eq } from 'drizzle-orm';
import { readSituation } from '../../src/db/cases/case-situation.ts';
import { nameNegotiator } from '../../src/db/cases/fleet-records.ts';
import { giveToOwner } from '../../src/db/cases/single-owner.ts';
import { drawLossChecks } from '../../src/db/losses/loss-check-records.ts';
import { assignRenewalChecks } from '../../src/db/losses/renewal-check-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { dropStrayTasks } from '../../src/db/tasks/stray-tasks.ts';
import { followUpTask } from '../../src/db/tasks/task-follow-up.ts';
import { takeReply } from '../../src/messaging/take-reply.ts';
import { climb } from '../cases/a-ladder-of-people.ts';
import { monday, type HandoverBook } from '../support/given-handover.ts';
import { shanghai } from '../support/given-plan.ts';
import { apply, strike } from '../support/given-results.ts';
import { addPerson, addTask } from '../support/given-work.ts';

const lost = { cause: 'second-round', outcome: { kind: 'lost', reason: 'price', renewable: true } } as const;
const renewed = { cause: 'result:renewed', outcome: { kind: 'renewed', early: false } } as const;

/** Somebody leaves with a case of their own and a task in another; the case gets an owner, and then one of another team. */
export async function leave(book: HandoverBook, { agentId, to }: { agentId: string; to: string }): Promise<string[]> {
  await book.at('2027-02-20');
  await addPerson(book.db, { id: agentId, role: 'agent' });
  const own = await book.openCase({ agentId });
  const other = await book.openCase({ agentId: 'A1' });
  await book.turn(own, 'entered');
  await addTask(book.db, { renewalId: own, role: 'supervisor', kind: 'coaching', assigneeId: 'S1' });
  await addTask(book.db, { renewalId: other, role: 'agent', kind: 'last-offer', assigneeId: agentId });
  await book.at(monday);
  const { id } = await book.leaves(agentId);
  await book.decide(id!, { kind: 'assign', agentId: to });
  const change = { id: crypto.randomUUID(), renewalId: own, ownerId: 'B1', by: 'S2' };
  await book.db.transaction((tx) => giveToOwner(tx, change, shanghai));
  const [task] = await book.handoverTasks(id!);
  return [own, other, `task.${task!.id}`];
}

/** A fleet gets a negotiator; its first case closes, and one that the sweeper finds with work left. */
export async function negotiate(book: HandoverBook, fleetNumber: string): Promise<string[]> {
  await book.setTime(45);
  const ids: string[] = [];
  for (const expiresOn of ['2027-03-31', '2027-04-01', '2027-04-02', '2027-04-02']) {
    ids.push(await book.openCase({ fleetNumber, expiresOn }));
  }
  for (const id of ids) await book.turn(id, 'entered');
  await book.setTime(44);
  for (const id of ids) await book.turn(id, 'calendar');
  const { fleetId } = await book.renewal(ids[0]!);
  const named = { fleetId: fleetId!, staffId: 'A2', by: 'S1' };
  await book.db.transaction((tx) => nameNegotiator(tx, named, shanghai));
  await book.steps.closeCase({ renewalId: ids[0]!, stamp: '', ending: lost });
  const closed = { outcome: 'lost', closedAt: new Date() } as const;
  await book.db.update(renewals).set(closed).where(eq(renewals.id, ids[1]!));
  await book.db.transaction((tx) => dropStrayTasks(tx, ids[1]!, shanghai));
  return ids;
}

/** What a case brings beside its stages: a concession to decide, a call-back, a second visit and a second round. */
export async function ask(book: HandoverBook, percent: number): Promise<string> {
  await book.setTime(25, 600);
  const id = await book.openCase({ premium: '60000.00' });
  await book.turn(id, 'entered');
  await climb(book).ask(id, percent > 8 ? 'X1' : 'A1', { percent });
  await apply(book, id, { result: 'promised', callBackAt: new Date(shanghai.instantOf('2027-03-07', 14 * 60 + 20)) });
  await book.setTime(24, 15 * 60);
  await book.steps.assignCallBack({ renewalId: id, stamp: '' });
  const visit = (await book.tasks(id)).find(({ kind }) => kind === 'key-client-visit')!;
  await book.db.transaction(async (tx) => {
    const situation = await readSituation(tx, id, shanghai);
    await followUpTask(tx, situation, { task: visit, said: { visit: 'failed' }, by: 'X1' });
  });
  const declined = await apply(book, id, { result: 'declined', lossReason: 'price' });
  await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: declined.id });
  return id;
}

/** A renewal by a mistaken entry, whose confirmation has not gone out. */
export async function renewByMistake(book: HandoverBook): Promise<string> {
  await book.setTime(20);
  const id = await book.openCase();
  await book.turn(id, 'entered');
  const row = await apply(book, id, { result: 'renewed', newPolicyNumber: `N-${id}` });
  await book.steps.closeCase({ renewalId: id, stamp: '', ending: { ...renewed, resultId: row.id } });
  await strike(book, row);
  return id;
}

/** A customer answers by SMS what nobody but a person can understand. */
export async function puzzle(book: HandoverBook): Promise<string> {
  await book.setTime(35, 615);
  const id = await book.openCase();
  const [customer] = await book.db
    .select({ phone: customers.phone })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .innerJoin(customers, eq(customers.id, policies.customerId))
    .where(eq(renewals.id, id));
  const numbers = { sender: customer!.phone!, recipient: '+15005550006' };
  await takeReply(book.db, { id: `SM-${id}`, provider: 'twilio', ...numbers, body: '什么时候到期' }, shanghai);
  return id;
}

/** Closed cases that channel managers check: every other is lost in February, the rest renewed in March. */
export async function check(book: HandoverBook, cases: number): Promise<string[]> {
  const ids: string[] = [];
  for (let turn = 0; turn < cases; turn += 1) {
    const id = await book.openCase();
    const isLost = turn % 2 === 0;
    const closedAt = new Date(shanghai.instantOf(isLost ? '2027-02-20' : '2027-03-05', 720));
    const outcome = isLost ? 'lost' : 'renewed';
    await book.db
      .update(renewals)
      .set({ outcome, lossReason: isLost ? 'price' : null, closedAt })
      .where(eq(renewals.id, id));
    ids.push(id);
  }
  await book.setTime(16, 615);
  const february = { month: '2027-02', branchId: 'B01', calendar: shanghai };
  await book.db.transaction((tx) => drawLossChecks(tx, february));
  await book.db.transaction((tx) => assignRenewalChecks(tx, shanghai));
  return ids;
}
