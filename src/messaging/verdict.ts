import type { ProviderAnswer } from './provider-answer.ts';

/** What became of one attempt. `code` says why, as shown to operators. */
export type Verdict =
  | { kind: 'accepted'; providerId: string; code: string }
  | { kind: 'not-accepted'; code: string; optedOut: boolean }
  | { kind: 'try-later'; code: string; misconfigured: boolean }
  | { kind: 'unknown'; code: string };

const numberHasOptedOut = 21610;
const loginRefused = [530, 534, 535, 538];

/**
 * Judges an attempt (promises.md, Sending a message): accepted and not accepted both need proof; a 5xx, a time-out, a
 * reset or a 2xx without an id prove nothing.
 */
export function judge(answer: ProviderAnswer): Verdict {
  switch (answer.kind) {
    case 'http-answer':
      return judgeHttp(answer);
    case 'smtp-reply':
      return judgeSmtp(answer);
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
  return { kind: 'not-accepted', code: shown, optedOut: code === numberHasOptedOut };
}

function judgeSmtp({ reply, id }: ProviderAnswer & { kind: 'smtp-reply' }): Verdict {
  const code = `smtp-${reply}`;
  if (isIn(200, reply) && id) return { kind: 'accepted', providerId: id, code };
  if (loginRefused.includes(reply)) return { kind: 'try-later', code, misconfigured: true };
  if (isIn(400, reply)) return { kind: 'try-later', code, misconfigured: false };
  if (isIn(500, reply)) return { kind: 'not-accepted', code, optedOut: false };
  return { kind: 'unknown', code };
}

function isIn(hundred: number, code: number): boolean {
  return code >= hundred && code < hundred + 100;
}
