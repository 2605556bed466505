import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayMs } from '../../src/renewal/calendar.ts';
import { instantBefore, startCases, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';
import { correctExpiry } from './journeys.ts';

let cases: RunningCases;

beforeAll(async () => {
  cases = await startCases(createTimeSkippingEnvironment);
});
afterAll(() => cases.close());

/** The end of a story, from the first line that holds a text. */
const from = (story: readonly string[], text: string): string[] =>
  story.slice(story.findIndex((line) => line.includes(text)));

describe('a case first seen late', () => {
  test('at T-20 enters the intensive chase and skips the touches whose day has passed', async () => {
    const late = await cases.open({ openedOn: 20 });
    await late.outcome();
    expect(late.books.story.slice(0, 3)).toEqual(['T-20 opens intensive-chase', 'T-15 sms t-15', 'T-15 email t-15']);
  });

  test('in the days of grace enters wrap-up and writes nothing more', async () => {
    const late = await cases.open({ openedOn: -2 });
    await late.outcome();
    expect(late.books.story).toEqual(['T+2 opens wrap-up', 'T+3 closes lost no-result (grace-ended)']);
  });
});

describe('a promised call-back', () => {
  test('is the next timer and brings its task, and the stages go on', async () => {
    const one = await cases.open();
    await one.until(40);
    await one.says('promised', { callBackAt: (await cases.env.currentTimeMs()) + 2 * dayMs });
    await one.until(29);
    expect(from(one.books.story, 'opens follow-up')).toEqual([
      'T-45 opens follow-up',
      'T-38 call-back',
      'T-30 opens intensive-chase',
      'T-30 sms t-30',
    ]);
    await one.says('renewed');
  });

  test('is forgotten when the customer refuses contact', async () => {
    const one = await cases.open();
    await one.until(40);
    await one.says('promised', { callBackAt: (await cases.env.currentTimeMs()) + 2 * dayMs });
    await one.says('refused-contact');
    await one.outcome();
    expect(from(one.books.story, 'opens follow-up')).toEqual([
      'T-45 opens follow-up',
      'T-30 opens intensive-chase',
      'T-7 opens wrap-up',
      'T+3 closes lost refused-contact (grace-ended)',
    ]);
  });
});

describe('a second round', () => {
  test('pauses stages and touches, and skips what they missed when the case is reopened', async () => {
    const one = await cases.open();
    await one.until(17);
    await one.says('declined', { lossReason: 'price' });
    await one.until(14, 13 * 60);
    expect((await one.knows()).closed).toMatchObject({ kind: 'lost', reason: 'price' });

    const reopened = await cases.open();
    await reopened.until(31);
    await reopened.says('declined', { lossReason: 'price' });
    await reopened.until(29);
    await reopened.decides('reopened');
    await reopened.until(14);
    expect(from(reopened.books.story, 'second round')).toEqual([
      'T-31 second round price',
      'T-29 opens intensive-chase',
      'T-15 sms t-15',
      'T-15 email t-15',
    ]);
    await reopened.says('renewed');
  });

  test('never lasts beyond the days of grace', async () => {
    const one = await cases.open({ openedOn: -1 });
    await one.says('declined', { lossReason: 'price' });
    expect(await one.outcome()).toMatchObject({ reason: 'price' });
    expect(one.books.story.at(-1)).toBe('T+3 closes lost price (second-round:no-answer)');
  });
});

describe('an orphan', () => {
  test('gets no touches until somebody owns it again; its stages and escalations go on', async () => {
    const one = await cases.open();
    await one.until(31);
    await one.hears({ key: 'left', kind: 'owner-left' });
    await one.until(8);
    await one.hears({ key: 'assigned', kind: 'owner-assigned', ownerId: 'A2' });
    await one.until(2);
    expect(from(one.books.story, 'escalates coaching')).toEqual([
      'T-30 escalates coaching',
      'T-30 opens intensive-chase',
      'T-7 escalates call-centre-case',
      'T-7 opens wrap-up',
      'T-7 sms t-7',
      'T-3 sms t-3',
    ]);
    await one.says('renewed');
  });

  test('is not asked about again and again for a message that is held', async () => {
    const one = await cases.open({ heldUntil: { 't-30/sms': instantBefore('2027-03-31', 28) } });
    await one.until(30);
    await one.hears({ key: 'left', kind: 'owner-left' });
    await one.until(20);
    expect(one.books.asked['sendSms']).toBe(2);
    await one.says('renewed');
  });
});

describe('a corrected expiry', () => {
  test('that lies a month ahead leads back through the stages, and no touch is repeated', async () => {
    const one = await cases.open();
    await one.until(40);
    await correctExpiry(one, '2027-04-30');
    await one.outcome();
    expect(from(one.books.story, 'opens follow-up')).toEqual([
      'T-45 opens follow-up',
      'T-60 opens preparation',
      'T-45 escalates accept-reminder',
      'T-45 opens follow-up',
      'T-30 escalates coaching',
      'T-30 opens intensive-chase',
      'T-30 sms t-30',
      'T-15 sms t-15',
      'T-15 email t-15',
      'T-7 escalates call-centre-case',
      'T-7 opens wrap-up',
      'T-7 sms t-7',
      'T-3 sms t-3',
      'T-0 email t-0',
      'T+3 closes lost no-result (grace-ended)',
    ]);
  });

  test('that lies three weeks earlier brings the stage of the new calendar at once', async () => {
    const one = await cases.open();
    await one.until(40);
    await correctExpiry(one, '2027-03-10');
    await one.until(18);
    expect(from(one.books.story, 'opens follow-up')).toEqual(['T-45 opens follow-up', 'T-19 opens intensive-chase']);
    await one.outcome();
    expect(one.books.story.at(-1)).toBe('T+3 closes lost no-result (grace-ended)');
  });

  test('that arrives while a stage turns is followed all the same', async () => {
    const one = await cases.open();
    await one.until(46);
    one.books.during['turnStage'] = async () => {
      one.books.during = {};
      await correctExpiry(one, '2027-03-10');
    };
    await one.until(44);
    expect(one.books.story.at(-1)).toBe('T-24 opens intensive-chase');
    await one.says('renewed');
  });
});

describe('a message that is held', () => {
  test('goes out when its hour comes, while the case goes on', async () => {
    const morning = instantBefore('2027-03-31', 14, 9 * 60);
    const one = await cases.open({ openedOn: 20, heldUntil: { 't-15/sms': morning } });
    await one.outcome();
    expect(one.books.story.slice(1, 3)).toEqual(['T-15 email t-15', 'T-14 sms t-15']);
  });

  test('is not sent when the case is renewed before its hour', async () => {
    const one = await cases.open({ openedOn: 20, heldUntil: { 't-15/sms': instantBefore('2027-03-31', 13) } });
    await one.until(14);
    await one.says('renewed');
    await one.outcome();
    expect(one.books.story.slice(-3)).toEqual([
      'T-15 email t-15',
      'T-14 closes renewed (result:renewed)',
      'T-14 sms renewal-confirmation',
    ]);
  });
});

describe('a business clock behind the timers', () => {
  test('that was stretched by two days moves the stage by two days, asked for once more', async () => {
    const one = await cases.open();
    await one.until(46);
    one.books.ahead -= 2 * dayMs;
    one.books.epoch += 1;
    await one.until(44);
    expect(from(one.books.story, 'escalates')[0]).toBe('T-45 escalates accept-reminder');
    expect(one.books.asked['turnStage']).toBe(3);
    await one.says('renewed');
  });
});
