import type { ConcessionActivities } from '../../activities/concession.ts';
import type { HandoverActivities } from '../../activities/handover.ts';
import type { IntakeActivities } from '../../activities/intake.ts';
import type { LossReviewActivities } from '../../activities/loss-review.ts';
import type { RolloutActivities } from '../../activities/rollout.ts';
import type { SendActivities } from '../../activities/send.ts';
import type { SettleActivities } from '../../activities/settle.ts';
import type { StrayActivities } from '../../activities/strays.ts';
import type { SweepActivities } from '../../activities/sweep.ts';
import { dayMs, type Instant } from '../../src/renewal/calendar.ts';
import { staffJourneys } from './staff-journeys.ts';

type AnyActivities = Record<string, (question: never) => Promise<unknown>>;

/** How a workflow besides the cases runs; what its activities answer is written down beforehand, the last one for good. */
export type BatchJourney = {
  name: string;
  type: string;
  args: readonly unknown[];
  /** `now` is when it starts. */
  activities: (now: Instant) => AnyActivities;
  /** Signals and the days after which they come. */
  signals?: readonly { name: string; afterDays: number }[];
};

function inTurn<Answer>(...answers: readonly Answer[]): () => Promise<Answer> {
  let turn = 0;
  return async () => answers[Math.min(turn++, answers.length - 1)]!;
}

type Asked = Awaited<ReturnType<ConcessionActivities['actOnDeadline']>>;

function concession(answers: (now: Instant) => readonly Asked[]): Pick<BatchJourney, 'type' | 'args' | 'activities'> {
  const activities = (now: Instant): ConcessionActivities => ({ actOnDeadline: inTurn(...answers(now)) });
  return { type: 'concession', args: [{ concessionId: 'C1' }], activities };
}

type Left = Awaited<ReturnType<HandoverActivities['notifyCases']>>;

function handover(
  answers: readonly (Partial<Left> & { days?: number })[],
): Pick<BatchJourney, 'type' | 'args' | 'activities'> {
  const activities = (now: Instant): HandoverActivities => ({
    notifyCases: inTurn(
      ...answers.map(({ days, ...left }) => ({
        total: 80,
        undecided: 0,
        offered: 0,
        unnotified: 0,
        ...left,
        ...(days === undefined ? {} : { nextDeadlineAt: now + days * dayMs }),
      })),
    ),
    actOnSilence: async () => {},
  });
  return { type: 'handover', args: [{ handoverId: 'H1' }], activities };
}

type Progress = Awaited<ReturnType<RolloutActivities['followPlan']>>;

const rolled = (state: 'running' | 'paused' | 'superseded' | 'completed', looked: number): Progress => ({
  state,
  planVersion: 2,
  total: 900,
  looked,
  followed: looked,
  nudged: 0,
});

function replan(...answers: readonly Progress[]): Pick<BatchJourney, 'type' | 'args' | 'activities'> {
  const activities = (): RolloutActivities => ({ followPlan: inTurn(...answers) });
  return { type: 'replan', args: [{ rolloutId: 'R1' }], activities };
}

const strayCheck = (): StrayActivities => ({
  followStrays: inTurn({ looked: 5, followed: 3, nudged: 1, after: 'renewal.P5.20260401' }),
});

const counts = { opened: 12, alreadyOpen: 3, leftOut: { 'short-term': 2 } };
const intake = (): AnyActivities =>
  ({ openDueCases: inTurn(counts) }) satisfies Record<keyof IntakeActivities, unknown>;
const lossReview = (): LossReviewActivities => ({ drawLosses: inTurn({ month: '2027-03', drawn: 3 }) });
const sweep = (): AnyActivities => ({ sweep: inTurn({ started: 0 }) }) satisfies Record<keyof SweepActivities, unknown>;

type Sent = Awaited<ReturnType<SendActivities['sendSms']>>;
type SentAnswer = Sent extends infer One ? Omit<One, 'stamp' | 'planVersion' | 'plan'> : never;

function resend(
  channel: 'sms' | 'email',
  ...answers: readonly ((now: Instant) => SentAnswer)[]
): Pick<BatchJourney, 'type' | 'args' | 'activities'> {
  const activities = (now: Instant): SendActivities => {
    const send = inTurn(...answers.map((answer) => ({ stamp: '1.0.1', planVersion: 1, ...answer(now) }) as Sent));
    return { sendSms: send, sendEmail: send };
  };
  const touch = 'renewal-confirmation';
  return { type: 'resend', args: [{ renewalId: 'R1', touch, channel, resend: 1, stamp: '1.0.1' }], activities };
}

const settled = { receipts: 0, asked: 3, found: 1, notAccepted: 1, left: 0, sentAgain: 1, operator: 0, resends: 1 };
const settle = (): SettleActivities => ({ settleMessages: inTurn(settled) });

export const batchJourneys: readonly BatchJourney[] = [
  {
    name: 'concession: every level stays silent',
    ...concession((now) => [
      { kind: 'waiting', level: 'specialist', until: now + dayMs },
      { kind: 'waiting', level: 'channel-manager', until: now + 2 * dayMs },
      { kind: 'waiting', level: 'general-manager', until: now + 3 * dayMs },
      { kind: 'settled', state: 'lapsed' },
    ]),
  },
  {
    name: 'concession: somebody decides before the deadline',
    ...concession((now) => [
      { kind: 'waiting', level: 'channel-manager', until: now + 2 * dayMs },
      { kind: 'settled', state: 'approved' },
    ]),
    signals: [{ name: 'concessionChanged', afterDays: 1 }],
  },
  {
    name: 'handover: nobody answers, and the call centre has it',
    ...handover([{ undecided: 80, days: 2 }, { offered: 80, days: 4 }, {}]),
  },
  {
    name: 'handover: decided before its deadline',
    ...handover([{ undecided: 80, days: 2 }, { undecided: 10, days: 2 }, {}]),
    signals: [
      { name: 'handoverChanged', afterDays: 0.5 },
      { name: 'handoverChanged', afterDays: 1 },
    ],
  },
  {
    name: 'handover: offered, not accepted, and back',
    ...handover([{ undecided: 80, days: 2 }, { offered: 80, days: 3 }, { undecided: 80, days: 5 }, {}]),
    signals: [{ name: 'handoverChanged', afterDays: 1 }],
  },
  { name: 'handover: nothing is left to decide', ...handover([{}]) },
  { name: 'intake: by the schedule', type: 'intake', args: [], activities: intake },
  { name: 'intake: asked for', type: 'intake', args: [{ runId: 'R1', requestedBy: 'A1' }], activities: intake },
  { name: 'loss review', type: 'lossReview', args: [], activities: lossReview },
  {
    name: 'replan: to its end in one go',
    ...replan(rolled('running', 500), rolled('completed', 900)),
  },
  {
    name: 'replan: paused, and let go on',
    ...replan(rolled('paused', 300), rolled('completed', 900)),
    signals: [{ name: 'rolloutSteered', afterDays: 1 }],
  },
  {
    name: 'replan: superseded by a newer plan',
    ...replan(rolled('running', 500), rolled('superseded', 700)),
  },
  { name: 'replan: of a roll-out that the books do not know', ...replan({ state: 'unknown' }) },
  {
    name: 'resend: at once',
    ...resend('sms', () => ({ kind: 'accepted' })),
  },
  {
    name: 'resend: held over the night, and then dropped',
    ...resend(
      'email',
      (now) => ({ kind: 'waiting', until: now + dayMs, reason: 'quiet-hours' }),
      () => ({ kind: 'suppressed', reason: 'email-opted-out' }),
    ),
  },
  { name: 'settle messages', type: 'settleMessages', args: [], activities: settle },
  ...staffJourneys,
  { name: 'stray check', type: 'strayCheck', args: [], activities: strayCheck },
  { name: 'sweep', type: 'sweep', args: [], activities: sweep },
];
