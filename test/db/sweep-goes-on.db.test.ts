import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSweepActivities, type Swept } from '../../activities/sweep.ts';
import type { Db } from '../../src/db/connection.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;
let mended: string[];
let failing: Set<string>;

beforeAll(async () => {
  book = await openBook();
});
beforeEach(() => {
  mended = [];
  failing = new Set();
});
afterEach(async () => {
  await book.db.update(renewals).set({ outcome: 'lost' });
});
afterAll(() => book.close());

/** An open case that the sweep finds by what is wrong with it. */
async function aCase(wrong: Partial<typeof renewals.$inferInsert>): Promise<string> {
  const id = await book.openCase();
  await book.setTime(40);
  await book.turn(id, 'entered');
  const running = { workflowStartedAt: new Date(), ...wrong };
  await book.db.update(renewals).set(running).where(eq(renewals.id, id));
  return id;
}

const lost = () => aCase({ workflowStartedAt: null });
const heldWithoutHearing = () => aCase({ holdRevision: 2, toldHoldRevision: 1 });
const behindItsExpiry = () => aCase({ expiryRevision: 3 });

async function anOldClaim(): Promise<string> {
  const renewalId = await aCase({});
  const [policy] = await book.db.select().from(policies).limit(1);
  const id = uuidv7();
  const claimed = { state: 'claimed', claimedAt: sql`business_now() - interval '16 minutes'` as never };
  const touch = { touch: 't-x', channel: 'sms', template: 't-x', dueAt: new Date(), latestAt: new Date() };
  await book.db.insert(messages).values({ id, renewalId, customerId: policy!.customerId, ...touch, ...claimed });
  return id;
}

/** Does what it is told, and fails for what the test says. */
const mending = (what: string) => async (subject: string) => {
  if (failing.has(subject) || failing.has(what)) throw new Error(`${what} ${subject} fails`);
  mended.push(`${what} ${subject}`);
};

function sweep({ db = book.db, startCase = mending('start') } = {}): Promise<Swept> {
  const activities = createSweepActivities({
    db,
    calendar: shanghai,
    startCase,
    reviveCase: async () => false,
    settleResult: async () => {},
    notifyCase: mending('notify'),
    tellHold: mending('hold'),
    tellHandover: mending('handover'),
    tellConcession: mending('concession'),
    startRollout: mending('rollout'),
  });
  const logger = new DefaultLogger('ERROR');
  return new MockActivityEnvironment({}, { logger }).run(activities.sweep);
}

/** Books whose first answer to a search never comes; old claims are looked for in a transaction of their own. */
function forgetful(): Db {
  let failures = 1;
  const select = (...asked: Parameters<Db['select']>) => {
    if (failures-- > 0) throw new Error('the search failed');
    return book.db.select(...asked);
  };
  return Object.create(book.db, { select: { value: select } }) as Db;
}

describe('A sweep in which one of its cases cannot be mended', () => {
  test('mends the others of that kind, and what comes after, and then says what failed', async () => {
    const [first, broken, last] = [await lost(), await lost(), await lost()];
    const [held, corrected] = [await heldWithoutHearing(), await behindItsExpiry()];
    failing.add(broken);
    await expect(sweep()).rejects.toThrow(`start ${broken} fails`);
    expect(mended.toSorted()).toEqual(
      [`start ${first}`, `start ${last}`, `hold ${held}`, `notify ${corrected}`].toSorted(),
    );
  });

  test('mends what comes after although a whole kind fails, and tells of the first failure', async () => {
    const [one, held] = [await lost(), await heldWithoutHearing()];
    failing.add('start');
    await expect(sweep()).rejects.toThrow(`start ${one} fails`);
    expect(mended).toEqual([`hold ${held}`]);
  });

  test('mends what failed the next time', async () => {
    const id = await lost();
    failing.add(id);
    await expect(sweep()).rejects.toThrow(`start ${id} fails`);
    failing.clear();
    expect(await sweep()).toMatchObject({ started: 1 });
    expect(mended).toEqual([`start ${id}`]);
  });

  test('counts only what it mended', async () => {
    for (let turn = 0; turn < 3; turn += 1) await lost();
    expect(await sweep()).toMatchObject({ started: 3, nudged: 0, interrupted: 0 });
  });
});

describe('A sweep that cannot look for one kind', () => {
  test('looks for all others, and then says so', async () => {
    const held = await heldWithoutHearing();
    await lost();
    await expect(sweep({ db: forgetful() })).rejects.toThrow('the search failed');
    expect(mended).toEqual([`hold ${held}`]);
  });

  test('mends everything else when it cannot look for old claims, which come first', async () => {
    const [one, held] = [await lost(), await heldWithoutHearing()];
    const transaction = () => Promise.reject(new Error('no transaction'));
    const db = Object.create(book.db, { transaction: { value: transaction } }) as Db;
    await expect(sweep({ db })).rejects.toThrow('no transaction');
    expect(mended).toEqual([`start ${one}`, `hold ${held}`]);
  });
});

describe('Old claims', () => {
  test('are given up before anything else is mended, so that they can be settled however much fails', async () => {
    const messageId = await anOldClaim();
    const stateOf = async () =>
      (await book.db.select().from(messages).where(eq(messages.id, messageId)))[0]?.state ?? 'none';
    await lost();
    const seen: string[] = [];
    const startCase = async (): Promise<void> => {
      seen.push(await stateOf());
      throw new Error('nothing starts');
    };
    await expect(sweep({ startCase })).rejects.toThrow('nothing starts');
    expect(seen).toEqual(['unknown']);
  });
});
