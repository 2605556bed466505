import { meaningOf } from './aliyun-codes.ts';
import type { ProviderAnswer } from './provider-answer.ts';

/**
 * What became of one attempt. `code` says why, as shown to operators; `aboutRecipient` that no other provider would take
 * the message either.
 */
export type Verdict =
  | { kind: 'accepted'; providerId: string; code: string }
  | { kind: 'not-accepted'; code: string; optedOut: boolean; aboutRecipient: boolean }
  | { kind: 'try-later'; code: string; misconfigured: boolean }
  | { kind: 'unknown'; code: string };

const numberHasOptedOut = 21610;
/** Twilio's codes for a number that cannot be written to at all: malformed, no mobile, a landline, a short code. */
const numberIsAtFault = [numberHasOptedOut, 21211, 21214, 21217, 21265, 21614, 21635];
/** No such mailbox, or not here (RFC 5321, 4.2.3). */
const mailboxIsAtFault = [550, 551, 553];
const loginRefused = [530, 534, 535, 538];

/**
 * Judges an attempt (promises.md, Sending a message): accepted and not accepted both need proof; a 5xx, a time-out, a
 * reset or a 2xx without an id prove nothing.
 */
export function judge(answer: ProviderAnswer): Verdict {
  switch (answer.kind) {
    case 'http-answer':
      return judgeHttp(answer);
    case 'aliyun-answer':
      return judgeAliyun(answer);
    case 'smtp-reply':
      return judgeSmtp(answer);
    case 'not-tried':
      return { kind: 'try-later', code: answer.code, misconfigured: answer.misconfigured };
    case 'not-connected':
      return { kind: 'try-later', code: answer.code, misconfigured: false };
    case 'no-answer':
      return { kind: 'unknown', code: answer.code };
  }
}

function judgeHttp({ status, id, code }: ProviderAnswer & { kind: 'http-answer' }): Verdict {
  const shown = code === undefined ? `http-${status}` : `http-${status}/${code}`;
  if (isIn(200, status) && id) return { kind: 'accepted', providerId: id, code: shown };
  if (!isIn(400, status)) return { kind: 'unknown', code: shown };
  if (status === 429) return { kind: 'try-later', code: shown, misconfigured: false };
  if (status === 401 || status === 403) return { kind: 'try-later', code: shown, misconfigured: true };
  const aboutRecipient = code !== undefined && numberIsAtFault.includes(code);
  return { kind: 'not-accepted', code: shown, optedOut: code === numberHasOptedOut, aboutRecipient };
}

function judgeAliyun(answer: ProviderAnswer & { kind: 'aliyun-answer' }): Verdict {
  const code = `aliyun-${answer.status}/${answer.code}`;
  const meaning = meaningOf(answer);
  switch (meaning) {
    case 'accepted':
      return answer.id ? { kind: 'accepted', providerId: answer.id, code } : { kind: 'unknown', code };
    case 'opted-out':
    case 'recipient':
    case 'message':
      return { kind: 'not-accepted', code, optedOut: meaning === 'opted-out', aboutRecipient: meaning !== 'message' };
    case 'later':
    case 'misconfigured':
      return { kind: 'try-later', code, misconfigured: meaning === 'misconfigured' };
    case 'unknown':
      return { kind: 'unknown', code };
  }
}

function judgeSmtp({ reply, id, status }: ProviderAnswer & { kind: 'smtp-reply' }): Verdict {
  const code = `smtp-${reply}`;
  if (isIn(200, reply) && id) return { kind: 'accepted', providerId: id, code };
  if (loginRefused.includes(reply)) return { kind: 'try-later', code, misconfigured: true };
  if (isIn(400, reply)) return { kind: 'try-later', code, misconfigured: false };
  if (isIn(500, reply)) {
    const shown = status === undefined ? code : `${code}/${status}`;
    return { kind: 'not-accepted', code: shown, optedOut: false, aboutRecipient: mailboxIsAtFault.includes(reply) };
  }
  return { kind: 'unknown', code };
}

function isIn(hundred: number, code: number): boolean {
  return code >= hundred && code < hundred + 100;
}
