import { setTimeout as sleep } from 'node:timers/promises';
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { messageAttempts } from '../../src/db/schema/message-attempts.ts';
import { messages } from '../../src/db/schema/messages.ts';
import { processIdentity } from '../../src/stack/process-identity.ts';
import { startSmtpStandIn, type SmtpStandIn } from '../messaging/smtp-stand-in.ts';
import { aBuild, type Build } from '../support/a-build.ts';
import { planMessages, startSending } from './a-flood-of-sends.ts';
import { startSeason, until, type Season } from './a-season-of-cases.ts';
import { startRelease, type RunningRelease } from './releases.ts';
import { slowCommits, type SlowCommits } from './slow-commits.ts';
import {
  countEach,
  doubledAmong,
  lostFromSight,
  readBooked,
  readTaken,
  type Booked,
  type Taken,
} from './what-the-flood-did.ts';

const customers = 40;
/** How long the window stays open after the sending began; Temporal waits 20 s for a worker that is silent. */
const openMs = 26_000;
const windowCloses = Date.parse('2027-03-16T21:00:00+08:00');
/** Longer than it takes to see that the worker may be stopped. */
const heldMs = 9_000;
const patienceMs = 60_000;
const tooOld = 'not-accepted claim-too-old';

let season: Season;
let mails: SmtpStandIn;
let build: Build;
let network: SlowCommits;
let still: RunningRelease;
let other: RunningRelease | undefined;
/** Messages that the stopped worker had claimed, with what it had come to by then. */
let handedOver: Booked[];
let notHandedOver: Booked[];
let beforeItWoke: Taken[];
let taken: Taken[];
let booked: Booked[];

beforeAll(async () => {
  mails = await startSmtpStandIn();
  build = aBuild([]);
  season = await startSeason({ today: '2027-03-16', policies: 0, dayMs: 24 * 3_600_000, serversOnly: true });
  network = await slowCommits(season.stack.ports.postgres);
  const databaseUrl = network.through(season.stack.env['XUBAO_DATABASE_URL'] ?? '');
  still = await startWorker('still', { XUBAO_DATABASE_URL: databaseUrl });
  await planMessages(season, customers);
  await season.behaveSms({ mode: 'hold', holdMs: heldMs });
  mails.behave({ at: 'final-dot', holdMs: heldMs });
}, 120_000);
afterAll(async () => {
  if (processIdentity(still.pid)) process.kill(still.pid, 'SIGCONT');
  await Promise.all([still.stop(), other?.stop()]);
  await season.close();
  network.close();
  await mails.stop();
  build.remove();
});

function startWorker(name: string, variables: Record<string, string> = {}): Promise<RunningRelease> {
  return startRelease(season, { name, build, variables: { XUBAO_SMTP_PORT: String(mails.port), ...variables } });
}

const placeOf = ({ channel, to }: Booked | Taken): string => `${channel} ${to}`;
const inState = (state: string): Promise<number> => season.deps.db.$count(messages, eq(messages.state, state));

/** Until the worker has no place left for another message: of some it waits for its commit, of others for a provider. */
async function untilNothingMoves(): Promise<void> {
  let seen = '';
  let since = Date.now();
  const isBusy = async (): Promise<boolean> => {
    const claimed = await inState('claimed');
    const now = `${claimed} ${(await readTaken({ ...season, mails })).length}`;
    if (now !== seen) [seen, since] = [now, Date.now()];
    return claimed >= 12 && Date.now() - since > 400;
  };
  await until('claims are under way and none is added', isBusy, patienceMs);
}

async function readInterrupted(): Promise<Booked[]> {
  const rows = await season.deps.db.select().from(messages).where(eq(messages.reason, 'interrupted'));
  const ids = new Set(rows.map(({ id }) => id));
  return (await readBooked(season)).filter(({ id }) => ids.has(id));
}

const answersOf = async (ofMessages: readonly Booked[]): Promise<string[]> => {
  const ids = ofMessages.map(({ id }) => id);
  const rows = await season.deps.db.select().from(messageAttempts).where(inArray(messageAttempts.messageId, ids));
  return rows.map(({ state, answer }) => `${state} ${answer}`);
};

async function stopInMidSend(): Promise<void> {
  network.holdAnswers(heldMs);
  await anchorClock(season.deps.db, { businessAt: windowCloses - openMs, speed: 1 });
  const closesAt = Date.now() + openMs;
  await startSending(
    season,
    Array.from({ length: customers }, (_, turn) => turn + 1),
  );
  await untilNothingMoves();
  process.kill(still.pid, 'SIGSTOP');
  network.holdAnswers(0);
  other = await startWorker('other');
  await until('another worker has taken over', async () => (await inState('claimed')) === 0, patienceMs);
  await sleep(Math.max(0, closesAt + 1_000 - Date.now()));
  beforeItWoke = await readTaken({ ...season, mails });
  const had = new Set(beforeItWoke.map(placeOf));
  const interrupted = await readInterrupted();
  handedOver = interrupted.filter((one) => had.has(placeOf(one)));
  notHandedOver = interrupted.filter((one) => !had.has(placeOf(one)));
}

async function goOn(): Promise<void> {
  process.kill(still.pid, 'SIGCONT');
  const saysSo = async (): Promise<boolean> => (await answersOf(notHandedOver)).includes(tooOld);
  await until('the worker says of claims that they are too old', saysSo, patienceMs);
  // What it sent too late would arrive now.
  await sleep(3_000);
  await until('nothing is claimed any more', async () => (await inState('claimed')) === 0, patienceMs);
}

describe('A worker that stands still in the middle of its sends, until others have taken over and the window has closed', () => {
  test('and then goes on', async () => {
    try {
      await stopInMidSend();
      await goOn();
    } finally {
      [booked, taken] = [await readBooked(season), await readTaken({ ...season, mails })];
      print();
    }
    expect(booked).toHaveLength(2 * customers);
  }, 120_000);

  test('was really stopped between claim and hand-over, and between hand-over and answer', () => {
    expect(notHandedOver.length).toBeGreaterThanOrEqual(3);
    expect(handedOver.length).toBeGreaterThanOrEqual(1);
  });

  test('sends nothing outside the window', () => {
    expect(taken.map(placeOf).toSorted()).toEqual(beforeItWoke.map(placeOf).toSorted());
  });

  test('doubles no message at any provider', () => {
    expect(doubledAmong(taken)).toEqual([]);
  });

  test('loses none from sight', () => {
    expect(lostFromSight(taken, booked)).toEqual([]);
    expect(booked.filter(({ state }) => state === 'claimed')).toEqual([]);
  });

  test('says of what it did not hand over that nothing left, and keeps what it had handed over as perhaps gone', async () => {
    const answers = await answersOf(notHandedOver);
    expect(answers.filter((one) => one === tooOld).length).toBeGreaterThanOrEqual(3);
    // One that was stopped on its way to the provider cannot be told from one that arrived.
    expect(answers.filter((one) => one !== tooOld && !one.startsWith('unknown '))).toEqual([]);
    const states = booked.filter(({ id }) => handedOver.some((one) => one.id === id)).map(({ state }) => state);
    expect(states.filter((state) => !['accepted', 'unknown'].includes(state))).toEqual([]);
  });
});

function print(): void {
  const lines = {
    'messages and customers': `${booked.length} ${customers}`,
    'claimed and not handed over': countEach((notHandedOver ?? []).map(({ channel }) => channel)),
    'handed over, answer held': countEach((handedOver ?? []).map(({ channel }) => channel)),
    'taken before it woke, and at the end': [beforeItWoke?.length, taken.length],
    doubled: doubledAmong(taken).length,
    'lost from sight': lostFromSight(taken, booked).length,
    states: countEach(booked.map(({ channel, state }) => `${channel} ${state}`)),
  };
  for (const [what, value] of Object.entries(lines)) {
    process.stdout.write(`${what.padEnd(38)} ${JSON.stringify(value)}\n`);
  }
}
