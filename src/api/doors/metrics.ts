import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Db } from '../../db/connection.ts';
import { readSending } from '../../db/messages/stop-switch.ts';
import { readLiveCounts } from '../../reporting/live-counts.ts';
import { countGauges } from './count-gauges.ts';

export type Metrics = {
  contentType: string;
  text: () => Promise<string>;
  /** Measures every request by its route, never by its path. */
  measure: (request: Request, response: Response, next: NextFunction) => void;
};

const keptMs = 15_000;

export function openMetrics(db: Db): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'xubao_http_request_duration_seconds',
    help: 'How long requests took, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const counts = countGauges(registry);
  const refresh = atMostEvery(keptMs, async () => counts(await readLiveCounts(db)));
  const stopped = new Gauge({
    name: 'xubao_sending_stopped',
    help: 'Whether the stop switch keeps everything back that goes to customers',
    registers: [registry],
  });
  const refreshSwitch = async (): Promise<void> => stopped.set((await readSending(db)).stopped ? 1 : 0);
  return {
    contentType: registry.contentType,
    text: async () => {
      // Without a database the process's own figures are still worth scraping.
      await Promise.allSettled([refresh(), refreshSwitch()]);
      return registry.metrics();
    },
    measure: (request, response, next) => {
      const end = durations.startTimer({ method: request.method });
      response.once('finish', () => end({ route: routeOf(response), status: response.statusCode }));
      next();
    },
  };
}

function routeOf(response: Response): string {
  const route: unknown = response.locals['route'];
  return typeof route === 'string' ? route : 'unknown';
}

function atMostEvery(ms: number, work: () => Promise<void>): () => Promise<void> {
  let last: { startedAt: number; done: Promise<void> } | undefined;
  return () => {
    if (!last || Date.now() - last.startedAt > ms) last = { startedAt: Date.now(), done: work() };
    return last.done;
  };
}
