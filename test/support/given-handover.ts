import { MockActivityEnvironment } from '@temporalio/testing';
import { eq } from 'drizzle-orm';
import { createHandoverActivities } from '../../activities/handover.ts';
import type { CaseDeps } from '../../src/cases/connect.ts';
import {
  acceptHandover,
  decideHandover,
  recordDeparture,
  type HandoverAnswer,
  type HandoverDecision,
} from '../../src/cases/departures.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { handoverItems } from '../../src/db/schema/handovers.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import type { Notice } from '../../src/renewal/case-notice.ts';
import type { ReceivingChannel } from '../../src/renewal/orphan.ts';
import { openBook, type Book, type PolicyFacts } from './given-book.ts';
import { shanghai } from './given-plan.ts';
import { silentTemporal } from './silent-temporal.ts';

export const monday = '2027-03-01';

type ItemRow = typeof handoverItems.$inferSelect;
type TaskRow = typeof tasks.$inferSelect;

/** Agents who leave on Monday at ten, and what becomes of their cases; the hand-over's workflow is not there. */
export type HandoverBook = Book & {
  deps: CaseDeps;
  /** What the cases heard since the last departure. */
  told: () => [string, Notice][];
  at: (day: string, minute?: number) => Promise<void>;
  departureOf: (cases: number, facts?: PolicyFacts) => Promise<{ handoverId: string; ids: string[]; agentId: string }>;
  leaves: (staffId: string, effectiveOn?: string | null) => ReturnType<typeof recordDeparture>;
  notify: (handoverId: string) => Promise<unknown>;
  silence: (handoverId: string) => Promise<void>;
  decide: (
    handoverId: string,
    decision: HandoverDecision,
    more?: { renewalIds?: string[]; decidedBy?: string },
  ) => Promise<HandoverAnswer>;
  answer: (handoverId: string, accept: boolean, channel?: ReceivingChannel) => Promise<HandoverAnswer>;
  items: (handoverId: string) => Promise<ItemRow[]>;
  states: (handoverId: string) => Promise<string[]>;
  handoverTasks: (handoverId: string) => Promise<TaskRow[]>;
};

export async function openHandoverBook(): Promise<HandoverBook> {
  const book = await openBook();
  // The hand-over's workflow is not what these tests are about; it only hears that something changed.
  const deps = { db: book.db, calendar: shanghai, temporal: silentTemporal };
  let told: [string, Notice][] = [];
  let agents = 0;
  const activities = createHandoverActivities({
    ...deps,
    notifyCase: async (id, notice) => void told.push([id, notice]),
  });
  const at = (day: string, minute = 10 * 60): Promise<void> =>
    anchorClock(book.db, { businessAt: shanghai.instantOf(day, minute), speed: 1 });
  const leaves: HandoverBook['leaves'] = (staffId, effectiveOn = monday) =>
    recordDeparture(deps, { staffId, effectiveOn, by: 'S1' });
  const items = (handoverId: string): Promise<ItemRow[]> =>
    book.db.select().from(handoverItems).where(eq(handoverItems.handoverId, handoverId)).execute();
  return {
    ...book,
    deps,
    told: () => told,
    at,
    leaves,
    items,
    departureOf: async (cases, facts = {}) => {
      const agentId = `L${(agents += 1)}`;
      const agent = { id: agentId, name: agentId, roles: ['agent'], branchId: 'B01', teamId: 'T1' };
      await book.db.insert(staff).values(agent);
      const ids: string[] = [];
      for (let turn = 0; turn < cases; turn += 1) ids.push(await book.openCase({ agentId, ...facts }));
      told = [];
      await at(monday);
      const job = await leaves(agentId);
      return { handoverId: job.id!, ids, agentId };
    },
    notify: (handoverId) => new MockActivityEnvironment().run(activities.notifyCases, { handoverId }),
    silence: (handoverId) => activities.actOnSilence({ handoverId }),
    decide: (handoverId, decision, { renewalIds, decidedBy = 'S1' } = {}) =>
      decideHandover(deps, { handoverId, decision, renewalIds, decidedBy }),
    answer: (handoverId, accept, channel = 'cross-sales') =>
      acceptHandover(deps, { handoverId, accept, channel, by: 'C1' }),
    states: async (handoverId) => (await items(handoverId)).map(({ state }) => state).toSorted(),
    handoverTasks: (handoverId) => book.db.select().from(tasks).where(eq(tasks.handoverId, handoverId)).execute(),
  };
}
