import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSendActivities, type SendActivities } from '../../activities/send.ts';
import type { Db } from '../../src/db/connection.ts';
import { messageAttempts } from '../../src/db/schema/message-attempts.ts';
import { changeSetting } from '../../src/db/settings-records.ts';
import type { EmailPort, SmsPort } from '../../src/messaging/provider-answer.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';
import { aDeath, aProvider, dying, type Answering, type Death } from './providers-and-deaths.ts';

let book: MessageBook;
let misconfigured: string[];
// An address that is refused for good is refused for everybody who has it.
let phones = 0;

const email: EmailPort = { name: 'smtp', send: () => Promise.reject(new Error('nobody writes an e-mail here')) };
const question = (renewalId: string) => ({ renewalId, touch: 't-15', stamp: '' });

function activities(sms: SmsPort[], db: Db = book.db): SendActivities {
  const reportMisconfigured = ({ provider }: { provider: string | null }) => void misconfigured.push(provider ?? '');
  return createSendActivities({ db, calendar, sms, email, reportMisconfigured });
}

async function aPlannedSms(): Promise<{ renewalId: string; messageId: string }> {
  phones += 1;
  const renewalId = await book.addCase({ customer: { phone: `+86138${String(phones).padStart(8, '0')}` } });
  return { renewalId, messageId: await book.plan(renewalId) };
}

function attemptsOf(messageId: string) {
  const { provider, state } = messageAttempts;
  return book.db
    .select({ provider, state })
    .from(messageAttempts)
    .where(eq(messageAttempts.messageId, messageId))
    .orderBy(messageAttempts.id);
}

beforeAll(async () => {
  book = await openMessageBook();
  await book.setTime('2027-03-16T10:00');
  const countries = [{ callingCode: '86', order: ['aliyun', 'twilio', 'third'] }];
  const content = { default: ['twilio'], countries, templateCodes: [] };
  await book.db.transaction((tx) => changeSetting(tx, { name: 'sms-providers', content, changedBy: 'admin' }));
});
beforeEach(() => {
  misconfigured = [];
});
afterAll(() => book.close());

describe('A message to mainland China', () => {
  test('goes through the first provider of its order, and through no other when that one takes it', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const [aliyun, twilio] = [aProvider('aliyun', ['accept']), aProvider('twilio', ['accept'])];
    expect(await activities([twilio, aliyun]).sendSms(question(renewalId))).toMatchObject({ kind: 'accepted' });
    expect([aliyun.asked, twilio.asked]).toEqual([1, 0]);
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'accepted', provider: 'aliyun' });
  });

  test.each(['later', 'broke', 'refuse'] as const)(
    'goes through the next provider at once when the first one proves that it did not take it: %s',
    async (answer) => {
      const { renewalId, messageId } = await aPlannedSms();
      const [aliyun, twilio] = [aProvider('aliyun', [answer]), aProvider('twilio', ['accept'])];
      expect(await activities([twilio, aliyun]).sendSms(question(renewalId))).toMatchObject({ kind: 'accepted' });
      expect(await attemptsOf(messageId)).toEqual([
        { provider: 'aliyun', state: 'not-accepted' },
        { provider: 'twilio', state: 'accepted' },
      ]);
      expect(await book.eventsOf(renewalId)).toEqual([
        'message-planned-again other-provider',
        'message-accepted accepted',
      ]);
      expect(misconfigured).toEqual(answer === 'broke' ? ['aliyun'] : []);
    },
  );

  test.each(['lose-after-taking', 'lose-before-taking', 'refuse-number'] as const)(
    'never goes through the next provider on anything else: %s',
    async (answer) => {
      const { renewalId } = await aPlannedSms();
      const [aliyun, twilio] = [aProvider('aliyun', [answer]), aProvider('twilio', ['accept'])];
      await activities([twilio, aliyun]).sendSms(question(renewalId));
      await activities([twilio, aliyun]).sendSms(question(renewalId));
      expect([aliyun.asked, twilio.asked]).toEqual([1, 0]);
    },
  );

  test('waits when all have refused and one may take it later; who refused it for good is not asked again', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const [aliyun, twilio] = [aProvider('aliyun', ['later', 'accept']), aProvider('twilio', ['refuse'])];
    expect(await activities([twilio, aliyun]).sendSms(question(renewalId))).toMatchObject({ kind: 'waiting' });
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'planned', refusedBy: ['twilio'] });
    await activities([twilio, aliyun]).sendSms(question(renewalId));
    expect([aliyun.asked, twilio.asked]).toEqual([2, 1]);
  });

  test('is not accepted once each of them refused it for good', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const [aliyun, twilio] = [aProvider('aliyun', ['refuse']), aProvider('twilio', ['refuse'])];
    expect(await activities([twilio, aliyun]).sendSms(question(renewalId))).toMatchObject({ kind: 'not-accepted' });
    expect((await book.findMessage(messageId)).state).toBe('not-accepted');
  });

  test('passes over a provider that refused another message a moment ago for reasons of its own', async () => {
    const [one, other] = [await aPlannedSms(), await aPlannedSms()];
    const [aliyun, twilio] = [aProvider('aliyun', ['broke', 'accept']), aProvider('twilio', ['accept'])];
    const worker = activities([twilio, aliyun]);
    await worker.sendSms(question(one.renewalId));
    await worker.sendSms(question(other.renewalId));
    expect([aliyun.asked, twilio.asked]).toEqual([1, 2]);
  });

  test('is not sent by a worker that knows none of its providers', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const answer = await activities([aProvider('fourth', ['accept'])]).sendSms(question(renewalId));
    expect(answer).toMatchObject({ kind: 'waiting', reason: 'sending-misconfigured' });
    expect((await book.findMessage(messageId)).state).toBe('planned');
  });
});

const answers = ['accept', 'refuse', 'refuse-number', 'later', 'broke', 'lose-after-taking', 'lose-before-taking'];
const answering = fc.constantFrom(...(answers as Answering[]));
const run = fc.record({
  aliyun: answering,
  twilio: answering,
  third: answering,
  death: fc.option(aDeath, { nil: undefined, freq: 2 }),
});

type Run = { aliyun: Answering; twilio: Answering; third: Answering; death: Death | undefined };

describe('Fail-over with workers that die', () => {
  let deaths = 0;
  let movedOn = 0;

  test('goes on where a worker died between the refusal of one provider and the claim for the next', async () => {
    const { renewalId, messageId } = await aPlannedSms();
    const taken: string[] = [];
    const [aliyun, twilio] = [aProvider('aliyun', ['refuse'], { taken }), aProvider('twilio', ['accept'], { taken })];
    expect(await dies([aliyun, twilio], renewalId, { kind: 'after-transaction', number: 2 })).toBe(true);
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'planned', refusedBy: ['aliyun'] });
    await activities([aliyun, twilio]).sendSms(question(renewalId));
    expect([taken.length, aliyun.asked, twilio.asked]).toEqual([1, 1, 1]);
  });

  test('never lets two providers take one message, and loses none that was taken from sight', async () => {
    const lives = fc.array(run, { minLength: 2, maxLength: 5 });
    await fc.assert(fc.asyncProperty(lives, checkLives), { numRuns: 40 });
  }, 120_000);

  async function checkLives(runs: readonly Run[]): Promise<void> {
    const { renewalId, messageId } = await aPlannedSms();
    const taken: string[] = [];
    for (const { death, ...one } of runs) {
      const ports = Object.entries(one).map(([name, answer]) => aProvider(name, [answer], { taken, death }));
      if (await dies(ports, renewalId, death)) deaths += 1;
    }
    const { state } = await book.findMessage(messageId);
    const attempts = await attemptsOf(messageId);
    movedOn += new Set(attempts.map(({ provider }) => provider)).size > 1 ? 1 : 0;
    expect(taken.length).toBeLessThanOrEqual(1);
    const outOfSight = taken.length === 1 && !['claimed', 'unknown', 'accepted'].includes(state);
    expect(outOfSight).toBe(false);
  }

  /** One life of a worker; true when it died before it answered. */
  async function dies(ports: SmsPort[], renewalId: string, death: Death | undefined): Promise<boolean> {
    const grave = Promise.withResolvers<true>();
    const db = death === undefined ? book.db : dying(book.db, death, () => grave.resolve(true));
    for (const port of ports) Object.assign(port, { onDeath: () => grave.resolve(true) });
    const life = activities(ports, db)
      .sendSms(question(renewalId))
      .then(() => false);
    return Promise.race([life, grave.promise]);
  }

  test('really had workers die and providers refuse', () => {
    expect(deaths).toBeGreaterThan(10);
    expect(movedOn).toBeGreaterThan(5);
  });
});
