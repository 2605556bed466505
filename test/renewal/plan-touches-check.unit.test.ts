import { describe, expect, test } from 'vitest';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { checkStagePlan } from '../../src/renewal/stage-plan-check.ts';
import { changed, houseLimits, type PlanChange } from '../support/given-plan-change.ts';

type Row = [what: string, change: PlanChange, problems: string[]];

const rows: Row[] = [
  [
    'gives a touch a key of no code',
    (plan) => (plan.stages[0].touches[0].key = 'Herr Wang'),
    ['stages[0].touches[0].key touch-key-unfit'],
  ],
  [
    'gives a touch the key of the confirmation',
    (plan) => (plan.stages[0].touches[0].key = 'renewal-confirmation'),
    ['stages[0].touches[0].key touch-key-unfit'],
  ],
  [
    'gives two touches one key',
    (plan) => (plan.stages[3].touches[1].key = 't-7'),
    ['stages[3].touches[1].key touch-key-taken'],
  ],
  [
    'writes before its stage opens',
    (plan) => (plan.stages[2].touches[0].daysBefore = 31),
    ['stages[2].touches[0].daysBefore touch-outside-stage'],
  ],
  [
    'writes on the day that the next stage opens',
    (plan) => (plan.stages[0].touches[0].daysBefore = 45),
    ['stages[0].touches[0].daysBefore touch-outside-stage'],
  ],
  [
    'writes nowhere',
    (plan) => (plan.stages[0].touches[0].channels = []),
    ['stages[0].touches[0].channels channels-unfit'],
  ],
  [
    'writes twice on one channel',
    (plan) => (plan.stages[0].touches[0].channels = ['sms', 'sms']),
    ['stages[0].touches[0].channels channels-unfit'],
  ],
  [
    'writes on a channel that is none',
    (plan) => (plan.stages[0].touches[0].channels = ['pigeon']),
    ['stages[0].touches[0].channels channels-unfit'],
  ],
  [
    'names an unknown template',
    (plan) => (plan.stages[0].touches[0].template = 'happy-new-year'),
    ['stages[0].touches[0].template template-unknown'],
  ],
  [
    'confirms a renewal that has not come',
    (plan) => (plan.stages[0].touches[0].template = 'renewal-confirmation'),
    ['stages[0].touches[0].template template-unknown'],
  ],
  [
    'sends late within no day',
    (plan) => (plan.stages[2].touches[1].late = within(0)),
    ['stages[2].touches[1].late.days late-unfit'],
  ],
  [
    'sends late after the expiry',
    (plan) => (plan.stages[3].touches[1].late = within(4)),
    ['stages[3].touches[1].late.days late-unfit'],
  ],
  [
    'sends late on the expiry day',
    (plan) => (plan.stages[3].touches[2].late = within(1)),
    ['stages[3].touches[2].late.days late-unfit'],
  ],
  [
    'writes twice on one day',
    (plan) => plan.stages[1].touches.push(touch('second', 40), touch('first', 40)),
    ['stages[1].touches[1].daysBefore too-many-a-day'],
  ],
  [
    'writes four times in seven days',
    (plan) => plan.stages[1].touches.push(touch('a', 40), touch('b', 39), touch('c', 37), touch('d', 34)),
    ['stages[1].touches[3].daysBefore too-many-a-week'],
  ],
  [
    'brings work that follows from a case',
    (plan) => (plan.stages[1].tasks[0].kind = 'second-round'),
    ['stages[1].tasks[0].kind task-unknown'],
  ],
  [
    'brings work for no segment',
    (plan) => (plan.stages[2].tasks[2].segments = []),
    ['stages[2].tasks[2].segments task-segments-unfit'],
  ],
  [
    'brings work for an unknown segment',
    (plan) => (plan.stages[2].tasks[2].segments = ['vip']),
    ['stages[2].tasks[2].segments task-segments-unfit'],
  ],
  [
    'brings the same work twice to a segment',
    (plan) => plan.stages[1].tasks.push({ kind: 'first-contact', segments: ['claim-free'] }),
    ['stages[1].tasks[1].kind task-twice'],
  ],
  [
    'begins phone attempts in two stages',
    (plan) => plan.stages[3].tasks.push({ kind: 'phone-attempt' }),
    ['stages[3].tasks[1].kind task-twice'],
  ],
  [
    'begins work before its stage',
    (plan) => (plan.stages[2].tasks[1].startsDaysBefore = 31),
    ['stages[2].tasks[1].startsDaysBefore task-outside-stage'],
  ],
  [
    'begins work after the expiry',
    (plan) => (plan.stages[3].tasks[0].startsDaysBefore = -2),
    ['stages[3].tasks[0].startsDaysBefore day-after-expiry'],
  ],
  [
    'asks for a firm quote before one is allowed',
    (plan) => (plan.bindOpensDaysBefore = 20),
    ['stages[2].tasks[0].startsDaysBefore firm-quote-too-early'],
  ],
  [
    'gives no day for a task',
    (plan) => (plan.stages[0].tasks[0].dueWorkdays = 0),
    ['stages[0].tasks[0].dueWorkdays out-of-range'],
  ],
];

function within(days: number) {
  return { kind: 'send-if-within', days };
}

function touch(key: string, daysBefore: number) {
  return { key, daysBefore, channels: ['sms'], template: 'offer-open', late: { kind: 'skip' } };
}

const sentences: [says: string, change: PlanChange][] = [
  [
    't-7 is the key of stages[3].touches[0] already; it would be sent once only.',
    (plan) => (plan.stages[3].touches[1].key = 't-7'),
  ],
  [
    'T-31 is no day of its stage: intensive-chase has the days T-30 to T-8.',
    (plan) => (plan.stages[2].touches[0].daysBefore = 31),
  ],
  [
    'In the seven days up to T-34 this is touch 4; the plan allows 3 a week.',
    (plan) => plan.stages[1].touches.push(touch('a', 40), touch('b', 39), touch('c', 37), touch('d', 34)),
  ],
  [
    'Quotes are firm from T-20 on; a firm quote cannot be asked for on T-30.',
    (plan) => (plan.bindOpensDaysBefore = 20),
  ],
];

describe('What a stage plan brings', () => {
  test.each(rows)('that %s has exactly that problem', (_what, change, problems) => {
    const found = checkStagePlan(changed(change), houseLimits);

    expect(found.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
  });

  test.each(sentences)('is told: %s', (says, change) => {
    expect(checkStagePlan(changed(change), houseLimits).map(({ message }) => message)).toEqual([says]);
  });

  test('moves a touch under its key, because another key would reach those again who had it', () => {
    const limits = { ...houseLimits, followsOn: defaultStagePlan };
    const moved = changed((plan) => (plan.stages[2].touches[1].daysBefore = 12));
    const renamed = changed((plan) => Object.assign(plan.stages[2].touches[1], { key: 't-12', daysBefore: 12 }));

    expect(checkStagePlan(moved, limits)).toEqual([]);
    expect(checkStagePlan(renamed, limits)).toMatchObject([
      { path: 'stages[2].touches[1].key', code: 'touch-renamed' },
    ]);
  });
});
