import { describe, expect, test } from 'vitest';
import { readBounce } from '../../src/messaging/read-bounce.ts';
import { aReport } from './bounce-mails.ts';

const id = '0190c2f6-1f3a-7c55-9d5e-2b1f6a9e4d10';

describe('A report of a mail that was given up', () => {
  test('names our message by the headers that it returns, and its recipient as we wrote it', async () => {
    expect(await readBounce(aReport({ returned: id }))).toEqual({
      messageId: id,
      failed: [{ address: 'wang@example.com', status: '5.1.1' }],
    });
  });

  test('names it by what it answers to, where it returns nothing', async () => {
    expect((await readBounce(aReport({ inReplyTo: id })))?.messageId).toBe(id);
  });

  test('names the last recipient where nobody kept ours', async () => {
    const failed = (await readBounce(aReport({ to: undefined })))?.failed;
    expect(failed).toEqual([{ address: 'forwarded@example.org', status: '5.1.1' }]);
  });

  test.each(['delayed', 'relayed', 'delivered', 'expanded'])('is none for a recipient who is %s', async (action) => {
    expect((await readBounce(aReport({ action, status: '4.4.1' })))?.failed).toEqual([]);
  });
});

describe('No report', () => {
  test.each([
    ['an answer of a person', 'From: wang@example.com\r\nSubject: Re: 续保\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n'],
    ['nothing', ''],
    ['what is no mail', '\u0000\u0001\u0002'],
    ['a report that breaks off', aReport({ returned: id }).toString().slice(0, 300)],
  ])('is %s', async (_what, mail) => {
    expect(await readBounce(Buffer.from(mail))).toBeUndefined();
  });
});
