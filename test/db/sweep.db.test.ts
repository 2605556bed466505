import { MockActivityEnvironment } from '@temporalio/testing';
import { eq, sql, type SQL } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSweepActivities, type Swept } from '../../activities/sweep.ts';
import { receiveResult } from '../../src/db/results/result-records.ts';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { handoverItems, handovers } from '../../src/db/schema/handovers.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import {
  casesBehindTheCore,
  casesBehindTheirExpiry,
  casesBehindTheirHold,
  casesWithoutWorkflow,
  handoversBehind,
  openCasesAfter,
  overdueCases,
  takeStaleResults,
} from '../../src/db/cases/sweep-records.ts';
import { giveUpOldClaims } from '../../src/db/messages/old-claims.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { casesToConfirmAfter } from '../../src/db/cases/unsent-confirmations.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

async function aRunningCase(facts: Partial<typeof renewals.$inferInsert> = {}): Promise<string> {
  const id = await book.openCase();
  await book.setTime(40);
  await book.turn(id, 'entered');
  await book.db
    .update(renewals)
    .set({ workflowStartedAt: new Date(), ...facts })
    .where(eq(renewals.id, id));
  return id;
}

describe('the sweeper finds', () => {
  test('open cases whose workflow nobody has seen start', async () => {
    const lost = await aRunningCase({ workflowStartedAt: null });
    await aRunningCase();
    await aRunningCase({ workflowStartedAt: null, outcome: 'lost' });
    expect(await casesWithoutWorkflow(book.db, 100)).toEqual([lost]);
  });

  test('cases whose next action is more than a day late', async () => {
    const late = await aRunningCase({ nextActionAt: sql`business_now() - interval '25 hours'` as never });
    const soon = await aRunningCase({ nextActionAt: sql`business_now() - interval '23 hours'` as never });
    const overdue = await overdueCases(book.db, 100);
    expect(overdue).toContain(late);
    expect(overdue).not.toContain(soon);
  });

  test('late cases a page at a time, none standing in the way of the others', async () => {
    for (let more = 0; more < 3; more += 1) {
      await aRunningCase({ nextActionAt: sql`business_now() - interval '26 hours'` as never });
    }
    const all = await overdueCases(book.db, 100);
    const paged: string[] = [];
    for (
      let page = await overdueCases(book.db, 2);
      page.length > 0;
      page = await overdueCases(book.db, 2, paged.at(-1))
    ) {
      paged.push(...page);
    }
    expect(paged).toEqual(all);
  });

  test('claims whose attempt died, and marks them unknown', async () => {
    const id = await aRunningCase();
    const [planned] = await book.messages(id);
    const claimed = (messageId: string, minutes: number) =>
      book.db
        .update(messages)
        .set({ state: 'claimed', claimedAt: sql`business_now() - ${`${minutes} minutes`}::interval` })
        .where(eq(messages.id, messageId));
    const row = { ...planned, renewalId: id, touch: 't-x', channel: 'sms', template: 't-x', state: 'planned' };
    const policy = await book.db.select().from(policies).limit(1);
    const old = { ...row, id: uuidv7(), customerId: policy[0]!.customerId, dueAt: new Date(), latestAt: new Date() };
    await book.db.insert(messages).values([old, { ...old, id: uuidv7(), touch: 't-y' }]);
    const [one, other] = (await book.messages(id)).filter(({ touch }) => touch === 't-x' || touch === 't-y');
    await claimed(one!.id, 16);
    await claimed(other!.id, 14);
    expect(await giveUpOldClaims(book.db, 100)).toBe(1);
    const states = (await book.messages(id)).filter((message) => [one!.id, other!.id].includes(message.id));
    expect(states.map(({ state }) => state).toSorted()).toEqual(['claimed', 'unknown']);
    expect(await book.events(id)).toContain('message-unknown');
  });

  test('renewed cases whose confirmation waits, for a rebuild', async () => {
    const id = await aRunningCase();
    const ending = { outcome: { kind: 'renewed', early: false }, cause: 'test' } as const;
    await book.steps.closeCase({ renewalId: id, stamp: '', ending });
    expect(await casesToConfirmAfter(book.db, '', 100)).toEqual([id]);
    expect(await book.turn(id, 'entered')).toMatchObject({ kind: 'ended', confirmBy: ['sms'] });
  });

  test('no case that waits as it was planned to wait', async () => {
    const id = await aRunningCase();
    expect(await overdueCases(book.db, 100)).not.toContain(id);
  });

  test('cases that have not armed their newest expiry', async () => {
    const id = await aRunningCase({ expiryRevision: 3 });
    expect(await casesBehindTheirExpiry(book.db, 100)).toEqual([{ renewalId: id, revision: 3 }]);
    await book.turn(id, 'expiry-corrected', { from: 'follow-up' });
    expect(await casesBehindTheirExpiry(book.db, 100)).toEqual([]);
  });

  test('no correction that waits for the end of a second round, which would be signalled every minute for days', async () => {
    await aRunningCase({ expiryRevision: 3, secondRoundDueAt: new Date() });
    expect(await casesBehindTheirExpiry(book.db, 100)).toEqual([]);
  });

  test('running cases that have not been told how their hold stands', async () => {
    const id = await aRunningCase({ holdRevision: 2, toldHoldRevision: 1 });
    await aRunningCase({ holdRevision: 2, toldHoldRevision: 2 });
    await aRunningCase({ holdRevision: 1, outcome: 'lost' });
    expect(await casesBehindTheirHold(book.db, 100)).toEqual([id]);
  });

  test('cases of policies that the core system renewed or cancelled', async () => {
    const renewed = await aRunningCase();
    const cancelled = await aRunningCase();
    const of = (id: string) => sql`id = (select policy_id from renewals where id = ${id})`;
    await book.db.update(policies).set({ renewedAs: 'N-1' }).where(of(renewed));
    await book.db.update(policies).set({ cancelledOn: '2027-01-01' }).where(of(cancelled));
    const found = await casesBehindTheCore(book.db, 100);
    expect(found).toContainEqual(expect.objectContaining({ renewalId: renewed, renewedAs: 'N-1' }));
    expect(found).toContainEqual(expect.objectContaining({ renewalId: cancelled, renewedAs: null }));
    expect(found).toHaveLength(2);
  });

  test('results that stayed behind, each for one sweeper at a time', async () => {
    const id = await aRunningCase();
    const result = { id: uuidv7(), renewalId: id, kind: 'contact', result: 'quoted', recordedBy: 'A1' } as const;
    await book.db.transaction((tx) => receiveResult(tx, result, shanghai));
    expect(await takeStaleResults(book.db, 100)).toEqual([]);
    await book.db.update(contactResults).set({ sentAt: sql`now() - interval '11 seconds'` });
    const [one, other] = await Promise.all([takeStaleResults(book.db, 100), takeStaleResults(book.db, 100)]);
    expect([...one, ...other].map((row) => row.id)).toEqual([result.id]);
  });

  test('every open case, page by page', async () => {
    const all: string[] = [];
    for (
      let page = await openCasesAfter(book.db, '', 3);
      page.length > 0;
      page = await openCasesAfter(book.db, page.at(-1)!, 3)
    ) {
      all.push(...page);
    }
    const open = await book.db
      .select({ id: renewals.id })
      .from(renewals)
      .where(sql`outcome is null`);
    expect(all.toSorted()).toEqual(open.map(({ id }) => id).toSorted());
  });

  describe('hand-overs whose workflow', () => {
    const later = sql`business_now() + interval '1 hour'`;
    const past = sql`business_now() - interval '1 second'`;

    type HandoverFacts = { state: string; due: SQL; item: Partial<typeof handoverItems.$inferInsert> };

    async function aHandover({ state, due, item }: HandoverFacts) {
      const row = { agentId: 'A2', branchId: 'B01', state, dueAt: due, openedAt: sql`business_now()` };
      const id = uuidv7();
      await book.db.insert(handovers).values({ id, ...row } as never);
      const renewalId = await aRunningCase();
      await book.db
        .insert(handoverItems)
        .values({ handoverId: id, renewalId, state: 'undecided', notifiedAt: new Date(), ...item });
      return id;
    }

    test.each([
      ['never told a case that its owner left', { state: 'open', due: later, item: { notifiedAt: null } }],
      [
        'never told a case of the decision',
        { state: 'decided', due: later, item: { state: 'assigned', notifiedAt: null } },
      ],
      ['slept through the deadline of the supervisor', { state: 'open', due: past, item: {} }],
      [
        'slept through the deadline of an offer',
        { state: 'open', due: later, item: { state: 'offered', offerDueAt: past as never } },
      ],
    ])('%s', async (_, facts) => {
      const id = await aHandover(facts);
      expect(await handoversBehind(book.db, 100)).toContain(id);
    });

    test.each([
      ['waits for the supervisor', { state: 'open', due: later, item: {} }],
      [
        'waits for a channel, the deadline of the supervisor being over',
        { state: 'open', due: past, item: { state: 'offered', offerDueAt: later as never } },
      ],
      ['told everybody', { state: 'decided', due: past, item: { state: 'assigned' } }],
      [
        'has nothing to tell to a case that closed',
        { state: 'open', due: later, item: { state: 'closed', notifiedAt: null } },
      ],
    ])('but not one that %s', async (_, facts) => {
      const id = await aHandover(facts);
      expect(await handoversBehind(book.db, 100)).not.toContain(id);
    });

    test('was never started are told, and counted', async () => {
      const id = await aHandover({ state: 'open', due: later, item: { notifiedAt: null } });
      const told: string[] = [];
      const nothing = async () => {};
      const { sweep } = createSweepActivities({
        db: book.db,
        calendar: shanghai,
        startCase: nothing,
        reviveCase: async () => false,
        settleResult: nothing,
        notifyCase: nothing,
        tellHold: nothing,
        tellHandover: async (handoverId) => void told.push(handoverId),
        tellConcession: nothing,
        startRollout: nothing,
      });
      const swept: Swept = await new MockActivityEnvironment().run(sweep);
      expect(told).toContain(id);
      expect(swept.handovers).toBe(told.length);
    });
  });
});
