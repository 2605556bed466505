import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { documentOf, Problem } from './problem.ts';

/** The HTTP server of an app; what Node's parser refuses before any route is known gets a problem document too. */
export function createApiServer(app: RequestListener): Server {
  const server = createServer({ requestTimeout: 120_000 }, app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    socket.end(written(problemOf(error.code)));
  });
  return server;
}

function problemOf(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem({ status: 431, code: 'headers-too-large', detail: 'Address and headers exceed 16 KB.' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem({ status: 408, code: 'too-slow', detail: 'The request did not arrive in time.' });
    case undefined:
    default:
      return new Problem({ status: 400, code: 'unreadable', detail: 'This is no HTTP request that can be read.' });
  }
}

function written(problem: Problem): string {
  const { status } = problem.facts;
  const body = JSON.stringify(documentOf(problem));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
