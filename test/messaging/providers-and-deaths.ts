import { fc } from '@fast-check/vitest';
import type { Db } from '../../src/db/connection.ts';
import type { ProviderAnswer, SmsPort } from '../../src/messaging/provider-answer.ts';

export type Answering =
  'accept' | 'refuse' | 'refuse-number' | 'later' | 'broke' | 'lose-after-taking' | 'lose-before-taking';

/** Where a worker dies: around its n-th transaction, or while a provider has its message. */
export type Death =
  { kind: 'before-transaction' | 'after-transaction'; number: number } | { kind: 'before-taking' | 'after-taking' };

export const aDeath: fc.Arbitrary<Death> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('before-transaction' as const, 'after-transaction' as const),
    number: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ kind: fc.constantFrom('before-taking' as const, 'after-taking' as const) }),
);

const never = new Promise<never>(() => {});

export type FakeProvider = SmsPort & { asked: number; onDeath: () => void };

/** Answers in turn, the last answer again and again; `taken` keeps what it really took. */
export function aProvider(
  name: string,
  answers: Answering[],
  { taken = [], death }: { taken?: string[]; death?: Death | undefined } = {},
): FakeProvider {
  const provider: FakeProvider = {
    name,
    asked: 0,
    onDeath: () => {},
    send: async ({ attemptId }) => {
      const answer = answers[Math.min(provider.asked, answers.length - 1)] ?? 'accept';
      provider.asked += 1;
      if (death?.kind === 'before-taking') return die(provider);
      if (answer === 'accept' || answer === 'lose-after-taking') taken.push(attemptId);
      if (death?.kind === 'after-taking') return die(provider);
      return answerOf(answer, attemptId);
    },
  };
  return provider;
}

function die({ onDeath }: FakeProvider): Promise<never> {
  onDeath();
  return never;
}

function answerOf(answer: Answering, attemptId: string): ProviderAnswer {
  switch (answer) {
    case 'accept':
      return { kind: 'http-answer', status: 201, id: `SM${attemptId}` };
    case 'refuse':
      return { kind: 'http-answer', status: 400, code: 21408 };
    case 'refuse-number':
      return { kind: 'http-answer', status: 400, code: 21614 };
    case 'later':
      return { kind: 'http-answer', status: 429 };
    case 'broke':
      return { kind: 'aliyun-answer', status: 200, code: 'isv.AMOUNT_NOT_ENOUGH' };
    case 'lose-after-taking':
    case 'lose-before-taking':
      return { kind: 'no-answer', code: 'ECONNRESET' };
  }
}

/** The books of a worker that dies around one of its transactions: it never hears of it, whatever the database did. */
export function dying(db: Db, death: Death, onDeath: () => void): Db {
  if (!('number' in death)) return db;
  let count = 0;
  const transaction: Db['transaction'] = async (...work) => {
    count += 1;
    if (count !== death.number) return db.transaction(...work);
    if (death.kind === 'after-transaction') await db.transaction(...work);
    onDeath();
    return never;
  };
  return new Proxy(db, {
    get: (target, name) => (name === 'transaction' ? transaction : (Reflect.get(target, name) as unknown)),
  });
}
