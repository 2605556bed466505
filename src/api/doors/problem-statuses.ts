import type { Route } from './route.ts';

/** Every problem that the method, the doors and the schemas of a route can lead to. */
export function problemStatuses(route: Route): number[] {
  const statuses = new Set(route.problems ?? []).add(429).add(431).add(503);
  if (route.params) statuses.add(400).add(404);
  if (route.query) statuses.add(422);
  if (route.body) for (const status of [400, 408, 413, 415, 422]) statuses.add(status);
  if (route.roles !== 'anyone') statuses.add(401).add(403);
  if (route.signedBy) statuses.add(403);
  if (route.idempotent) statuses.add(422).add(428);
  return [...statuses].toSorted((one, other) => one - other);
}
