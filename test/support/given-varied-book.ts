import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { customers } from '../../src/db/schema/customers.ts';
import { handoverItems, handovers } from '../../src/db/schema/handovers.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { stagePlans } from '../../src/db/schema/stage-plans.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import type { bookIn, PolicyFacts } from './given-book.ts';
import { daysBeforeT } from './given-plan.ts';

type AnyBook = Awaited<ReturnType<typeof bookIn>>;

const day = (daysBefore: number): Date => new Date(daysBeforeT(daysBefore));

/** Open cases in every situation that a plan may meet, on the evening 29 days before 2027-03-31. Answers their ids by what they are. */
export async function aVariedBook(book: AnyBook) {
  await book.setTime(62);
  const chased = (facts: PolicyFacts = {}) => book.openCase(facts);
  const ids = {
    chased: await chased(),
    held: await chased(),
    secondRound: await chased(),
    orphan: await chased(),
    refused: await chased(),
    leftAlone: await chased(),
    calledBack: await chased(),
    quietHours: await chased(),
    fleetOne: await chased({ fleetNumber: 'F1' }),
    fleetTwo: await chased({ fleetNumber: 'F1' }),
  };
  for (const turn of [60, 45, 30]) {
    await book.setTime(turn);
    for (const id of Object.values(ids)) await book.turn(id, turn === 60 ? 'entered' : 'calendar', fromBefore(turn));
  }
  await book.setTime(29);
  const later = {
    unopened: await book.openCase({ expiresOn: '2027-05-20' }),
    prepared: await book.openCase({ expiresOn: '2027-04-25' }),
    followedUp: await book.openCase({ expiresOn: '2027-04-10' }),
    callCentres: await book.openCase({ channel: 'telesales', agentId: null, expiresOn: '2027-04-05' }),
  };
  for (const id of Object.values(later).slice(1)) await book.turn(id, 'entered');
  await situate(book, ids);
  return { ...ids, ...later };
}

function fromBefore(turn: number) {
  if (turn === 60) return {};
  return { from: turn === 45 ? ('preparation' as const) : ('follow-up' as const) };
}

type Situated = Record<
  'held' | 'secondRound' | 'orphan' | 'refused' | 'leftAlone' | 'calledBack' | 'quietHours',
  string
>;

async function situate({ db }: AnyBook, ids: Situated): Promise<void> {
  const set = (id: string, facts: Partial<typeof renewals.$inferInsert>) =>
    db.update(renewals).set(facts).where(eq(renewals.id, id));
  await set(ids.held, { heldUntil: day(20), holdReason: 'abroad' });
  await set(ids.secondRound, { secondRoundDueAt: day(26), secondRoundReason: 'price' });
  await set(ids.orphan, { orphanedAt: day(29.5), ownerId: null });
  await set(ids.refused, { refusedContactAt: day(30) });
  await set(ids.calledBack, { callBackAt: day(27) });
  await db
    .update(messages)
    .set({ heldUntil: day(28) })
    .where(eq(messages.renewalId, ids.quietHours));
  const handoverId = uuidv7();
  const handover = { agentId: 'A1', branchId: 'B01', state: 'open', dueAt: day(27), openedAt: day(29.5) };
  await db.insert(handovers).values({ id: handoverId, ...handover });
  await db.insert(handoverItems).values({ handoverId, renewalId: ids.orphan, state: 'undecided' });
  const [one] = await db
    .select({ customerId: policies.customerId })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(eq(renewals.id, ids.leftAlone));
  await db
    .update(customers)
    .set({ doNotContactUntil: day(10) })
    .where(eq(customers.id, one?.customerId ?? ''));
}

/** Stores a draft of the next version; it holds for everybody unless a scope is given. */
export async function aDraft(
  { db }: Pick<AnyBook, 'db'>,
  content: StagePlan,
  scope: { branchId?: string; segment?: string } = {},
): Promise<number> {
  const version = (await db.$count(stagePlans)) + 1;
  await db.insert(stagePlans).values({ version, state: 'draft', content, createdBy: 'M1', ...scope });
  return version;
}
