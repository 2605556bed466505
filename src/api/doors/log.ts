import { pino, type DestinationStream, type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { IncomingMessage } from 'node:http';

const secretPaths = [
  'req.headers.authorization',
  'req.headers.cookie',
  'authorization',
  'accessToken',
  '*.accessToken',
];

export function openLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, redact: { paths: secretPaths, remove: true }, serializers: { err: loggable } };
  return destination ? pino(options, destination) : pino(options);
}

/** One line a request, without query strings, headers or bodies: they may carry plates, phones and names. */
export function logRequests(log: Logger) {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    serializers: {
      req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({ id, method, path: pathOf(url) }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      err: loggable,
    },
    customLogLevel: (request, response) => levelOf(request, response.statusCode),
    customErrorMessage: () => 'request failed',
  });
}

function levelOf(request: IncomingMessage, status: number): 'silent' | 'info' | 'warn' {
  if (/^\/(livez|healthz|readyz|metrics)/.test(request.url ?? '')) return 'silent';
  return status >= 500 ? 'warn' : 'info';
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

type Loggable = { name: string; code?: unknown; message?: string; frames: string[] };

/** A database error quotes the values it stumbled over, so only its code and the place are kept. */
function loggable(error: unknown): Loggable | { name: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const innermost = innermostCause(error);
  const { code } = innermost as Error & { code?: unknown };
  const quotesValues = 'severity' in innermost || 'query' in innermost || 'params' in innermost;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12);
  return {
    name: innermost.name,
    code,
    frames: frames.map((line) => line.trim()),
    ...(quotesValues ? {} : { message: innermost.message }),
  };
}

function innermostCause(error: Error): Error {
  return error.cause instanceof Error ? innermostCause(error.cause) : error;
}
