import { describe, expect, test } from 'vitest';
import type { Instant } from '../../src/renewal/calendar.ts';
import { planCase, type PlannedTouch } from '../../src/renewal/case-plan.ts';
import {
  changeMessages,
  notInPlan,
  planTouchAt,
  type KnownMessage,
  type PlanningMoment,
} from '../../src/renewal/plan-change.ts';
import { changed } from '../support/given-plan-change.ts';
import { aPlan, daysBeforeT, shanghai } from '../support/given-plan.ts';

const now = daysBeforeT(20, { minute: 20 * 60 });
const moment = { now, openedOn: '2027-01-30', mayBeWrittenTo: (_at: Instant) => true };
const soon = { key: 't-15', stage: 'intensive-chase', template: 'expiry-near', channels: ['sms'] } as const;

describe('What becomes of a touch when its stage is planned', () => {
  const touch = { ...soon, dueAt: daysBeforeT(15), latestAt: daysBeforeT(14), dueOn: '2027-03-16' };

  test.each<[string, Partial<PlannedTouch>, Partial<PlanningMoment>, string]>([
    ['one that is ahead is planned', {}, {}, 'planned'],
    ['one of this morning is planned', { dueAt: daysBeforeT(20), latestAt: daysBeforeT(19) }, {}, 'planned'],
    ['one whose last instant has come is late', { latestAt: now }, {}, 'late'],
    ['one of a day before the case was opened is late, however soon after', {}, { openedOn: '2027-03-17' }, 'late'],
    ['one that nobody may get is left alone', {}, { mayBeWrittenTo: () => false }, 'left-alone'],
  ])('%s', (_title, ...[facts, circumstances, expected]) => {
    expect(planTouchAt({ ...touch, ...facts }, { ...moment, ...circumstances })).toBe(expected);
  });
});

describe('What another plan does to a message', () => {
  const row: KnownMessage = {
    touch: 't-15',
    channel: 'sms',
    template: 'expiry-near',
    state: 'planned',
    reason: null,
    dueAt: daysBeforeT(15),
    latestAt: daysBeforeT(14),
    cameTo: false,
  };
  const planWith = (daysBefore: number) =>
    planCase(
      { expiresOn: '2027-03-31', spreadKey: 'any' },
      changed((plan) => {
        plan.spreadMinutes = 0;
        plan.stages[2].touches = [{ ...plan.stages[2].touches[1], daysBefore, channels: ['sms'] }];
      }),
      shanghai,
    );
  const t15 = (changes: readonly { touch: string }[]) => changes.filter(({ touch }) => touch === 't-15');

  test.each<[string, number, KnownMessage, object[]]>([
    ['that is the same stays', 15, row, []],
    ['is moved with its day', 12, row, [{ kind: 'moved', from: daysBeforeT(15), planned: { dueAt: daysBeforeT(12) } }]],
    ['takes the template of the plan', 15, { ...row, template: 'last-week' }, [{ kind: 'moved' }]],
    ['whose new day has passed is late', 25, row, [{ kind: 'late', planned: { dueAt: daysBeforeT(25) } }]],
    ['that a rule held may be valid for longer', 15, { ...row, cameTo: true, latestAt: daysBeforeT(10) }, []],
    ['that was sent stays, wherever its day goes', 12, { ...row, state: 'accepted' }, []],
    ['that nobody knows the fate of stays', 12, { ...row, state: 'unknown' }, []],
    ['that an opt-out suppressed stays', 12, { ...row, state: 'suppressed', reason: 'opted-out' }, []],
    ['that was late has its day again', 12, { ...row, state: 'expired' }, [{ kind: 'added' }]],
    ['that a plan left out comes back', 15, { ...row, state: 'cancelled', reason: notInPlan }, [{ kind: 'added' }]],
    ['that a person cancelled does not', 15, { ...row, state: 'cancelled', reason: 'renewed' }, []],
    ['that its case had come to does not', 12, { ...row, state: 'expired', cameTo: true }, []],
    ['that was late and still is stays so', 25, { ...row, state: 'expired' }, []],
  ])('one %s', (_title, ...[day, known, expected]) => {
    const changes = changeMessages([known], { plan: planWith(day), stage: 'intensive-chase' }, moment);

    expect(t15(changes)).toMatchObject(expected);
    expect(t15(changes)).toHaveLength(expected.length);
  });

  test('one that the plan has for the stage of the case is new', () => {
    const changes = changeMessages([], { plan: planWith(12), stage: 'intensive-chase' }, moment);

    expect(changes).toMatchObject([{ touch: 't-15', channel: 'sms', kind: 'added' }]);
  });

  test('one of another stage waits for that stage', () => {
    expect(changeMessages([], { plan: planWith(12), stage: 'follow-up' }, moment)).toEqual([]);
    expect(changeMessages([], { plan: planWith(12), stage: undefined }, moment)).toEqual([]);
  });

  test('one that was planned ahead of its stage moves all the same', () => {
    const changes = changeMessages([row], { plan: planWith(12), stage: 'follow-up' }, moment);

    expect(changes).toMatchObject([{ kind: 'moved' }]);
  });

  test('one that the plan does not have falls away, on the channel that it lost alone', () => {
    const both = [row, { ...row, channel: 'email' as const }];

    expect(changeMessages(both, { plan: planWith(15), stage: 'intensive-chase' }, moment)).toEqual([
      { touch: 't-15', channel: 'email', kind: 'dropped', from: daysBeforeT(15) },
    ]);
  });

  test('one to somebody who refused contact is moved nowhere', () => {
    const left = { ...moment, mayBeWrittenTo: () => false };

    expect(changeMessages([row], { plan: planWith(12), stage: 'intensive-chase' }, left)).toMatchObject([
      { kind: 'left-alone' },
    ]);
  });
});

test('the default plan has no change for a case that follows it', () => {
  const plan = aPlan();
  const rows = plan.touches
    .filter(({ stage }) => stage === 'intensive-chase')
    .flatMap(({ key, channels, template, dueAt, latestAt }) =>
      channels.map((channel): KnownMessage => {
        const state = dueAt > now ? 'planned' : 'accepted';
        return { touch: key, channel, template, state, reason: null, dueAt, latestAt, cameTo: false };
      }),
    );

  expect(changeMessages(rows, { plan, stage: 'intensive-chase' }, moment)).toEqual([]);
});
