import type { z } from 'zod';
import type { Person, Role } from '../../db/staff/staff-records.ts';
import type { Reach } from '../../reporting/scope/reach.ts';
import type { Upload } from './upload.ts';

export type Answer = {
  status: number;
  body?: unknown;
  /** The body as it was written down for repetitions: PostgreSQL's jsonb would reorder its fields. */
  json?: string;
  /** Anything but JSON: its media type and content. */
  text?: { type: string; content: string | AsyncIterable<string> };
  headers?: Record<string, string>;
};

export type AnswerSpec = { description: string; schema?: z.ZodType; mediaTypes?: readonly string[]; example?: unknown };

type RequestOf<Params, Query, Body> = {
  params: z.output<Params>;
  query: z.output<Query>;
  body: z.output<Body>;
  /** The id of what the request creates, the same for every repetition of its Idempotency-Key. */
  id: string;
  /** The one of these types that the caller likes best. */
  prefers: (types: string[]) => string | false;
  upload?: Upload;
};

export type StaffRequest<Params, Query, Body> = RequestOf<Params, Query, Body> & { person: Person };

type RouteFacts = {
  method: 'get' | 'post' | 'put';
  /** OpenAPI's way of writing it: /v1/renewals/{id}. */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  answers: Record<number, AnswerSpec>;
  /** Statuses of problems that the method, the roles and the schemas do not imply. */
  problems?: readonly number[];
};

type Schemas<Params, Query, Body> = { params?: Params; query?: Query; body?: Body };

/**
 * What the `id` in the path names: nobody gets past it to what they may not see, and it looks like a missing one. A path
 * whose parameter names nothing that belongs to anybody says `unscoped`.
 */
type ReachOf<Params> = Params extends z.ZodObject ? { reach: Reach | 'unscoped' } : { reach?: never };

type StaffRoute<Params, Query, Body> = RouteFacts &
  Schemas<Params, Query, Body> &
  ReachOf<Params> & {
    roles: readonly Role[];
    /** POSTs that change something are kept to one effect per Idempotency-Key unless this is false. */
    idempotent?: false;
    /** A multipart file of at most so many bytes; `body` then describes the other fields. */
    upload?: { maxBytes: number };
    handle: (request: StaffRequest<Params, Query, Body>) => Promise<Answer>;
  };

type OpenRoute<Params, Query, Body> = RouteFacts &
  Schemas<Params, Query, Body> & { handle: (request: RequestOf<Params, Query, Body>) => Promise<Answer> };

type SignedRoute<Params, Body> = Omit<RouteFacts, 'method'> &
  Schemas<Params, None, Body> & {
    /** A form: others may add fields to theirs at any time, so the schema takes what it knows and leaves the rest. */
    body: Body;
    handle: (request: RequestOf<Params, None, Body>) => Promise<Answer>;
  };

/** One declared route; its handler and its part of the OpenAPI document come from the same schemas. */
export type Route = RouteFacts & {
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  roles: readonly Role[] | 'anyone';
  reach?: Reach | 'unscoped';
  idempotent: boolean;
  upload?: { maxBytes: number };
  /** Whose signature stands in for a token; the body is then a form. */
  signedBy?: 'twilio';
  handle: (request: StaffRequest<z.ZodType, z.ZodType, z.ZodType>) => Promise<Answer>;
};

type None = z.ZodUndefined;

export function route<
  Params extends z.ZodObject | None = None,
  Query extends z.ZodObject | None = None,
  Body extends z.ZodType = None,
>(spec: StaffRoute<Params, Query, Body>): Route {
  return { ...spec, idempotent: spec.method === 'post' && spec.idempotent !== false } as unknown as Route;
}

export function openRoute<
  Params extends z.ZodObject | None = None,
  Query extends z.ZodObject | None = None,
  Body extends z.ZodType = None,
>(spec: OpenRoute<Params, Query, Body>): Route {
  return { ...spec, roles: 'anyone', idempotent: false } as unknown as Route;
}

/** What a provider calls: no token, no Idempotency-Key, a form that its signature vouches for. */
export function signedRoute<Body extends z.ZodType, Params extends z.ZodObject | None = None>(
  spec: SignedRoute<Params, Body>,
): Route {
  return { ...spec, method: 'post', roles: 'anyone', idempotent: false, signedBy: 'twilio' } as unknown as Route;
}
