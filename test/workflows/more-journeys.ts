import { dayMs } from '../../src/renewal/calendar.ts';
import { instantBefore } from '../support/running-cases.ts';
import { correctExpiry, lost, renewed, type Journey } from './journeys.ts';
import { decline, stageJourneys } from './stage-journeys.ts';

const unanswered = { live: async () => {}, outcome: lost('no-result'), day: 61 };

const corrections: readonly Journey[] = [
  {
    ...unanswered,
    name: 'a mistaken unreachable is corrected',
    day: 20,
    live: async (one) => {
      for (const _ of [1, 2, 3]) await one.says('not-reached');
      await one.says('unreachable', { resultId: 'mistaken' });
      delete one.books.secondRoundDueAt;
      await one.corrects('mistaken', { attempts: 3 });
    },
  },
  {
    ...unanswered,
    name: 'a mistaken refusal of contact is corrected',
    day: 20,
    live: async (one) => {
      await one.says('refused-contact', { resultId: 'mistaken' });
      await one.until(14);
      one.books.refusedContact = false;
      await one.corrects('mistaken');
    },
  },
  {
    ...unanswered,
    name: 'a mistaken attempt is corrected before the first stage',
    live: async (one) => {
      await one.says('not-reached', { resultId: 'mistaken' });
      await one.corrects('mistaken');
    },
  },
  {
    ...unanswered,
    name: 'reopened twice, and confirmed as lost the third time',
    day: 40,
    live: async (one) => {
      for (const turn of ['first', 'second']) {
        await decline(one, turn);
        await one.decides('reopened');
      }
      await decline(one, 'third');
      await one.decides('confirmed-lost');
    },
    outcome: lost('price'),
  },
  {
    ...unanswered,
    name: 'the expiry moves before the first stage',
    live: (one) => correctExpiry(one, '2027-03-20'),
  },
  {
    ...unanswered,
    name: 'the expiry moves during a second round that is reopened',
    day: 40,
    live: async (one) => {
      await decline(one, 'declined');
      await correctExpiry(one, '2027-03-10');
      await one.decides('reopened');
    },
  },
];

const holds: readonly Journey[] = [
  { ...unanswered, name: 'held before the first stage', live: (one) => one.holds(50) },
  {
    ...unanswered,
    name: 'held twice, the second time until later',
    day: 33,
    live: async (one) => {
      await one.holds(31);
      await one.holds(25);
    },
  },
  {
    ...unanswered,
    name: 'held while its expiry moves',
    day: 40,
    live: async (one) => {
      await one.holds(30);
      await correctExpiry(one, '2027-03-21');
    },
  },
  {
    ...unanswered,
    name: 'held with a second round that stays silent',
    day: 40,
    live: async (one) => {
      await one.holds(35);
      await decline(one, 'declined');
      one.books.secondRoundDueAt = (one.books.caseHeldUntil ?? 0) + 3 * dayMs;
    },
    outcome: lost('price'),
  },
  {
    ...unanswered,
    name: 'held and renewed',
    day: 40,
    live: async (one) => {
      await one.holds(20);
      await one.says('renewed');
    },
    outcome: renewed,
  },
  {
    ...unanswered,
    name: 'held in the books before it hears of it',
    day: 31,
    live: async (one) => {
      one.books.caseHeldUntil = instantBefore(one.books.expiresOn, 25);
    },
  },
];

const callsAndMessages: readonly Journey[] = [
  {
    ...unanswered,
    name: 'considering, called back, promised, called back, renewed',
    day: 40,
    live: async (one) => {
      await one.says('considering', { callBackAt: (await one.env.currentTimeMs()) + dayMs });
      await one.until(38);
      await one.says('promised', { callBackAt: (await one.env.currentTimeMs()) + dayMs });
      await one.until(36);
      await one.says('renewed', { early: true });
    },
    outcome: { kind: 'renewed', early: true },
  },
  {
    ...unanswered,
    name: 'a message waits for the end of the quiet hours',
    facts: { heldUntil: { 't-15/sms': instantBefore('2027-03-31', 14, 9 * 60) } },
  },
  {
    ...unanswered,
    name: 'renewed while a message waits',
    facts: { heldUntil: { 't-15/sms': instantBefore('2027-03-31', 10) } },
    day: 14,
    live: (one) => one.says('renewed'),
    outcome: renewed,
  },
  {
    ...unanswered,
    name: 'a result comes while a stage turns',
    day: 31,
    live: async (one) => {
      one.books.during['turnStage'] = async () => {
        one.books.during = {};
        await one.says('quoted');
      };
    },
  },
  {
    ...unanswered,
    name: 'the business clock is stretched by two days',
    day: 46,
    live: async (one) => {
      one.books.ahead -= 2 * dayMs;
      one.books.epoch += 1;
    },
  },
];

/** Cases that begin where their rows stand, because the run before was lost. */
const rebuilt: readonly Journey[] = [
  {
    ...unanswered,
    name: 'rebuilt in the intensive chase',
    facts: { openedOn: 20, stage: 'intensive-chase' },
  },
  {
    ...unanswered,
    name: 'rebuilt in its second round',
    facts: {
      openedOn: 20,
      stage: 'intensive-chase',
      secondRoundDueAt: instantBefore('2027-03-31', 18),
      standing: { secondRound: { reason: 'price' } },
    },
    outcome: lost('price'),
  },
  {
    ...unanswered,
    name: 'rebuilt after its books had closed',
    facts: { openedOn: 20, outcome: renewed },
    outcome: renewed,
  },
];

/** What only the saved histories need besides the journeys that are lived in every test run. */
export const moreJourneys: readonly Journey[] = [
  ...stageJourneys,
  ...corrections,
  ...holds,
  ...callsAndMessages,
  ...rebuilt,
];
