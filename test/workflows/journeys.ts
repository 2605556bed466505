import type { Outcome } from '../../src/renewal/loss.ts';
import type { CaseFacts, RunningCase } from '../support/running-cases.ts';

/** What people and systems do to a case from a day on, and the book in which it must end. */
export type Ending = { name: string; live: (running: RunningCase) => Promise<void>; outcome: Outcome };
export type Journey = Ending & { day: number; facts?: CaseFacts };

export const lost = (reason: (Outcome & { kind: 'lost' })['reason'], renewable = true): Outcome => ({
  kind: 'lost',
  reason,
  renewable,
});
export const renewed: Outcome = { kind: 'renewed', early: false };

/** The days on which something happens: one before the first stage, one in each, and one in the days of grace. */
const stageDays = {
  before: 61,
  preparation: 50,
  'follow-up': 40,
  'intensive-chase': 20,
  'wrap-up': 5,
  grace: -1,
} as const;

/** What can happen on one of these days, in each of them. */
export function inEachStage(happenings: (day: number) => readonly Ending[], days: object = stageDays): Journey[] {
  return Object.entries(days).flatMap(([stage, day]: [string, number]) =>
    happenings(day).map((happening) => ({ ...happening, day, name: `${stage}: ${happening.name}` })),
  );
}

/** Every way in which a case can end, besides time passing over it. */
const endings: readonly Ending[] = [
  {
    name: 'confirmed, quoted, renewed',
    live: async (one) => {
      await one.says('confirmed');
      await one.says('quoted');
      await one.says('renewed');
    },
    outcome: renewed,
  },
  {
    name: 'declined, and the second round stays silent',
    live: (one) => one.says('declined', { lossReason: 'price' }),
    outcome: lost('price'),
  },
  {
    name: 'declined, and the supervisor confirms the loss',
    live: async (one) => {
      await one.says('declined', { lossReason: 'rival-service' });
      await one.decides('confirmed-lost');
    },
    outcome: lost('rival-service'),
  },
  {
    name: 'declined, and the supervisor renews it after all',
    live: async (one) => {
      await one.says('declined', { lossReason: 'claims-experience' });
      await one.decides('renewed');
    },
    outcome: renewed,
  },
  {
    name: 'declined, reopened, and never answered again',
    live: async (one) => {
      await one.says('declined', { lossReason: 'price' });
      await one.decides('reopened');
    },
    outcome: lost('no-result'),
  },
  {
    name: 'three attempts, unreachable, and the second round stays silent',
    live: async (one) => {
      for (const attempt of ['not-reached', 'wrong-number', 'not-reached'] as const) await one.says(attempt);
      await one.says('unreachable');
    },
    outcome: lost('unreachable'),
  },
  { name: 'not renewable', live: (one) => one.says('not-renewable'), outcome: lost('sold-or-scrapped', false) },
  { name: 'contact refused', live: (one) => one.says('refused-contact'), outcome: lost('refused-contact') },
  {
    name: 'the agent left and another channel accepted the case',
    live: async (one) => {
      await one.hears({ key: 'left', kind: 'owner-left' });
      await one.hears({ key: 'accepted', kind: 'handed-off', channel: 'cross-sales' });
    },
    outcome: { kind: 'orphan-handed-off', channel: 'cross-sales' },
  },
  {
    name: 'the core system reports it as renewed',
    live: (one) => one.hears({ key: 'core.1', kind: 'renewed-in-core', early: false }),
    outcome: renewed,
  },
  {
    name: 'the core system reports it as cancelled',
    live: (one) => one.hears({ key: 'core.1', kind: 'cancelled-in-core' }),
    outcome: lost('sold-or-scrapped', false),
  },
];

const unanswered = { live: async () => {}, outcome: lost('no-result'), day: 61 };

/** Journeys in which time does the work. */
const journeysOfTime: readonly Journey[] = [
  { ...unanswered, name: 'never answered' },
  { ...unanswered, name: 'never handed out', facts: { handedOut: false } },
  { ...unanswered, name: 'first seen at T-20', facts: { openedOn: 20 } },
  { ...unanswered, name: 'first seen on the expiry day', facts: { openedOn: 0 } },
  {
    ...unanswered,
    name: 'a call-back is promised',
    day: 40,
    live: async (one) => {
      await one.says('promised', { callBackAt: (await one.env.currentTimeMs()) + 86_400_000 });
    },
  },
  {
    ...unanswered,
    name: 'orphaned for a week and assigned again',
    day: 31,
    live: async (one) => {
      await one.hears({ key: 'left', kind: 'owner-left' });
      await one.until(24);
      await one.hears({ key: 'assigned', kind: 'owner-assigned', ownerId: 'A2' });
    },
  },
  {
    ...unanswered,
    name: 'held for ten days over the end of a stage',
    day: 33,
    live: (one) => one.holds(23),
  },
  {
    ...unanswered,
    name: 'held and resumed before its time',
    day: 33,
    live: async (one) => {
      await one.holds(10);
      await one.until(23);
      await one.resumes();
    },
  },
  {
    ...unanswered,
    name: 'a mistaken decline is corrected',
    day: 31,
    live: async (one) => {
      await one.says('declined', { resultId: 'mistaken', lossReason: 'price' });
      await one.until(29);
      delete one.books.secondRoundDueAt;
      await one.corrects('mistaken');
    },
  },
  { ...unanswered, name: 'the expiry moves a month ahead', day: 40, live: (one) => correctExpiry(one, '2027-04-30') },
  {
    ...unanswered,
    name: 'the expiry moves three weeks back',
    day: 40,
    live: (one) => correctExpiry(one, '2027-03-10'),
  },
];

/** The books change first, then the case hears of it. */
export async function correctExpiry(one: RunningCase, expiresOn: string): Promise<void> {
  one.books.expiresOn = expiresOn;
  one.books.revision += 1;
  await one.hears({ key: `expiry.${one.books.revision}`, kind: 'expiry-corrected' });
}

export const journeys: readonly Journey[] = [...journeysOfTime, ...inEachStage(() => endings)];
