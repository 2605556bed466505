import { setTimeout as sleep } from 'node:timers/promises';

export type ApiAnswer = { status: number; body: unknown };

type Asked = { by: string; method?: 'GET' | 'POST'; path: string; body?: object | FormData; key?: string };

export type Api = {
  /** Asks as this person; what is only away for now is asked again with the same key. */
  ask: (asked: Asked) => Promise<ApiAnswer>;
  /** How often an answer was 429, 503 or none. */
  repeats: () => number;
};

const oneTryMs = 40_000;
const patienceMs = 120_000;
const longestPauseMs = 1_000;
const passing = [429, 502, 503, 504];

/** The product's API as people and machines use it, with a token of their own each. */
export function openApi(baseUrl: string, signal: AbortSignal): Api {
  const tokens = new Map<string, Promise<string>>();
  let repeated = 0;

  const send = async (path: string, request: RequestInit): Promise<ApiAnswer> => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(oneTryMs)]);
    const response = await fetch(`${baseUrl}${path}`, { ...request, signal: limited });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };

  const patiently = async (path: string, request: RequestInit): Promise<ApiAnswer> => {
    const until = Date.now() + patienceMs;
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const answer = await send(path, request).catch((error: unknown) => {
        if (signal.aborted || Date.now() > until) throw error;
        return undefined;
      });
      if (answer && (!passing.includes(answer.status) || Date.now() > until)) return answer;
      repeated += 1;
      await sleep(pauseMs, undefined, { signal });
    }
  };

  const newToken = async (subject: string): Promise<string> => {
    const answer = await patiently('/dev/token', json({ subject }));
    if (answer.status !== 200) throw new Error(`No token for ${subject}: ${describeAnswer(answer)}`);
    return (answer.body as { accessToken: string }).accessToken;
  };

  const tokenOf = (subject: string): Promise<string> => {
    const known = tokens.get(subject) ?? newToken(subject);
    tokens.set(subject, known);
    known.catch(() => tokens.delete(subject));
    return known;
  };

  return {
    repeats: () => repeated,
    ask: async ({ by, method = 'POST', path, body, key }) => {
      const headers: Record<string, string> = { authorization: `Bearer ${await tokenOf(by)}` };
      if (key !== undefined) headers['idempotency-key'] = key;
      if (method === 'GET') return patiently(path, { headers });
      if (body instanceof FormData) return patiently(path, { method, body, headers });
      return patiently(path, json(body ?? {}, headers));
    },
  };
}

function json(body: object, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}

/** An answer in a few words, for a report. */
export function describeAnswer({ status, body }: ApiAnswer): string {
  const { code, detail } = (body ?? {}) as { code?: string; detail?: string };
  return [status, code, detail].filter((part) => part !== undefined).join(' ');
}
