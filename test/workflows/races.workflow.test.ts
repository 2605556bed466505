import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordResult } from '../../workflows/messages.ts';
import { startCases, type RunningCase, type RunningCases } from '../support/running-cases.ts';
import { createTimeSkippingEnvironment } from '../support/time-skipping.ts';

let cases: RunningCases;

beforeAll(async () => {
  cases = await startCases(createTimeSkippingEnvironment);
});
afterAll(() => cases.close());

/** The code with which an update was refused, or that it was taken. */
async function answerTo(update: Promise<void>): Promise<string> {
  try {
    await update;
    return 'taken';
  } catch (error) {
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    return cause instanceof ApplicationFailure ? (cause.type ?? '') : String(error);
  }
}

async function inFollowUp(): Promise<RunningCase> {
  const one = await cases.open();
  await one.until(40);
  return one;
}

describe('a result in the instant in which the stage ends', () => {
  test('that arrives while the step is under way counts for the stage that opens', async () => {
    const one = await cases.open();
    await one.until(31);
    one.books.during['turnStage'] = async () => {
      one.books.during = {};
      await one.says('quoted');
    };
    await one.until(6);
    expect(one.books.story.filter((line) => line.includes('escalates'))).toEqual([
      'T-45 escalates accept-reminder',
      'T-30 escalates coaching',
    ]);
    await one.says('renewed');
  });

  test('that was received before the step and arrives under way counts for the stage that ends, in the books', async () => {
    const one = await cases.open();
    await one.until(31);
    one.books.during['turnStage'] = async () => {
      one.books.during = {};
      await one.says('quoted', { stage: 'follow-up' });
    };
    await one.until(6);
    expect(one.books.story.filter((line) => line.includes('escalates')).at(-1)).toBe('T-7 escalates call-centre-case');
    expect((await one.knows()).lastResult).toBe('quoted');
    await one.says('renewed');
  });

  test('one minute before it, and the stage ends without an escalation', async () => {
    const one = await cases.open();
    await one.until(30, 9 * 60 - 1);
    await one.says('quoted');
    await one.until(29);
    expect(one.books.story.filter((line) => line.startsWith('T-30'))).toEqual([
      'T-30 opens intensive-chase',
      'T-30 sms t-30',
    ]);
    await one.says('renewed');
  });
});

describe('two people at once', () => {
  test('who record renewed and not-renewable: one wins, the other is refused because the case has closed', async () => {
    const one = await inFollowUp();
    const answers = await Promise.all([answerTo(one.says('renewed')), answerTo(one.says('not-renewable'))]);
    expect(answers.toSorted()).toEqual(['case-closed', 'taken']);
    expect(one.books.story.filter((line) => line.includes('closes'))).toHaveLength(1);
    expect((await one.outcome()).kind).toBe(answers[0] === 'taken' ? 'renewed' : 'lost');
  });

  test('who both record that the customer declined open one second round', async () => {
    const one = await inFollowUp();
    const decline = () => answerTo(one.says('declined', { lossReason: 'price' }));
    expect((await Promise.all([decline(), decline()])).toSorted()).toEqual(['second-round-running', 'taken']);
    expect(one.books.story.filter((line) => line.includes('second round'))).toHaveLength(1);
    await one.outcome();
  });

  test('of whom one reopens and the other records declined again get a second round of its own', async () => {
    const one = await inFollowUp();
    await one.says('declined', { lossReason: 'price' });
    await one.decides('reopened');
    await one.says('declined', { lossReason: 'moved-away' });
    await one.decides('confirmed-lost');
    expect(await one.outcome()).toMatchObject({ reason: 'moved-away' });
    expect(one.books.story.filter((line) => line.includes('second round'))).toHaveLength(2);
  });
});

describe('a case that is reopened', () => {
  test('answers once the stage of the calendar stands in the books', async () => {
    const one = await cases.open();
    await one.until(31);
    await one.says('declined', { lossReason: 'price' });
    await one.until(29);
    await one.decides('reopened');
    expect(one.books.story.at(-1)).toBe('T-29 opens intensive-chase');
    await one.says('renewed');
  });
});

describe('the same result sent twice', () => {
  const send = (one: RunningCase) => {
    const args = [{ resultId: 'same', result: 'not-reached' }] as const;
    return one.handle.executeUpdate(recordResult, { args: [args[0]], updateId: 'same' });
  };

  test('has one effect', async () => {
    const one = await inFollowUp();
    await Promise.all([send(one), send(one)]);
    await send(one);
    expect((await one.knows()).attempts).toBe(1);
    await one.says('renewed');
  });

  test('is answered in the same way after the close', async () => {
    const one = await inFollowUp();
    await send(one);
    await one.says('not-renewable', { resultId: 'last' });
    await one.outcome();
    expect(await answerTo(one.says('not-renewable', { resultId: 'last' }))).toBe('taken');
  });
});

describe('a result before the first step', () => {
  test('that renews closes the case before it opened', async () => {
    const one = await cases.open();
    await one.says('renewed', { early: true });
    expect(await one.outcome()).toEqual({ kind: 'renewed', early: true });
    expect(one.books.story).toEqual(['T-61 closes renewed (result:renewed)', 'T-61 sms renewal-confirmation']);
  });

  test('that confirms answers preparation', async () => {
    const one = await cases.open();
    await one.says('confirmed');
    await one.until(44);
    expect(one.books.story.at(-1)).toBe('T-45 opens follow-up');
    await one.says('renewed');
  });

  test('that declines is answered at once with a second round', async () => {
    const one = await cases.open();
    await one.says('declined', { lossReason: 'price' });
    expect(one.books.story).toEqual(['T-61 second round price']);
    expect(await one.outcome()).toMatchObject({ reason: 'price' });
  });
});

describe('while the case closes', () => {
  test('a result is refused, and the case closes as it was going to', async () => {
    const one = await inFollowUp();
    let answer = Promise.resolve('');
    one.books.during['closeCase'] = async () => {
      answer = answerTo(one.says('declined'));
    };
    await one.says('renewed');
    expect(await answer).toBe('case-closed');
    expect((await one.outcome()).kind).toBe('renewed');
  });
});

describe('an agent who leaves', () => {
  test('during an escalation keeps the escalation and pauses the touches of the stage that opens', async () => {
    const one = await cases.open();
    await one.until(31);
    one.books.during['turnStage'] = async () => {
      one.books.during = {};
      await one.hears({ key: 'left', kind: 'owner-left' });
    };
    await one.until(10);
    expect(one.books.story.slice(-2)).toEqual(['T-30 escalates coaching', 'T-30 opens intensive-chase']);
    await one.hears({ key: 'accepted', kind: 'handed-off', channel: 'bank-partner' });
    expect(await one.outcome()).toEqual({ kind: 'orphan-handed-off', channel: 'bank-partner' });
  });
});

describe('giving up', () => {
  test('is refused before three recorded attempts', async () => {
    const one = await inFollowUp();
    await one.says('not-reached');
    await one.says('wrong-number');
    expect(await answerTo(one.says('unreachable'))).toBe('attempts-missing');
    await one.says('not-reached');
    expect(await answerTo(one.says('unreachable'))).toBe('taken');
    await one.decides('confirmed-lost');
    expect(await one.outcome()).toMatchObject({ reason: 'unreachable' });
  });

  test('a second round that nobody opened cannot be decided', async () => {
    const one = await inFollowUp();
    expect(await answerTo(one.decides('reopened'))).toBe('no-second-round');
    await one.says('renewed');
  });
});
