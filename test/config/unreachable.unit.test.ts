import { expect, test } from 'vitest';
import { unreachable } from '../../src/config/unreachable.ts';

const failedQuery = (cause: Error): Error => new Error('Failed query: select "content" from "settings"', { cause });
const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5439'), {
  code: 'ECONNREFUSED',
  address: '127.0.0.1',
  port: 5439,
});

test.each([
  ['nothing listens', failedQuery(refused), 'PostgreSQL cannot be reached: nothing listens there (127.0.0.1:5439).'],
  [
    'both addresses of a name refuse',
    failedQuery(Object.assign(new AggregateError([refused], ''), { code: 'ECONNREFUSED' })),
    'PostgreSQL cannot be reached: nothing listens there.',
  ],
  [
    'another stack listens',
    failedQuery(Object.assign(new Error('password authentication failed'), { code: '28P01' })),
    'PostgreSQL cannot be reached: it refuses this user or password.',
  ],
  [
    'nothing answers',
    failedQuery(new Error('timeout exceeded when trying to connect')),
    'PostgreSQL cannot be reached: it did not answer in time.',
  ],
  [
    'Temporal is away',
    new Error('Failed to start Workflow', { cause: Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }) }),
    'Temporal cannot be reached: it does not answer.',
  ],
  [
    'the API is away',
    new TypeError('fetch failed', { cause: refused }),
    'A server of the stack cannot be reached: nothing listens there (127.0.0.1:5439).',
  ],
])('A command that finds that %s says so in one sentence, and what to set', (_what, error, sentence) => {
  const said = unreachable(error) ?? '';

  expect(said.startsWith(sentence)).toBe(true);
  expect(said).toContain('XUBAO_DATABASE_URL');
  expect(said).not.toMatch(/Failed query|\n/);
});

test.each([
  ['is no error of a connection', failedQuery(Object.assign(new Error('no such column'), { code: '42703' }))],
  ['is no error', 'nonsense'],
])('What %s is left to be told in full', (_what, error) => {
  expect(unreachable(error)).toBeUndefined();
});
