import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCases, type RunningCase, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

let cases: RunningCases;

beforeAll(async () => {
  cases = await startCases(createTimeSkippingEnvironment);
});
afterAll(() => cases.close());

async function at(day: number): Promise<RunningCase> {
  const one = await cases.open();
  await one.until(day);
  return one;
}

const mistaken = { resultId: 'mistaken', lossReason: 'price' } as const;

async function correctDecline(one: RunningCase, standing: RunningCase['books']['standing'] = {}): Promise<void> {
  delete one.books.secondRoundDueAt;
  await one.corrects('mistaken', standing);
}

describe('a mistaken decline', () => {
  test('ends its second round, and the case goes on at the stage of the calendar without what it missed', async () => {
    const one = await at(31);
    await one.says('declined', mistaken);
    await one.until(29);
    await correctDecline(one);
    expect(one.books.story.slice(-2)).toEqual(['T-31 second round price', 'T-29 opens intensive-chase']);
    expect((await one.knows()).secondRound).toBeUndefined();
    expect(await one.outcome()).toMatchObject({ reason: 'no-result' });
    expect(one.books.story).not.toContain('T-30 sms t-30');
    expect(one.books.story).toContain('T-15 sms t-15');
  });

  test('counts for nothing: the stage ends with an escalation', async () => {
    const one = await at(40);
    await one.says('declined', mistaken);
    await correctDecline(one);
    await one.until(29);
    expect(one.books.story).toContain('T-30 escalates coaching');
    await one.says('renewed');
  });

  test('leaves room for what it should have been', async () => {
    const one = await at(40);
    await one.says('declined', mistaken);
    await correctDecline(one);
    await one.says('declined', { lossReason: 'moved-away' });
    await one.decides('confirmed-lost');
    expect(await one.outcome()).toMatchObject({ reason: 'moved-away' });
  });
});

test('a mistaken unreachable goes back to the chase, with the attempts that remain', async () => {
  const one = await at(20);
  for (const _ of [1, 2, 3]) await one.says('not-reached');
  await one.says('unreachable', { resultId: 'mistaken' });
  await correctDecline(one, { attempts: 3 });
  expect(await one.knows()).toMatchObject({ attempts: 3, stage: 'intensive-chase' });
  await one.says('unreachable');
  await one.decides('confirmed-lost');
  expect(await one.outcome()).toMatchObject({ reason: 'unreachable' });
});

test('a mistaken attempt is none: giving up takes another one', async () => {
  const one = await at(20);
  for (const _ of [1, 2]) await one.says('not-reached');
  await one.says('not-reached', { resultId: 'mistaken' });
  await one.corrects('mistaken', { attempts: 2 });
  await expect(one.says('unreachable')).rejects.toThrow(WorkflowUpdateFailedError);
  await one.says('renewed');
});

test('a mistaken quote does not save the stage from its escalation', async () => {
  const one = await at(40);
  await one.says('quoted', { resultId: 'mistaken' });
  await one.corrects('mistaken');
  await one.until(29);
  expect(one.books.story).toContain('T-30 escalates coaching');
  await one.says('renewed');
});

test('a mistaken promise brings no call-back', async () => {
  const one = await at(40);
  await one.says('promised', { resultId: 'mistaken', callBackAt: (await one.env.currentTimeMs()) + 86_400_000 });
  await one.corrects('mistaken');
  await one.until(31);
  expect(one.books.story.filter((line) => line.includes('call-back'))).toEqual([]);
  await one.says('renewed');
});

test('a mistaken refusal of contact lets the messages of later days go out again', async () => {
  const one = await at(31);
  await one.says('refused-contact', { resultId: 'mistaken' });
  await one.until(20);
  one.books.refusedContact = false;
  await one.corrects('mistaken');
  await one.until(14);
  expect(one.books.story.slice(-2)).toEqual(['T-15 sms t-15', 'T-15 email t-15']);
  expect(one.books.story).not.toContain('T-30 sms t-30');
  await one.says('renewed');
});

test('a correction while another second round runs leaves that one alone', async () => {
  const one = await at(40);
  await one.says('not-reached', { resultId: 'mistaken' });
  await one.says('declined', { lossReason: 'price' });
  const secondRound = { reason: 'price', dueAt: (one.books.secondRoundDueAt ?? 0) - one.books.ahead } as const;
  await one.corrects('mistaken', { secondRound });
  expect((await one.knows()).attempts).toBe(0);
  expect(await one.outcome()).toMatchObject({ kind: 'lost', reason: 'price' });
});

test('the same correction twice has one effect', async () => {
  const one = await at(40);
  await one.says('not-reached', { resultId: 'mistaken' });
  await Promise.all([one.corrects('mistaken'), one.corrects('mistaken')]);
  expect(one.books.asked['turnStage']).toBe(3);
  await one.says('renewed');
});

test('a case that has closed hears of no correction', async () => {
  const one = await at(40);
  await one.says('not-renewable', { resultId: 'mistaken' });
  await one.outcome();
  const answer = await one.corrects('mistaken').catch((error: unknown) => error);
  const cause = answer instanceof WorkflowUpdateFailedError ? answer.cause : undefined;
  const isRefused = cause instanceof ApplicationFailure && cause.type === 'case-closed';
  expect(isRefused || (answer instanceof Error && answer.name === 'WorkflowNotFoundError')).toBe(true);
});
