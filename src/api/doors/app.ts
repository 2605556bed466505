import express, { type ErrorRequestHandler, type Express } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { docsPages } from './docs.ts';
import { homePage, type HomeParts } from './home.ts';
import { problemAnswer } from './idempotency.ts';
import { logRequests } from './log.ts';
import type { Metrics } from './metrics.ts';
import { mountRoutes, type Doors } from './mount.ts';
import { describeRoutes } from './openapi.ts';
import { Problem, problemFrom } from './problem.ts';
import type { Route } from './route.ts';

export type AppParts = {
  routes: readonly Route[];
  doors: Doors;
  home: HomeParts;
  metrics: Metrics;
  log: Logger;
  /** Requests a minute and address; no limit when absent. */
  requestsPerMinute?: number;
  /** Further pages, such as those of the embedded stack's issuer. */
  pages?: readonly express.Router[];
};

export function createApp(parts: AppParts): Express {
  const { routes, home, log } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.use(logRequests(log), parts.metrics.measure, securityHeaders());
  if (parts.requestsPerMinute !== undefined) app.use(limitRequests(parts.requestsPerMinute));
  app.use(homePage(home), docsPages(describeRoutes(routes, home)), ...(parts.pages ?? []));
  mountRoutes(app, routes, parts.doors);
  app.use(() => {
    throw new Problem({ status: 404, code: 'no-such-path', detail: 'Nothing lives at this path; see /docs.' });
  });
  app.use(answerProblems(log));
  return app;
}

/** Scripts and styles come from here alone; plain HTTP is left as it is, TLS ends in front of this process. */
function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}

const webhookFactor = 10;

function limitRequests(limit: number) {
  return rateLimit({
    windowMs: 60_000,
    // Three receipts follow each message, in bursts and from few addresses; one that is turned away does not come back.
    limit: ({ path }) => (path.startsWith('/v1/webhooks/') ? webhookFactor : 1) * limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: ({ path }) => /^\/(livez|healthz|readyz)$/.test(path),
    handler: (_request, response) => {
      const headers = { 'retry-after': String(response.getHeader('retry-after') ?? 60) };
      throw new Problem({ status: 429, code: 'too-many-requests', detail: 'Slow down, please.', headers });
    },
  });
}

function answerProblems(log: Logger): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const problem = problemFrom(error);
    if (problem.facts.status >= 500 && !(error instanceof Problem)) {
      // Without a text of ours the error's own would be the line, and a database's quotes values.
      log.error({ err: error, method: request.method, route: response.locals['route'] as unknown }, 'request failed');
    }
    if (response.headersSent) return void response.destroy();
    const { status, text, headers } = problemAnswer(problem);
    response
      .status(status)
      .set(headers ?? {})
      .type('application/problem+json')
      .send(text?.content);
  };
}
