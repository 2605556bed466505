import { createTransport } from 'nodemailer';
import type { Config } from '../config/config.ts';
import { failureCode } from './failure-code.ts';
import { layOut } from './lay-out.ts';
import { startMailDeadline, type MailDeadline } from './mail-deadline.ts';
import { answerOfFailure, type EmailMessage, type EmailPort, type ProviderAnswer } from './provider-answer.ts';
import { unsubscribeLink, type UnsubscribeSettings } from './unsubscribe-link.ts';

export type SmtpSettings = Config['smtp'] & {
  user?: string;
  password?: string;
  /** Without it the mails carry no way out. */
  unsubscribe?: UnsubscribeSettings;
};

export type SmtpEmail = EmailPort & { close: () => void };

/** As many mails as the worker claims at a time: a claimed one must not wait for a connection, or it would go late. */
export const mailsAtOnce = 20;
const connectingMs = 10_000;
// A server may think for ten minutes after the final dot (RFC 5321, 4.5.3.2.6); giving up sooner makes unknowns.
const afterFinalDotMs = 600_000;
// Well below the five minutes after which servers hang up, so that no message meets a dead connection.
const idleMs = 30_000;

/** Sends through an SMTP server over kept connections, one recipient a message and one attempt each. */
export function smtpEmail(settings: SmtpSettings): SmtpEmail {
  const { host, port, secure, user, password } = settings;
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    maxConnections: mailsAtOnce,
    idleTimeout: idleMs,
    // One attempt a claim: the pool would otherwise try again by itself when a connection closes on it.
    maxRequeues: 0,
    connectionTimeout: connectingMs,
    greetingTimeout: connectingMs,
    dnsTimeout: connectingMs,
    socketTimeout: afterFinalDotMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
  });
  transport.use('stream', ({ message, data }, done) => {
    message.processFunc((data as Attempt).deadline.guard);
    done();
  });
  return {
    name: 'smtp',
    close: () => transport.close(),
    send: async (message) => {
      const mail = laidOut(settings, message);
      if (!mail) return { kind: 'not-tried', code: 'layout-failed', misconfigured: false };
      const deadline = startMailDeadline(message.validForSeconds);
      try {
        const attempt: Attempt = { deadline, signal: deadline.signal };
        const { response, messageId } = await transport.sendMail({ ...mail, ...attempt });
        return replyOf(response, { id: messageId }) ?? answerOfFailure('no-reply');
      } catch (error) {
        return answerOf(error, deadline);
      } finally {
        deadline.end();
      }
    },
  };
}

type Attempt = { deadline: MailDeadline; signal: AbortSignal };

function answerOf(error: unknown, deadline: MailDeadline): ProviderAnswer {
  const { response, command } = error as { response?: unknown; command?: unknown };
  const reply = replyOf(response, { refuses: command === 'RCPT TO' ? 'recipient' : undefined });
  if (reply) return reply;
  const code = failureCode(error);
  const gaveUp = deadline.signal.aborted || code === 'ETIMEDOUT';
  if (gaveUp && !deadline.isPassed()) return { kind: 'not-tried', code: 'mail-server-too-slow', misconfigured: false };
  return answerOfFailure(code);
}

/** Undefined when the page cannot be made. */
function laidOut(settings: SmtpSettings, message: EmailMessage): ReturnType<typeof mailOf> | undefined {
  try {
    return mailOf(settings, message);
  } catch {
    return undefined;
  }
}

function mailOf(settings: SmtpSettings, message: EmailMessage) {
  const { from } = settings;
  const { to, subject } = message;
  const link = wayOut(settings, message);
  return {
    from,
    to: { name: '', address: to },
    subject,
    ...layOut(message, link === undefined ? {} : { unsubscribeUrl: link }),
    messageId: `<${message.messageId}@${domainOf(from)}>`,
    headers: link === undefined ? {} : unsubscribeHeaders(link),
  };
}

function wayOut({ unsubscribe }: SmtpSettings, { customerId }: EmailMessage): string | undefined {
  return unsubscribe === undefined || customerId === undefined ? undefined : unsubscribeLink(unsubscribe, customerId);
}

/** RFC 8058 wants both, each on one line: `prepared` keeps them from being folded or encoded. */
function unsubscribeHeaders(link: string) {
  const asItIs = (value: string) => ({ prepared: true, foldLines: false, value });
  return {
    'List-Unsubscribe': asItIs(`<${link}>`),
    'List-Unsubscribe-Post': asItIs('List-Unsubscribe=One-Click'),
  };
}

/** What a server says of a mailbox that it does not know, where it gives no enhanced status. */
const mailboxRefused = [550, 551, 553];

/** Only the server's own number is proof; whatever else an error says, the message may have been taken. */
function replyOf(
  response: unknown,
  { id, refuses }: { id?: string; refuses?: 'recipient' | undefined },
): ProviderAnswer | undefined {
  if (typeof response !== 'string') return undefined;
  const [, number, told] = /^([2-5]\d\d)(?:[ -]+([245]\.\d{1,3}\.\d{1,3})\b|[ -]|$)/.exec(response) ?? [];
  if (number === undefined) return undefined;
  const reply = Number(number);
  const status = told ?? (mailboxRefused.includes(reply) ? refuses : undefined);
  return { kind: 'smtp-reply', reply, ...(status === undefined ? {} : { status }), ...(id ? { id } : {}) };
}

function domainOf(from: string): string {
  return /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
}
