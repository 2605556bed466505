import { z } from 'zod';
import type { Metrics } from './metrics.ts';
import { Problem } from './problem.ts';
import type { Readiness } from './readiness.ts';
import { openRoute, type Route } from './route.ts';

export type HealthParts = {
  version: string;
  buildId: string | undefined;
  readiness: () => Promise<Readiness>;
  metrics: Metrics;
};

const tag = 'health';
const part = z.enum(['up', 'missing']);
const parts = z.strictObject({ postgresql: part, temporal: part, workers: part });
const alive = z.strictObject({ status: z.literal('alive') });
const noStore = { 'cache-control': 'no-store' };

export function healthRoutes(health: HealthParts): Route[] {
  return [aliveRoute('/livez'), aliveRoute('/healthz'), readyRoute(health), versionRoute(health), metricsRoute(health)];
}

function aliveRoute(path: string): Route {
  return openRoute({
    method: 'get',
    path,
    summary: 'Whether this process answers',
    tag,
    answers: { 200: { description: 'It does', schema: alive } },
    handle: async () => ({ status: 200, body: { status: 'alive' }, headers: noStore }),
  });
}

function readyRoute({ readiness }: HealthParts): Route {
  return openRoute({
    method: 'get',
    path: '/readyz',
    summary: 'Whether PostgreSQL, Temporal and a worker are there',
    tag,
    answers: { 200: { description: 'All of them are', schema: z.strictObject({ status: z.literal('ready'), parts }) } },
    problems: [503],
    handle: async () => {
      const state = await readiness();
      const missing = Object.entries(state).flatMap(([name, is]) => (is === 'up' ? [] : [name]));
      if (missing.length === 0) return { status: 200, body: { status: 'ready', parts: state }, headers: noStore };
      const detail = `Missing: ${missing.join(', ')}.`;
      throw new Problem({ status: 503, code: 'not-ready', detail, headers: { 'retry-after': '5', ...noStore } });
    },
  });
}

function versionRoute({ version, buildId }: HealthParts): Route {
  return openRoute({
    method: 'get',
    path: '/version',
    summary: 'Which release this is',
    tag,
    answers: {
      200: {
        description: 'Name, version, build',
        schema: z.strictObject({ name: z.string(), version: z.string(), build: z.string().nullable() }),
      },
    },
    handle: async () => ({ status: 200, body: { name: 'xubao', version, build: buildId ?? null } }),
  });
}

function metricsRoute({ metrics }: HealthParts): Route {
  return openRoute({
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    tag,
    answers: { 200: { description: 'Prometheus text', mediaTypes: ['text/plain'] } },
    handle: async () => ({ status: 200, text: { type: metrics.contentType, content: await metrics.text() } }),
  });
}
