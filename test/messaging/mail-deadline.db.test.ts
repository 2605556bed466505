import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { anchorClock } from '../../src/db/business-clock.ts';
import { smtpEmail, type SmtpEmail } from '../../src/messaging/email-smtp.ts';
import type { ProviderAnswer } from '../../src/messaging/provider-answer.ts';
import { judge } from '../../src/messaging/verdict.ts';
import { at, calendar, openMessageBook, type MessageBook } from './message-book.ts';
import { startSmtpStandIn, type SmtpStandIn } from './smtp-stand-in.ts';

let mails: SmtpStandIn;
let email: SmtpEmail;

beforeAll(async () => {
  mails = await startSmtpStandIn();
});
beforeEach(() => {
  mails.taken.length = 0;
  mails.behave();
  email = smtpEmail({ host: '127.0.0.1', port: mails.port, secure: false, from: 'Xubao <renewals@xubao.example>' });
});
afterEach(() => {
  vi.restoreAllMocks();
  email.close();
});
afterAll(() => mails.stop());

const aMail = { messageId: 'm1', to: 'wang@example.com', language: 'zh-CN', subject: '续保', text: '您的保单即将到期' };
const sendWithin = (validForSeconds: number): Promise<ProviderAnswer> => email.send({ ...aMail, validForSeconds });
const tooSlow = { kind: 'not-tried', code: 'mail-server-too-slow', misconfigured: false };
const accepted = { kind: 'smtp-reply', reply: 250 };
const beforeTheDot = ['greeting', 'ehlo', 'mail', 'rcpt', 'data'] as const;

describe('A mail that a server holds up until its window has closed', () => {
  test.each(beforeTheDot)('at %s is given up, never taken, and may go later', async (step) => {
    mails.behave({ at: step, holdMs: 2_000 });
    const answer = await sendWithin(1);
    expect(answer).toEqual(tooSlow);
    expect(judge(answer)).toMatchObject({ kind: 'try-later' });

    mails.behave();
    expect(await sendWithin(600)).toMatchObject(accepted);
    // Whatever the server would have done with the first one, it has done by now.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(mails.taken).toHaveLength(1);
  });

  test.each(beforeTheDot.slice(2))('at %s over a connection that was used before, too', async (step) => {
    expect(await sendWithin(600)).toMatchObject(accepted);
    mails.behave({ at: step, holdMs: 2_000 });
    expect(await sendWithin(1)).toEqual(tooSlow);

    mails.behave();
    expect(await sendWithin(600)).toMatchObject(accepted);
    expect(mails.connections()).toBeGreaterThan(1);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(mails.taken).toHaveLength(2);
  });

  test('after the final dot is waited for: it may have been taken', async () => {
    mails.behave({ at: 'final-dot', holdMs: 2_500 });
    expect(await sendWithin(1)).toMatchObject(accepted);
    expect(mails.taken).toHaveLength(1);
  });

  test('while its worker stood still too, so that the timer is late, gets no final dot', async () => {
    mails.behave({ at: 'data', holdMs: 500 });
    const wallClock = Date.now.bind(Date);
    const answer = sendWithin(600);
    vi.spyOn(Date, 'now').mockImplementation(() => wallClock() + 21_000);
    expect(await answer).toEqual(tooSlow);
    expect(mails.taken).toEqual([]);
  });

  test('does not begin when no whole second is left', async () => {
    const connectionsBefore = mails.connections();
    expect(await sendWithin(0)).toEqual(tooSlow);
    expect(mails.connections() - connectionsBefore).toBeLessThanOrEqual(1);
    expect(mails.taken).toEqual([]);
  });
});

test('A mail whose page cannot be made is not tried', async () => {
  const broken = { ...aMail, validForSeconds: 600 };
  Object.defineProperty(broken, 'html', { get: () => expect.unreachable() });
  expect(await email.send(broken)).toEqual({ kind: 'not-tried', code: 'layout-failed', misconfigured: false });
  expect(mails.taken).toEqual([]);
});

describe('A claim seconds before the window closes', () => {
  let book: MessageBook;
  beforeAll(async () => {
    book = await openMessageBook();
  });
  afterAll(() => book.close());

  test('is not taken by a slow server when the quiet hours have begun', async () => {
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId, { channel: 'email' });
    const parts = { db: book.db, calendar, sms: [], email, reportMisconfigured: () => {} };
    await anchorClock(book.db, { businessAt: at('2027-03-16T21:00') - 4_000, speed: 1 });
    mails.behave({ at: 'rcpt', holdMs: 6_000 });
    const { kind } = await createSendActivities(parts).sendEmail({ renewalId, touch: 't-15', stamp: '' });
    expect(kind).toBe('waiting');
    expect(await book.findMessage(messageId)).toMatchObject({ state: 'planned' });
    expect(mails.taken).toEqual([]);
  });
});
