import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { mailsAtOnce, smtpEmail, type SmtpEmail } from '../../src/messaging/email-smtp.ts';
import { freePort } from '../../src/stack/ports.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';
import { startSmtpStandIn, type SmtpFault, type SmtpStandIn, type SmtpStep } from './smtp-stand-in.ts';

let book: MessageBook;
let mails: SmtpStandIn;
let email: SmtpEmail;

beforeAll(async () => {
  book = await openMessageBook();
  mails = await startSmtpStandIn();
});
beforeEach(async () => {
  await book.setTime('2027-03-16T12:00');
  mails.taken.length = 0;
  mails.behave();
  email = smtpTo(mails.port);
});
afterEach(() => email.close());
afterAll(async () => {
  await mails.stop();
  await book.close();
});

function smtpTo(port: number): SmtpEmail {
  return smtpEmail({ host: '127.0.0.1', port, secure: false, from: 'Xubao <renewals@xubao.example>' });
}

/** Sends one planned e-mail through the real adapter; answers what the case and the books say of it. */
async function sendOne(
  port = email,
): Promise<{ verdict: Verdict; code: string | null; retried: () => Promise<string> }> {
  const renewalId = await book.addCase();
  const messageId = await book.plan(renewalId, { channel: 'email' });
  const parts = { db: book.db, calendar, sms: [], email: port, reportMisconfigured: () => {} };
  const { sendEmail } = createSendActivities(parts);
  const question = { renewalId, touch: 't-15', stamp: '' };
  const { kind } = await sendEmail(question);
  const { state, answer } = await book.findMessage(messageId);
  const verdict = state === 'planned' && kind === 'waiting' ? 'not accepted, later' : verdictOf(kind, state);
  return { verdict, code: answer, retried: async () => (await sendEmail(question)).kind };
}

type Verdict = 'accepted' | 'not accepted' | 'not accepted, later' | 'unknown';

function verdictOf(kind: string, state: string): Verdict {
  if (kind !== state) throw new Error(`the case hears ${kind} and the books say ${state}`);
  return kind.replace('-', ' ') as Verdict;
}

const before: SmtpStep[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data'];
type Row = { fault: SmtpFault; verdict: Verdict; code: string; taken: 0 | 1 };

const table: Row[] = [
  ...before.flatMap((at): Row[] => [
    { fault: { at, reply: 421 }, verdict: 'not accepted, later', code: 'smtp-421', taken: 0 },
    { fault: { at, reply: 451 }, verdict: 'not accepted, later', code: 'smtp-451', taken: 0 },
    { fault: { at, reply: 554 }, verdict: 'not accepted', code: 'smtp-554', taken: 0 },
    { fault: { at, drop: true }, verdict: 'unknown', code: 'ECONNRESET', taken: 0 },
    { fault: { at, holdMs: 300 }, verdict: 'accepted', code: 'smtp-250', taken: 1 },
  ]),
  { fault: { at: 'text', drop: true }, verdict: 'unknown', code: 'ECONNRESET', taken: 0 },
  { fault: { at: 'final-dot', reply: 421 }, verdict: 'not accepted, later', code: 'smtp-421', taken: 0 },
  { fault: { at: 'final-dot', reply: 452 }, verdict: 'not accepted, later', code: 'smtp-452', taken: 0 },
  { fault: { at: 'final-dot', reply: 554 }, verdict: 'not accepted', code: 'smtp-554', taken: 0 },
  { fault: { at: 'final-dot', drop: true }, verdict: 'unknown', code: 'ECONNRESET', taken: 1 },
  { fault: { at: 'final-dot', holdMs: 2_000 }, verdict: 'accepted', code: 'smtp-250', taken: 1 },
];

function describeFault({ at, ...what }: SmtpFault): string {
  if ('reply' in what) return `${what.reply} at ${at}`;
  return 'drop' in what ? `a lost connection at ${at}` : `${what.holdMs} ms of silence at ${at}`;
}

describe('An e-mail to a server that goes wrong at one step', () => {
  test.each(table.map((row) => ({ ...row, what: describeFault(row.fault) })))(
    'after $what is $verdict',
    async ({ fault, verdict, code, taken }) => {
      mails.behave(fault);
      const connectionsBefore = mails.connections();
      expect(await sendOne()).toMatchObject({ verdict, code });
      expect(mails.taken).toHaveLength(taken);
      expect(mails.connections() - connectionsBefore).toBe(1);
    },
  );

  test('that nobody serves is not accepted, later, because no byte left', async () => {
    const away = smtpTo(await freePort());
    expect(await sendOne(away)).toMatchObject({ verdict: 'not accepted, later', code: 'ECONNREFUSED' });
    away.close();
  });

  test.each(['data', 'text', 'final-dot'] as const)('is not sent again after a loss at %s', async (at) => {
    mails.behave({ at, drop: true });
    const { retried } = await sendOne();
    mails.behave();
    const taken = mails.taken.length;
    expect(await retried()).toBe('unknown');
    expect(mails.taken).toHaveLength(taken);
  });
});

describe('As many e-mails as a worker claims at a time', () => {
  test('are handed over at once, each over a connection of its own: none waits behind a slow one', async () => {
    mails.behave({ at: 'final-dot', holdMs: 1_000 });
    const connectionsBefore = mails.connections();
    const anEmail = (turn: number) => ({
      messageId: `m${turn}`,
      to: `k${turn}@example.com`,
      language: 'zh-CN',
      subject: '续保',
      text: '您的保单即将到期',
      validForSeconds: 600,
    });
    const answers = await Promise.all(Array.from({ length: mailsAtOnce }, (_, turn) => email.send(anEmail(turn))));
    expect(answers.filter(({ kind }) => kind === 'smtp-reply')).toHaveLength(mailsAtOnce);
    expect(mails.connections() - connectionsBefore).toBe(mailsAtOnce);
  });
});
