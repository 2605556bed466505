import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openLog } from '../../src/api/doors/log.ts';

function logged(write: (log: ReturnType<typeof openLog>) => void): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  write(openLog('info', sink));
  return lines.join('');
}

describe('The log', () => {
  test('keeps the code of a database error and none of the values it quotes', () => {
    const cause = Object.assign(new Error('duplicate key (phone)=(+8613800001234)'), {
      severity: 'ERROR',
      code: '23505',
      detail: '京A12345',
    });
    const error = new Error('Failed query: insert … params: 王小明', { cause });
    const line = logged((log) => log.error({ err: error }, 'request failed'));
    expect(line).toContain('23505');
    for (const secret of ['13800001234', '京A12345', '王小明']) expect(line).not.toContain(secret);
  });

  test('drops tokens', () => {
    expect(
      logged((log) => log.info({ accessToken: 'secret-token', authorization: 'Bearer secret-token' })),
    ).not.toContain('secret-token');
  });
});
