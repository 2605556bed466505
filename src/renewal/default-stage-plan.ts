import type { Channel, LatePolicy, StagePlan, Touch } from './stage-plan.ts';

const skip: LatePolicy = { kind: 'skip' };

function touch(daysBefore: number, touchChannels: readonly Channel[], template: string): Touch {
  return { key: `t-${daysBefore}`, daysBefore, channels: touchChannels, template, late: skip };
}

/** The default plan of business.md, The stage plan. */
export const defaultStagePlan: StagePlan = {
  stages: [
    {
      stage: 'preparation',
      opensDaysBefore: 60,
      endsDaysBefore: 45,
      counts: 'confirmed',
      unanswered: { handedOut: 'supervisor', notHandedOut: 'call-centre' },
      touches: [touch(60, ['sms', 'email'], 'expiry-notice')],
      tasks: [{ kind: 'file-check' }, { kind: 'indicative-quote' }, { kind: 'accept-entry' }],
    },
    {
      stage: 'follow-up',
      opensDaysBefore: 45,
      endsDaysBefore: 30,
      counts: 'effective-contact',
      unanswered: { handedOut: 'supervisor', notHandedOut: 'supervisor' },
      touches: [],
      tasks: [{ kind: 'first-contact' }],
    },
    {
      stage: 'intensive-chase',
      opensDaysBefore: 30,
      endsDaysBefore: 7,
      counts: 'effective-contact',
      unanswered: { handedOut: 'call-centre', notHandedOut: 'call-centre' },
      touches: [touch(30, ['sms'], 'offer-open'), touch(15, ['sms', 'email'], 'expiry-near')],
      tasks: [
        { kind: 'firm-quote' },
        { kind: 'phone-attempt', startsDaysBefore: 15 },
        { kind: 'key-client-visit', segments: ['key-customer'] },
      ],
    },
    {
      stage: 'wrap-up',
      opensDaysBefore: 7,
      endsDaysBefore: 0,
      counts: 'final-outcome',
      unanswered: { handedOut: 'nobody', notHandedOut: 'nobody' },
      touches: [touch(7, ['sms'], 'last-week'), touch(3, ['sms'], 'last-days'), touch(0, ['email'], 'expiry-day')],
      tasks: [{ kind: 'last-offer' }],
    },
  ],
  graceDays: 3,
  bindOpensDaysBefore: 30,
  minimumAttempts: 3,
  secondRoundDays: 3,
  handoverWorkdays: 2,
  sendingWindow: { fromMinute: 9 * 60, toMinute: 21 * 60 },
  caps: { touchesPerDay: 1, contactsPerWeek: 3 },
  spreadMinutes: 480,
};
