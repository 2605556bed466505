/** What gRPC says of a server that is away. */
const unavailable = '14';

const refusals: Record<string, string> = {
  [unavailable]: 'it does not answer',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it broke the connection off',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no way to the host',
  '28000': 'it refuses this user',
  '28P01': 'it refuses this user or password',
  '3D000': 'it has no such database',
  '57P03': 'it is starting up or shutting down',
  '53300': 'it takes no more connections',
};

/** What the pool of `pg` says where it gives a connection up; it has no code. */
const gaveUp = /timeout exceeded when trying to connect|Connection terminated/;

/** One sentence for a server that a command needs and cannot reach, and what to set; undefined for any other error. */
export function unreachable(error: unknown): string | undefined {
  const chain = causesOf(error);
  const cause = chain.find((one) => codeOf(one) in refusals || gaveUp.test(one.message));
  if (!cause) return undefined;
  const why = refusals[codeOf(cause)] ?? 'it did not answer in time';
  return `${serverOf(chain)} cannot be reached: ${why}${placeOf(cause)}. ${advice}`;
}

const advice =
  'Set XUBAO_DATA_DIR to the folder of an embedded stack that runs here, or XUBAO_DATABASE_URL and the other settings to those of a deployment that runs.';

function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  return [error, ...(error instanceof AggregateError ? error.errors.flatMap(causesOf) : []), ...causesOf(error.cause)];
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : '';
}

function serverOf(chain: readonly Error[]): string {
  const isDatabase = chain.some(
    (one) => one.message.startsWith('Failed query') || isOfPostgres(codeOf(one)) || gaveUp.test(one.message),
  );
  if (isDatabase) return 'PostgreSQL';
  return chain.some((one) => codeOf(one) === unavailable) ? 'Temporal' : 'A server of the stack';
}

function isOfPostgres(code: string): boolean {
  return /^\d\w{4}$/.test(code);
}

function placeOf(error: Error): string {
  const { address, port } = error as { address?: unknown; port?: unknown };
  return typeof address === 'string' && typeof port === 'number' ? ` (${address}:${port})` : '';
}
