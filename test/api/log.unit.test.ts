import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { logRequests, openLog } from '../../src/api/doors/log.ts';

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

  test.each([
    ['/v1/renewals/renewal.P1.20260101/journal?note=secret', '/v1/renewals/renewal.P1.20260101/journal'],
    ['/v1/renewals/%E4%BA%ACA12345/journal', '/v1/renewals/{id}/journal'],
    ['/secret/13800001234', 'unmatched'],
  ])('shows of the path %s only %s', async (asked, shown) => {
    const lines: string[] = [];
    const app = express();
    app.use(logRequests(openLog('info', { write: (line) => void lines.push(line) })));
    app.get('/v1/renewals/:id/journal', (_request, response) => {
      response.locals['route'] = '/v1/renewals/{id}/journal';
      response.end();
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${asked}`);
    server.close();
    expect((JSON.parse(lines[0]!) as { path: string }).path).toBe(shown);
    expect(lines.join('')).not.toMatch(/secret|13800001234|12345/);
  });
});
