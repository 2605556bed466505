import type { Role } from '../../../src/db/staff/staff-records.ts';
import type { Thing, Things, Where } from './things.ts';

/**
 * Where a role gets to, as words: `own same other`. A place that is not named looks like a missing one (404); `own:403` is
 * seen, but not for this role to change. A role that is not named is refused (403) wherever it asks.
 */
export type Seen = Partial<Record<Role, string>>;

type Asked = { things: Things; where: Where };

type Request = {
  /** What an admitted request answers; without Temporal a case cannot hear of anything: 503. */
  answers?: readonly number[];
  /** Path parameters besides the id of the thing. */
  params?: Record<string, string | ((asked: Asked) => string)>;
  query?: string;
  body?: unknown;
  bodyOf?: (asked: Asked) => unknown;
};

export type Expectation = Request &
  (
    | { kind: 'open' }
    | { kind: 'plain'; roles: readonly Role[] }
    | { kind: 'list'; thing: Thing; seen: Seen }
    | { kind: 'one'; thing: Thing; seen: Seen }
  );

/** Needs no token. */
export const open = (request: Request = {}): Expectation => ({ kind: 'open', ...request });

/** Names nothing that belongs to anybody. */
export const plain = (roles: readonly Role[], request: Request = {}): Expectation => ({
  kind: 'plain',
  roles,
  ...request,
});

/** Lists things: each role finds those of its places and no others. */
export const list = (thing: Thing, seen: Seen, request: Request = {}): Expectation => ({
  kind: 'list',
  thing,
  seen,
  ...request,
});

/** Names one thing in its path. */
export const one = (thing: Thing, seen: Seen, request: Request = {}): Expectation => ({
  kind: 'one',
  thing,
  seen,
  ...request,
});

/** Only these roles of those that see. */
export function only(seen: Seen, ...roles: Role[]): Seen {
  return Object.fromEntries(roles.map((role) => [role, seen[role] ?? '']));
}

/** The status for a role at a place, or `admitted`. */
export function expected(seen: Seen, role: Role, where: Where): number | 'admitted' {
  const words = seen[role];
  if (words === undefined) return 403;
  for (const word of words.split(' ')) {
    const [place, status] = word.split(':');
    if (place === where) return status === undefined ? 'admitted' : Number(status);
  }
  return 404;
}
