import { describe, expect, test } from 'vitest';
import { answerOfFailure, type ProviderAnswer } from '../../src/messaging/provider-answer.ts';
import { judge, type Verdict } from '../../src/messaging/verdict.ts';

const http = (status: number, more: { id?: string; code?: number } = {}): ProviderAnswer => ({
  kind: 'http-answer',
  status,
  ...more,
});
const smtp = (reply: number, id?: string): ProviderAnswer => ({ kind: 'smtp-reply', reply, ...(id ? { id } : {}) });

const table: [string, ProviderAnswer, Verdict['kind']][] = [
  ['HTTP 201 with an id', http(201, { id: 'SM1' }), 'accepted'],
  ['HTTP 200 without an id', http(200), 'unknown'],
  ['HTTP 302', http(302), 'unknown'],
  ['HTTP 400', http(400, { code: 21211 }), 'not-accepted'],
  ['HTTP 404', http(404), 'not-accepted'],
  ['HTTP 429', http(429), 'try-later'],
  ['HTTP 401', http(401, { code: 20003 }), 'try-later'],
  ['HTTP 403', http(403), 'try-later'],
  ['HTTP 500', http(500), 'unknown'],
  ['HTTP 503', http(503), 'unknown'],
  ['HTTP 500 with an id', http(500, { id: 'SM1' }), 'unknown'],
  ['a name that is not found', answerOfFailure('ENOTFOUND'), 'try-later'],
  ['a name server that is away', answerOfFailure('EAI_AGAIN'), 'try-later'],
  ['a refused connection', answerOfFailure('ECONNREFUSED'), 'try-later'],
  ['a reset connection', answerOfFailure('ECONNRESET'), 'unknown'],
  ['a broken pipe', answerOfFailure('EPIPE'), 'unknown'],
  ['a time-out', answerOfFailure('ETIMEDOUT'), 'unknown'],
  ['an abandoned request', answerOfFailure('ECONNABORTED'), 'unknown'],
  ['an error nobody has seen before', answerOfFailure('EWHATEVER'), 'unknown'],
  ['SMTP 250 with a message id', smtp(250, '<a@b>'), 'accepted'],
  ['SMTP 421', smtp(421), 'try-later'],
  ['SMTP 451', smtp(451), 'try-later'],
  ['SMTP 550', smtp(550), 'not-accepted'],
  ['SMTP 535 at the login', smtp(535), 'try-later'],
  ['an SMTP reply out of place', smtp(354), 'unknown'],
];

describe('The verdict on one attempt', () => {
  test.each(table.map(([what, answer, kind]) => ({ what, answer, kind })))(
    '$what is judged $kind',
    ({ answer, kind }) => {
      expect(judge(answer).kind).toBe(kind);
    },
  );

  test('a number that has opted out at the provider is remembered as opted out', () => {
    const verdict = { kind: 'not-accepted', code: 'http-400/21610', optedOut: true, aboutRecipient: true };
    expect(judge(http(400, { code: 21610 }))).toEqual(verdict);
  });

  test('a number that nobody can write to is told from a request that this provider alone refuses', () => {
    expect(judge(http(400, { code: 21211 }))).toMatchObject({ kind: 'not-accepted', aboutRecipient: true });
    expect(judge(http(400, { code: 21408 }))).toMatchObject({ kind: 'not-accepted', aboutRecipient: false });
  });

  test('refused credentials are named a misconfiguration and the message is kept for later', () => {
    expect(judge(http(401, { code: 20003 }))).toMatchObject({ kind: 'try-later', misconfigured: true });
    expect(judge(smtp(535))).toMatchObject({ kind: 'try-later', misconfigured: true });
  });
});
