import { pino, type DestinationStream, type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { IncomingMessage, ServerResponse } from 'node:http';

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

/** One line a request, without query strings, headers, bodies or strange paths: they may carry plates, phones, names and tokens. */
export function logRequests(log: Logger) {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    serializers: {
      req: ({ id, method }: { id: unknown; method: string }) => ({ id, method }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      err: loggable,
    },
    customLogLevel: (request, response) => levelOf(request, response.statusCode),
    customErrorMessage: () => 'request failed',
    customSuccessObject: (request, response, line: object) => ({ ...line, path: pathOf(request, response) }),
    // oxlint-disable-next-line max-params -- pino-http hands over four.
    customErrorObject: (request, response, _error, line: object) => ({ ...line, path: pathOf(request, response) }),
  });
}

function levelOf(request: IncomingMessage, status: number): 'silent' | 'info' | 'warn' {
  if (/^\/(livez|healthz|readyz|metrics)/.test(request.url ?? '')) return 'silent';
  return status >= 500 ? 'warn' : 'info';
}

const pages = ['/', '/docs', '/openapi.json'];
const ourIds = /^([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|renewal\.[\w./-]{1,100}\.\d{8})$/;

/** The path as its route declares it, with those ids filled in that look like ours: callers write whatever they like there. */
function pathOf({ url = '' }: IncomingMessage, response: ServerResponse): string {
  const [path = ''] = url.split('?', 1);
  const { locals } = response as ServerResponse & { locals?: Record<string, unknown> };
  const route = locals?.['route'];
  if (typeof route !== 'string') return pages.includes(path) ? path : 'unmatched';
  const written = path.split('/');
  return route
    .split('/')
    .map((part, place) => (/^\{(id|\w+Id)\}$/.test(part) && ourIds.test(written[place] ?? '') ? written[place] : part))
    .join('/');
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
