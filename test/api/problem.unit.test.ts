import { expect, test } from 'vitest';
import { problemFrom } from '../../src/api/doors/problem.ts';

test.each([
  ['a deadlock', '40P01'],
  ['a failed serialisation', '40001'],
])('%s in PostgreSQL asks to send the same request again', (_, code) => {
  const cause = Object.assign(new Error('lost against another transaction'), { code });
  const { facts } = problemFrom(new Error('query failed', { cause }));
  expect(facts).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
});
