import { RenewalError, type RenewalErrorCode } from '../../renewal/errors.ts';

export type FieldError = { path: string; message: string };

/** What the caller is told (RFC 9457). */
export type ProblemDocument = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: FieldError[];
};

type ProblemFacts = {
  status: number;
  code: string;
  detail: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
};

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly facts: ProblemFacts;

  constructor(facts: ProblemFacts) {
    super(facts.detail);
    this.facts = facts;
  }
}

export const problemTitles: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'A valid token is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'The request came too slowly',
  409: 'Conflict with the present state',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'Fields break their rules',
  428: 'Idempotency-Key needed',
  429: 'Too many requests',
  431: 'Address or headers too large',
  500: 'Something broke here',
  503: 'Not available now',
};

const statusOfCode: Record<RenewalErrorCode, number> = {
  'case-closed': 409,
  'attempts-missing': 409,
  'second-round-running': 409,
  'no-second-round': 409,
  'renewal-unknown': 404,
  'result-unknown': 404,
  'result-unsettled': 503,
  'result-not-correctable': 409,
  'correction-needs-outcome': 409,
  'contact-refused': 409,
  'not-held': 409,
  'owner-undecided': 409,
  'handover-decided': 409,
  'concession-decided': 409,
  'concession-pending': 409,
  'sending-misconfigured': 503,
};

export function refusal(code: RenewalErrorCode, detail: string): Problem {
  return new Problem({ status: statusOfCode[code], code, detail });
}

export function notFound(what: string): Problem {
  return new Problem({ status: 404, code: 'not-found', detail: `There is no such ${what}, or it is not yours.` });
}

export function forbidden(detail: string): Problem {
  return new Problem({ status: 403, code: 'forbidden', detail });
}

export function conflict(code: string, detail: string): Problem {
  return new Problem({ status: 409, code, detail });
}

export function unavailable(part: string, retryAfterSeconds = 5): Problem {
  const detail = `${part} cannot be reached now; the same request may be sent again.`;
  return new Problem({
    status: 503,
    code: 'unavailable',
    detail,
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

export function badFields(errors: FieldError[]): Problem {
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new Problem({ status: 422, code: 'invalid', detail, errors });
}

export function documentOf({ facts }: Problem): ProblemDocument {
  const { status, code, detail, errors } = facts;
  const title = problemTitles[status] ?? 'The request was refused';
  return { type: `urn:xubao:problem:${code}`, title, status, detail, code, ...(errors ? { errors } : {}) };
}

/** Any thrown value as a problem; what nobody foresaw is a 500 without its message. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const chain = causes(error);
  const renewalError = chain.find((cause) => cause instanceof RenewalError);
  if (renewalError) return refusal(renewalError.code, renewalError.message);
  if (chain.some(isUnreadable)) return unreadable(chain.find(isUnreadable));
  if (chain.some(isAway)) return unavailable('A part of the service');
  return new Problem({
    status: 500,
    code: 'internal',
    detail: 'The request failed for a reason of ours; it was logged.',
  });
}

function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let link = error; link instanceof Error && chain.length < 8; link = link.cause) chain.push(link);
  return chain;
}

const awayCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|08|57P|53300|57014|40001|40P01)/;
const awayMessages =
  /connection terminated|timeout exceeded when trying to connect|fetch failed|client has encountered a connection error/i;
const grpcAway: readonly unknown[] = [4, 14];

/** PostgreSQL or Temporal does not answer, or a transaction lost against another; the request may well succeed later. */
function isAway(error: Error & { code?: unknown }): boolean {
  if (grpcAway.includes(error.code)) return true;
  return (typeof error.code === 'string' && awayCodes.test(error.code)) || awayMessages.test(error.message);
}

type HttpError = Error & { status: number; type?: string };

function isUnreadable(error: Error): error is HttpError {
  const { status, expose } = error as Partial<HttpError> & { expose?: boolean };
  return typeof status === 'number' && status >= 400 && status < 500 && (expose === true || error instanceof URIError);
}

function unreadable(error: HttpError | undefined): Problem {
  switch (error?.status) {
    case 413:
      return new Problem({
        status: 413,
        code: 'too-large',
        detail: 'The body is larger than this path takes: 1 MB of JSON, 64 KB of a form.',
      });
    case 415:
      return new Problem({
        status: 415,
        code: 'media-type',
        detail: 'The body must be UTF-8 JSON (application/json).',
      });
    case undefined:
    default:
      return new Problem({ status: 400, code: 'unreadable', detail: 'The request cannot be read; is its JSON whole?' });
  }
}
